"""A piece of text that remembers where every character of it stands in its file.

The language reads expressions and templates through this type, so that an error inside a quoted
YAML scalar still points at the very characters the author typed.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from handbill.diagnostics.diagnostic import SourceRange


@dataclass(frozen=True)
class SourceText:
    """`text` as the language sees it, and where it came from.

    Positions are counted from (`first_line`, `first_column`). When `exact` is False (a scalar with
    escapes or folded lines) every range is `whole`.
    """

    text: str
    file: str
    whole: SourceRange
    exact: bool = True
    first_line: int = 1
    first_column: int = 1
    indent: int = 0
    """Columns cut from the start of each further line (block scalars)."""

    @classmethod
    def of_file(cls, file: str, text: str) -> SourceText:
        lines = text.split("\n")
        end = SourceRange(file, 1, 1, len(lines), len(lines[-1]) + 1)
        return cls(text=text, file=file, whole=end)

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        starts = [0]
        starts.extend(index + 1 for index, char in enumerate(self.text) if char == "\n")
        return tuple(starts)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset) - 1
        column = offset - self._line_starts[line]
        if line == 0:
            return self.first_line, self.first_column + column
        return self.first_line + line, self.indent + column + 1

    def range(self, start: int, end: int) -> SourceRange:
        """The range of text[start:end], in code points; `whole` where that is not known exactly."""
        if not self.exact:
            return self.whole
        line, column = self._place(start)
        end_line, end_column = self._place(max(start, end))
        return SourceRange(self.file, line, column, end_line, end_column)
