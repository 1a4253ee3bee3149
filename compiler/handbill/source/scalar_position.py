"""Where a scalar of a YAML file stands, and which characters of the file its value came from.

The language reads expressions and templates through these positions. Text that stands in the file as
it is read (on one line, or in a `|` block) needs its beginning only; of escapes and folded lines
`scalar_runs` finds each character again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from handbill.diagnostics.diagnostic import SourceRange
from handbill.source.located import ScalarPosition, ScalarStyle
from handbill.source.scalar_runs import runs_of_flow, runs_of_folded
from handbill.source.text import Run, SourceText

_COMMENT = re.compile(r"[ \t]+#[^\n]*")
_STYLES = {
    "'": ScalarStyle.SINGLE,
    '"': ScalarStyle.DOUBLE,
    "|": ScalarStyle.LITERAL,
    ">": ScalarStyle.FOLDED,
}
_BLOCKS = (ScalarStyle.LITERAL, ScalarStyle.FOLDED)


def locate_scalar(
    file: str, text: str, lines: Sequence[str], event: Any, *, in_flow: bool
) -> ScalarPosition:
    """The position of a scalar event of libyaml; `lines` are those of `text`, without their ends."""
    plain = ScalarStyle.FLOW_PLAIN if in_flow else ScalarStyle.PLAIN
    style = _STYLES.get(event.style, plain)
    place = _range(file, lines, event, style)
    source = text[event.start_mark.index : event.end_mark.index]
    comment = _COMMENT.match(text, event.end_mark.index) if style is plain else None
    return ScalarPosition(
        place,
        style,
        source,
        _source_text(lines, event, style, place, source),
        comment[0].rstrip() if comment else "",
    )


def _range(file: str, lines: Sequence[str], event: Any, style: ScalarStyle) -> SourceRange:
    start, end = event.start_mark, event.end_mark
    if style not in _BLOCKS:
        return SourceRange(file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
    last = min(end.line, len(lines) - 1)
    if last == end.line and end.column == 0:
        last -= 1
    while last > start.line and not lines[last].strip():
        last -= 1
    last = max(last, start.line)
    return SourceRange(file, start.line + 1, start.column + 1, last + 1, len(lines[last]) + 1)


def _source_text(
    lines: Sequence[str], event: Any, style: ScalarStyle, place: SourceRange, source: str
) -> SourceText:
    mark, value = event.start_mark, event.value
    if style is ScalarStyle.LITERAL:
        return _block_text(lines, mark.line + 1, value, place)
    if style is ScalarStyle.FOLDED:
        return _by_runs(value, place, runs_of_folded(lines, mark.line, value))
    column = mark.column + (2 if style in (ScalarStyle.SINGLE, ScalarStyle.DOUBLE) else 1)
    as_read = lines[mark.line].startswith(value, column - 1) and "\n" not in value
    if as_read and not (style is ScalarStyle.DOUBLE and "\\" in source):
        return SourceText(value, place.file, place, True, mark.line + 1, column)
    return _by_runs(value, place, runs_of_flow(source, value, mark.line + 1, mark.column + 1))


def _by_runs(value: str, place: SourceRange, runs: tuple[Run, ...] | None) -> SourceText:
    if not runs:
        return SourceText(value, place.file, place, exact=False)
    return SourceText(value, place.file, place, True, runs[0].line, runs[0].column, runs=runs)


def _block_text(lines: Sequence[str], first: int, value: str, place: SourceRange) -> SourceText:
    """A `|` block maps exactly: its content starts on line `first` (from 0), less an indent."""
    wanted = value.rstrip("\n").split("\n")
    full = next((index for index, line in enumerate(wanted) if line), None)
    if full is None or first + full >= len(lines):
        return SourceText(value, place.file, place, exact=False)
    indent = len(lines[first + full]) - len(wanted[full])
    have = lines[first : first + len(wanted)]
    exact = len(have) == len(wanted) and all(
        line[indent:] == want for line, want in zip(have, wanted, strict=True)
    )
    return SourceText(value, place.file, place, exact, first + 1, indent + 1, indent)
