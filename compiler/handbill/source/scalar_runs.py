"""Which characters of a file each character of a YAML scalar's value came from.

A quoted scalar with escapes, a text over several lines and a folded block are read a second time, as
YAML reads them, and what that gives is compared with the value of the YAML library: where the two
differ nothing is claimed. A `Run` is a piece of the value that stands in one line, in one piece.
"""

from __future__ import annotations

from collections.abc import Sequence

from handbill.source.text import Run

_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r", "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0",
    "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_DIGITS = {"x": 2, "u": 4, "U": 8}


def runs_of_flow(source: str, value: str, line: int, column: int) -> tuple[Run, ...] | None:
    """Of an unquoted or a quoted scalar; `source` holds its quotes, and begins at (`line`, `column`),
    both from 1. None where the value cannot be found again in it."""
    quote = source[:1] if source[:1] in ("'", '"') and len(source) > 1 else ""
    reading = _Reading(line, column + len(quote))
    try:
        reading.flow(source[1:-1] if quote else source, quote)
    except (IndexError, KeyError, ValueError, OverflowError):
        return None
    return tuple(reading.runs) if "".join(reading.text) == value else None


def runs_of_folded(lines: Sequence[str], header: int, value: str) -> tuple[Run, ...] | None:
    """Of a `>` block whose header stands in `lines[header]`, its content below."""
    reading = _Reading(0, 0)
    reading.folded(lines, header, _indent_of(lines, header, value))
    # how many of the breaks at the end stay is said in the header
    return tuple(reading.runs) if "".join(reading.text).startswith(value) else None


class _Reading:
    """The value as far as it is read. `line` and `column` are where the reading is, from 1."""

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column
        self.text: list[str] = []
        self.runs: list[Run] = []

    def _add(self, char: str, line: int, column: int, width: int = 1) -> None:
        last = self.runs[-1] if self.runs else None
        offset = len(self.text)
        follows = (
            last is not None
            and last.width == width == 1
            and last.line == line
            and last.column + offset - last.offset == column
        )
        if not follows:
            self.runs.append(Run(offset, line, column, width))
        self.text.append(char)

    # ── quoted and unquoted ──────────────────────────────────────────────────────────────────────

    def flow(self, text: str, quote: str) -> None:
        place = 0
        while place < len(text):
            char = text[place]
            if char in " \t\r\n":
                place = self._blanks(text, place)
            elif quote == '"' and char == "\\":
                place = self._escape(text, place)
            else:
                width = 2 if quote == "'" and char == "'" else 1
                self._add(char, self.line, self.column, width)
                place, self.column = place + width, self.column + width

    def _blanks(self, text: str, place: int, *, joined: bool = False) -> int:
        """Blanks stay, except around a line's end: one becomes a blank, of several all but one stay.
        `joined`: the line's end was escaped, and leaves nothing."""
        end = place
        while end < len(text) and text[end] in " \t\r\n":
            end += 1
        blanks = text[place:end]
        if not joined and "\n" not in blanks:
            for char in blanks:
                self._add(char, self.line, self.column)
                self.column += 1
            return end
        first = (self.line, self.column)
        breaks: list[tuple[int, int]] = []
        for char in blanks:
            if char == "\n":
                breaks.append((self.line, self.column))
                self.line, self.column = self.line + 1, 1
            else:
                self.column += 1
        kept = breaks if joined else breaks[1:]
        for line, column in kept:
            self._add("\n", line, column)
        if not joined and not kept:
            self._add(" ", *first)
        return end

    def _escape(self, text: str, place: int) -> int:
        code = text[place + 1]
        if code in "\r\n":
            place = text.index("\n", place) + 1
            self.line, self.column = self.line + 1, 1
            return self._blanks(text, place, joined=True)
        digits = _DIGITS.get(code, 0)
        end = place + 2 + digits
        char = chr(int(text[place + 2 : end], 16)) if digits else _ESCAPES[code]
        self._add(char, self.line, self.column, end - place)
        self.column += end - place
        return end

    # ── folded ───────────────────────────────────────────────────────────────────────────────────

    def folded(self, lines: Sequence[str], header: int, indent: int) -> None:
        """A line's end becomes a blank between two lines that begin without one, and stays else."""
        breaks: list[tuple[int, int]] = []
        begun = blank_before = False
        for number in range(header + 1, len(lines)):
            line = lines[number]
            if not line[:indent].strip(" ") and len(line) <= indent:
                breaks.append((number + 1, len(line) + 1))
                continue
            if line[:indent].strip(" "):
                break
            blank = line[indent] in " \t"
            self._fold(breaks, begun and not blank and not blank_before)
            for column in range(indent, len(line)):
                self._add(line[column], number + 1, column + 1)
            begun, blank_before, breaks = True, blank, [(number + 1, len(line) + 1)]
        for line_number, column in breaks:
            self._add("\n", line_number, column)

    def _fold(self, breaks: Sequence[tuple[int, int]], folds: bool) -> None:
        if folds and len(breaks) == 1:
            self._add(" ", *breaks[0])
            return
        for line, column in breaks[1:] if folds else breaks:
            self._add("\n", line, column)


def _indent_of(lines: Sequence[str], header: int, value: str) -> int:
    """The columns that a block takes off its lines: those of its first, less the value's own."""
    first = next((line for line in lines[header + 1 :] if line.strip(" ")), "")
    own = next((line for line in value.split("\n") if line.strip(" ")), "")
    return max(0, _blanks_before(first) - _blanks_before(own))


def _blanks_before(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
