"""Diagnostics for people: one block each, with the line, a caret and what to do next.

Columns are code points; the caret line is padded by display width, so that it stands under wide
characters and after tabs. Nothing of a file reaches the terminal that is not printable.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity, SourceRange

ReadLines = Callable[[str], Sequence[str] | None]
MAX_LINE = 160
"""Longer lines are shown around the place in question."""

_COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}


def render_text(
    diagnostics: Iterable[Diagnostic], read_lines: ReadLines, color: bool = False
) -> str:
    """All diagnostics, a blank line between two; empty for none. `read_lines(file)` answers the
    file's lines without their ends, or None when there is no such file."""
    blocks = [_block(diagnostic, read_lines, _Ink(color)) for diagnostic in diagnostics]
    return "\n\n".join(blocks) + "\n" if blocks else ""


class _Ink:
    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and text else text


def _block(diagnostic: Diagnostic, read_lines: ReadLines, ink: _Ink) -> str:
    style = _COLORS[diagnostic.severity]
    head = ink(f"{diagnostic.severity.value}[{diagnostic.code}]", f"1;{style}")
    lines = [f"{head}{ink(': ' + safe(diagnostic.message), '1')}"]
    margin = "  "
    if diagnostic.range:
        width = _gutter(diagnostic)
        margin = " " * (width + 1)
        lines += _snippet(diagnostic.range, "-->", "^", width, read_lines, ink, style)
        for related in diagnostic.related:
            lines += _related(related, width, read_lines, ink)
    lines += [f"{margin}= {safe(note)}" for note in diagnostic.notes]
    if diagnostic.hint:
        lines.append(f"{margin}= {ink('help:', '1;32')} {safe(diagnostic.hint)}")
    if diagnostic.witness is not None:
        lines.append(f"{margin}= counterexample: {_witness(diagnostic.witness)}")
    return "\n".join(lines)


def _witness(witness: Mapping[str, object]) -> str:
    return safe(json.dumps(witness, ensure_ascii=False, default=str))


def _gutter(diagnostic: Diagnostic) -> int:
    """Columns of the line numbers."""
    ranges = [diagnostic.range, *(related.range for related in diagnostic.related)]
    return max(len(str(place.line)) for place in ranges if place) + 1


def _related(related: Related, width: int, read_lines: ReadLines, ink: _Ink) -> list[str]:
    shown = _snippet(related.range, ":::", "-", width, read_lines, ink, "34")
    shown[0] += f" {safe(related.message)}"
    return shown


def _snippet(
    place: SourceRange,
    arrow: str,
    mark: str,
    width: int,
    read_lines: ReadLines,
    ink: _Ink,
    style: str,
) -> list[str]:
    gutter = " " * width
    shown = [f"{gutter}{ink(arrow, '34')} {safe(str(place))}"]
    lines = None if _is_whole_file(place) else read_lines(place.file)
    if lines is None or not 1 <= place.line <= len(lines) or not lines[place.line - 1].strip():
        return shown
    line, start, end = _window(lines[place.line - 1].removesuffix("\r"), place)
    pad, carets = _width(line[:start]), max(1, _width(line[start:end]))
    bar = ink("|", "34")
    number = ink(f"{place.line:>{width - 1}}", "34")
    shown.append(f"{gutter} {bar}")
    shown.append(f" {number} {bar} {_printable(line)}".rstrip())
    shown.append(f"{gutter} {bar} {' ' * pad}{ink(mark * carets, style)}")
    return shown


def _is_whole_file(place: SourceRange) -> bool:
    """Findings about a file as such stand at its very start and mark nothing."""
    return (place.line, place.column, place.end_line, place.end_column) == (1, 1, 1, 1)


def _window(line: str, place: SourceRange) -> tuple[str, int, int]:
    """The part of a line to show, and where the marked part stands in it."""
    start = min(place.column - 1, len(line))
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    end = min(max(end, start + 1), max(len(line), start + 1))
    if len(line) <= MAX_LINE:
        return line, start, end
    first = max(0, min(start - 40, len(line) - MAX_LINE))
    cut = line[first : first + MAX_LINE]
    head = "…" if first else ""
    tail = "…" if first + MAX_LINE < len(line) else ""
    shift = len(head) - first
    return f"{head}{cut}{tail}", start + shift, min(end + shift, len(head) + len(cut))


def safe(text: str) -> str:
    """`text` without anything that could move the cursor or hide: such characters as escapes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def _escape(char: str) -> str:
    return ascii(char)[1:-1] if char != "\n" else " "


def _printable(line: str) -> str:
    """A source line with tabs as one blank and hidden characters as a visible one."""
    return "".join(
        " " if char == "\t" else char if char.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for char in line
    )


def _width(text: str) -> int:
    """Columns that a terminal gives to `text` as _printable shows it."""
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if char != "\t" and not char.isprintable():
        return 1
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
