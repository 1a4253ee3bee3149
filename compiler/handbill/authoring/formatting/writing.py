"""One document, written as all documents are: from the loader's values and positions, with every comment
where it belongs.

Blocks are indented by two, lists two below their field; what stands in braces on one line is spaced
evenly, on several lines it stays as it is but for its indentation; block scalars keep their lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handbill.authoring.formatting.comments import (
    is_comment,
    split_tail,
    tidied,
    without_blanks_before,
)
from handbill.source.located import LocatedDocument, Path, ScalarStyle, Value

STEP = 2
_BLOCK = (ScalarStyle.LITERAL, ScalarStyle.FOLDED)


@dataclass(frozen=True, slots=True)
class Writer:
    """`lines` are the file's, without their ends. `order` gives the keys of a block map, `scalar` the
    source of a scalar that stands on one line, or in a block."""

    document: LocatedDocument
    lines: Sequence[str]
    order: Callable[[Path, Mapping[str, Value]], Sequence[str]]
    scalar: Callable[[Path], str]

    def text(self) -> str:
        """The whole file. Its first comment is about the file, whichever field comes first."""
        value = self.document.value
        first = self._first_line(())
        above = [line for line in self.lines[: first - 1] if line.strip() != "---"]
        below = list(self.lines[self._last_line(()) :])
        tail, rest = split_tail(below, 0)
        head, own = _head(without_blanks_before(tidied(above, 0)))
        body = self._block((), value, 0, own, tail)
        end = without_blanks_before(tidied(rest, 0)[::-1])[::-1]
        return "\n".join([*head, *body, *end]) + "\n"

    # ── blocks ───────────────────────────────────────────────────────────────────────────────────

    def _block(
        self, path: Path, value: Value, indent: int, lead: list[str], tail: list[str]
    ) -> list[str]:
        """The lines of a block map or list; `lead` stood above its first entry, `tail` below its last,
        indented further."""
        if self._is_inline(path, value):
            inline = self._inline(path, indent)
            return [*lead, " " * indent + inline[0], *inline[1:], *tidied(tail, indent)]
        steps: list[str | int] = list(value) if isinstance(value, dict) else [*range(len(value))]  # type: ignore[arg-type]
        written: dict[str | int, list[str]] = {}
        above = lead
        for number, step in enumerate(steps):
            inner = (*path, step)
            if number + 1 < len(steps):
                follower = (*path, steps[number + 1])
                between = self.lines[self._last_line(inner) : self._key_line(follower) - 1]
                own, next_above = split_tail(between, self._column(inner))
            else:
                own, next_above = tail, []
            written[step] = [*above, *self._entry(inner, indent, own)]
            above = tidied(next_above, indent)
        if isinstance(value, dict):
            steps = list(self.order(path, value))
        return without_blanks_before([line for step in steps for line in written[step]])

    def _entry(self, path: Path, indent: int, tail: list[str]) -> list[str]:
        value = self._value(path)
        start = " " * indent + (self._key(path) + ":" if isinstance(path[-1], str) else "-")
        if self._is_inline(path, value):
            first, *more = self._inline(path, indent)
            return [f"{start} {first}", *more, *tidied(tail, indent)]
        comment = self._comment_after_start(path)
        above = self._above_first(path, value)
        if isinstance(path[-1], int):
            if comment or above:
                above = [comment.strip(), *above] if comment else above
                return [
                    *without_blanks_before(tidied(above, indent)),
                    *self._item(path, value, indent, tail),
                ]
            return self._item(path, value, indent, tail)
        inner = self._block(path, value, indent + STEP, tidied(above, indent + STEP), tail)
        return [start + comment, *inner]

    def _item(self, path: Path, value: Value, indent: int, tail: list[str]) -> list[str]:
        """`- first: …` with the rest below it."""
        inner = self._block(path, value, indent + STEP, [], tail)
        at = next(n for n, line in enumerate(inner) if line and not line.lstrip().startswith("#"))
        comments = [" " * indent + line.lstrip() for line in inner[:at] if line]
        return [*comments, " " * indent + "- " + inner[at][indent + STEP :], *inner[at + 1 :]]

    def _above_first(self, path: Path, value: Value) -> list[str]:
        """What stands between the start of an entry and the first thing in it."""
        first = self._first_step(path, value)
        return [*self.lines[self._start_line(path) : self._key_line(first) - 1]]

    # ── what stands behind its key ───────────────────────────────────────────────────────────────

    def _is_inline(self, path: Path, value: Value) -> bool:
        """Scalars and what stands in brackets."""
        if not isinstance(value, dict | list):
            return True
        place = self.document.ranges[path]
        return self.lines[place.line - 1][place.column - 1 : place.column] in ("{", "[")

    def _inline(self, path: Path, indent: int) -> list[str]:
        """The value's lines, its comment behind the last; the first has no indentation."""
        place = self.document.ranges[path]
        scalar = self.document.scalar_of(path)
        if scalar is not None and scalar.style in _BLOCK:
            return self._block_scalar(path, indent)
        if place.line == place.end_line:
            return [self._flow(path) + self._comment_at(place.end_line, place.end_column)]
        return self._several_lines(path, indent)

    def _flow(self, path: Path) -> str:
        value = self._value(path)
        if isinstance(value, dict):
            inner = (f"{self._key((*path, key))}: {self._flow((*path, key))}" for key in value)
            return "{" + ", ".join(inner) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self._flow((*path, at)) for at in range(len(value))) + "]"
        return self.scalar(path) if self.document.scalar_of(path) else "null"

    def _several_lines(self, path: Path, indent: int) -> list[str]:
        """As it is written, moved by as much as its beginning."""
        place = self.document.ranges[path]
        moved = indent - self._indent_of_start(path)
        first = self.lines[place.line - 1][place.column - 1 :].rstrip()
        rest = self.lines[place.line : place.end_line]
        shifted = [_shifted(line, moved) for line in rest]
        return [first, *shifted]

    def _block_scalar(self, path: Path, indent: int) -> list[str]:
        """Its lines, with its own indentation taken off and the one put on that it has here."""
        place = self.document.ranges[path]
        header = self.lines[place.line - 1][place.column - 1 :].rstrip()
        source = self.scalar(path)
        body = source.split("\n")[1 : place.end_line - place.line + 1]
        if not self._value(path).endswith("\n"):
            header = _stripping(header)
        digits = [int(char) for char in header.split("#")[0] if char.isdigit()]
        filled = [line for line in body if line.strip()]
        if digits:
            own = self._indent_of_start(path) + digits[0]
            wanted = indent + digits[0]
        else:
            own = min((len(line) - len(line.lstrip(" ")) for line in filled), default=0)
            wanted = indent + STEP
        keep = "+" in header.split("#")[0]
        kept = [" " * wanted + line[own:] if line.strip() else line[own:] for line in body]
        return [header, *kept, *(self._blank_below(path) if keep else [])]

    def _blank_below(self, path: Path) -> list[str]:
        """Blank lines below a block scalar that keeps them."""
        line = self.document.ranges[path].end_line
        count = 0
        while line + count < len(self.lines) and not self.lines[line + count].strip():
            count += 1
        return [""] * count

    # ── positions ────────────────────────────────────────────────────────────────────────────────

    def _value(self, path: Path) -> Any:
        value: Any = self.document.value
        for step in path:
            value = value[step]
        return value

    def _key(self, path: Path) -> str:
        place = self.document.key_ranges[path]
        return self.lines[place.line - 1][place.column - 1 : place.end_column - 1]

    def _first_step(self, path: Path, value: Value) -> Path:
        return (*path, next(iter(value)) if isinstance(value, dict) else 0)

    def _key_line(self, path: Path) -> int:
        """The line on which an entry starts, from 1."""
        if path and isinstance(path[-1], str):
            return self.document.key_ranges[path].line
        return self._dash(path)[0]

    def _start_line(self, path: Path) -> int:
        return self._key_line(path)

    def _column(self, path: Path) -> int:
        """Where an entry starts, from 0."""
        if isinstance(path[-1], str):
            return self.document.key_ranges[path].column - 1
        return self._dash(path)[1]

    def _indent_of_start(self, path: Path) -> int:
        return self._column(path) if path else 0

    def _dash(self, path: Path) -> tuple[int, int]:
        """Line, from 1, and column, from 0, of the dash before an item: the nearest one before it."""
        place = self.document.ranges[path]
        line, column = place.line, place.column - 1
        while True:
            at = self.lines[line - 1].rfind("-", 0, column)
            if at >= 0 and not self.lines[line - 1][at + 1 : column].strip():
                return line, at
            line -= 1
            while is_comment(self.lines[line - 1]):
                line -= 1
            column = len(self.lines[line - 1].split(" #")[0].rstrip())

    def _first_line(self, path: Path) -> int:
        value = self._value(path)
        if self._is_inline(path, value):
            return self.document.ranges[path].line
        return self._key_line(self._first_step(path, value))

    def _last_line(self, path: Path) -> int:
        """The last line of a value, from 1, without what stands between it and the next."""
        value = self._value(path)
        if not self._is_inline(path, value):
            last = list(value)[-1] if isinstance(value, dict) else len(value) - 1
            return self._last_line((*path, last))
        scalar = self.document.scalar_of(path)
        line = self.document.ranges[path].end_line
        if scalar is not None and scalar.style in _BLOCK:
            header = self.lines[self.document.ranges[path].line - 1]
            if "+" in header[self.document.ranges[path].column - 1 :].split("#")[0]:
                return line + len(self._blank_below(path))
        return line

    def _comment_at(self, line: int, column: int) -> str:
        """The comment from `column` (from 1) of a line on, behind two spaces."""
        rest = self.lines[line - 1][column - 1 :].strip()
        return f"  {rest}" if rest.startswith("#") else ""

    def _comment_after_start(self, path: Path) -> str:
        if isinstance(path[-1], str):
            place = self.document.key_ranges[path]
            rest = self.lines[place.line - 1][place.end_column - 1 :].lstrip().removeprefix(":")
            return f"  {rest.strip()}" if rest.strip().startswith("#") else ""
        line, column = self._dash(path)
        rest = self.lines[line - 1][column + 1 :].strip()
        return f"  {rest}" if rest.startswith("#") else ""


def _head(above: list[str]) -> tuple[list[str], list[str]]:
    """What is said about the file, and what about its first field: the last paragraph of several."""
    if "" not in above:
        return above, []
    last = len(above) - 1 - above[::-1].index("")
    return above[: last + 1], above[last + 1 :]


def _stripping(header: str) -> str:
    """A block at the end of a file without a final line break has none either; now it will have one."""
    mark, comment = header.split(" ", 1) if " " in header else (header, "")
    mark = mark if "-" in mark else mark.replace("+", "") + "-"
    return f"{mark} {comment}" if comment else mark


def _shifted(line: str, by: int) -> str:
    text = line.rstrip()
    if not text.strip():
        return ""
    return " " * by + text if by >= 0 else text[min(-by, len(text) - len(text.lstrip(" "))) :]
