"""From the compiler's places to an editor's positions, and back.

A SourceRange counts lines from 1, broken by LF, and columns in code points; the protocol counts lines
from 0, broken by LF, CR LF or CR alone, and columns in the units of the negotiated encoding (UTF-16
where nothing else was agreed). Both are led through the offset in the text, so that neither an emoji
nor a stray CR moves a mark. (LSP 3.17, "Text Documents" and "Position".)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from lsprotocol import types

from handbill.diagnostics.diagnostic import SourceRange

_BREAK = re.compile(r"\r\n|\n|\r")
UTF_8, UTF_16, UTF_32 = "utf-8", "utf-16", "utf-32"


def units(text: str, encoding: str) -> int:
    """How many units of the encoding a text has."""
    if encoding == UTF_32 or text.isascii():
        return len(text)
    if encoding == UTF_8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


@dataclass(frozen=True)
class Positions:
    """The positions of one text."""

    text: str
    encoding: str = UTF_16

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return (0, *(match.end() for match in _BREAK.finditer(self.text)))

    @cached_property
    def _line_feeds(self) -> tuple[int, ...]:
        return (0, *(at + 1 for at, char in enumerate(self.text) if char == "\n"))

    def range(self, place: SourceRange) -> types.Range:
        """What lies outside of the text ends with its line, or with the text."""
        start = self._offset_of(place.line, place.column)
        end = max(start, self._offset_of(place.end_line, place.end_column))
        return types.Range(self.position(start), self.position(end))

    def position(self, offset: int) -> types.Position:
        """`offset` counts code points."""
        line = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[line] : offset]
        return types.Position(line, units(before, self.encoding))

    def offset(self, position: types.Position) -> int:
        """The code point at a position; inside of one, where it begins."""
        if position.line >= len(self._starts):
            return len(self.text)
        start = self._starts[position.line]
        ends = _BREAK.search(self.text, start)
        end = ends.start() if ends else len(self.text)
        left = position.character
        for at in range(start, end):
            left -= units(self.text[at], self.encoding)
            if left < 0:
                return at
        return end

    def _offset_of(self, line: int, column: int) -> int:
        starts = self._line_feeds
        if line > len(starts):
            return len(self.text)
        start = starts[max(line, 1) - 1]
        end = starts[line] - 1 if line < len(starts) else len(self.text)
        return min(start + max(column, 1) - 1, max(start, end))
