"""A piece of text that remembers where every character of it stands in its file.

The language reads expressions and templates through this type, so that an error inside a quoted
YAML scalar still points at the very characters the author typed.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from handbill.diagnostics.diagnostic import SourceRange


@dataclass(frozen=True, slots=True)
class Run:
    """From `offset` on, each character of a text stands one after another in `line` from `column`,
    each `width` columns wide: an escape (`\\"`, `\\u00e9`) is wider than its character."""

    offset: int
    line: int
    column: int
    width: int = 1


@dataclass(frozen=True)
class SourceText:
    """`text` as the language sees it, and where it came from.

    Positions are those of `runs`, where there are any, else counted from (`first_line`,
    `first_column`). When `exact` is False every range is `whole`.
    """

    text: str
    file: str
    whole: SourceRange
    exact: bool = True
    first_line: int = 1
    first_column: int = 1
    indent: int = 0
    """Columns cut from the start of each further line (block scalars)."""
    runs: tuple[Run, ...] = ()
    """Of a text that stands otherwise in the file than it reads: escapes, folded lines."""

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
        if self.runs:
            first, last = self._in_run(start), self._in_run(max(start, end - 1))
            after = last.column + (last.width if end > start else 0)
            return SourceRange(self.file, first.line, first.column, last.line, after)
        line, column = self._place(start)
        end_line, end_column = self._place(max(start, end))
        return SourceRange(self.file, line, column, end_line, end_column)

    @cached_property
    def _run_starts(self) -> tuple[int, ...]:
        return tuple(run.offset for run in self.runs)

    def _in_run(self, offset: int) -> Run:
        """One character, as a run of its own."""
        run = self.runs[max(0, bisect_right(self._run_starts, offset) - 1)]
        behind = (offset - run.offset) * run.width
        return Run(offset, run.line, run.column + behind, run.width)
