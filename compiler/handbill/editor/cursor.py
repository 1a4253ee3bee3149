"""Where in a YAML document a cursor stands, read from the text before it: a half-typed line parses as
nothing, and that is when somebody wants to know what fits.

Follows indentation, lists, block scalars, quotes and braces as far as Handbill's YAML has them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from handbill.source.located import Path

_KEY = re.compile(
    r"(?P<key>\"[^\"]*\"|'[^']*'|[^\s#:{}\[\],\"'|>&*!%@`-][^:#{}\[\],]*?)\s*:(?=\s|$)"
)
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\s*(#.*)?$")
_WORD = re.compile(r"[\w.-]*\Z")


@dataclass(frozen=True, slots=True)
class Cursor:
    """`path` leads to the value that the cursor stands in; where a key is being written, to the map
    that it will belong to. `before` is the value's text up to the cursor, without its opening quote."""

    path: Path
    is_key: bool
    before: str
    quote: str = ""
    in_braces: bool = False

    @property
    def word(self) -> str:
        """What was typed of the word at the cursor."""
        found = _WORD.search(self.before)
        return found[0] if found else ""


@dataclass(slots=True)
class _Level:
    indent: int
    step: str | int


@dataclass(slots=True)
class _Flow:
    """An open `{` or `[`: the key or the number that is being written in it."""

    mark: str
    step: str | int | None


@dataclass(slots=True)
class _Reader:
    levels: list[_Level] = field(default_factory=list)
    flows: list[_Flow] = field(default_factory=list)
    block: int | None = None
    """The indentation of the key whose block scalar is being read."""
    quote: str = ""
    written: str = ""
    """Of the value at hand, since it began."""
    is_key: bool = True

    @property
    def path(self) -> Path:
        steps = [level.step for level in self.levels]
        return (*steps, *(flow.step for flow in self.flows if flow.step is not None))

    def line(self, text: str, is_last: bool) -> None:
        indent = len(text) - len(text.lstrip(" "))
        if self.block is not None:
            if (not text.strip() and not is_last) or indent > self.block:
                self.written += "\n" + text.strip()
                return
            self.block = None
        if self.quote or self.flows:
            self.written += "\n"
            self._scan(text)
            return
        if (not text.strip() and not is_last) or text.lstrip().startswith("#"):
            return
        self._begin(text, indent)

    def _begin(self, text: str, indent: int) -> None:
        rest = text[indent:]
        if indent == 0 and not rest and not self.levels:
            return
        while rest.startswith("- ") or rest == "-":
            self._item(indent)
            cut = len(rest) - len(rest[1:].lstrip(" "))
            indent, rest = indent + cut, rest[cut:]
        key = _KEY.match(rest)
        if key:
            self._close(indent)
            self.levels.append(_Level(indent, key["key"].strip("\"'")))
            self._value(rest[key.end() :], indent)
            return
        self._close(indent)
        self.is_key, self.written = True, ""
        if self.levels and isinstance(self.levels[-1].step, int):
            self._scan(rest)
            return
        self.written = rest

    def _value(self, rest: str, indent: int) -> None:
        self.is_key, self.written = False, ""
        if _BLOCK.match(rest.strip()):
            self.block = indent
        else:
            self._scan(rest.lstrip(" "))

    def _close(self, indent: int) -> None:
        while self.levels and self.levels[-1].indent >= indent:
            self.levels.pop()

    def _item(self, indent: int) -> None:
        count = 0
        while self.levels and (
            self.levels[-1].indent > indent
            or (self.levels[-1].indent == indent and isinstance(self.levels[-1].step, int))
        ):
            last = self.levels.pop()
            if last.indent == indent and isinstance(last.step, int):
                count = last.step + 1
        self.levels.append(_Level(indent, count))

    # ── inside of a line ─────────────────────────────────────────────────────────────────────────

    def _scan(self, text: str) -> None:
        at = 0
        while at < len(text):
            at += self._char(text, at)

    def _char(self, text: str, at: int) -> int:
        """Takes the character; answers how many were taken."""
        char = text[at]
        if self.quote:
            return self._quoted(text, at)
        if char in "\"'" and not self.written.strip():
            self.quote, self.written = char, ""
        elif char in "{[" and not self.written.strip():
            self.flows.append(_Flow(char, 0 if char == "[" else None))
            self.is_key, self.written = char == "{", ""
        elif self.flows and char in "}]":
            self.flows.pop()
            self.is_key, self.written = False, ""
        elif self.flows and char == ",":
            self._next()
        elif self.flows and char == ":" and self.is_key and text[at + 1 : at + 2] in ("", " "):
            self.flows[-1].step = self.written.strip().strip("\"'")
            self.is_key, self.written = False, ""
        else:
            self.written += char
        return 1

    def _quoted(self, text: str, at: int) -> int:
        char = text[at]
        if char == "\\" and self.quote == '"':
            self.written += text[at : at + 2]
            return 2
        if char == self.quote:
            if char == "'" and text[at + 1 : at + 2] == "'":
                self.written += char
                return 2
            self.quote = ""
        else:
            self.written += char
        return 1

    def _next(self) -> None:
        flow = self.flows[-1]
        if isinstance(flow.step, int):
            flow.step += 1
        else:
            flow.step = None
        self.is_key, self.written = flow.mark == "{", ""


def cursor_at(text: str, offset: int) -> Cursor:
    """Where the character at `offset` would be written."""
    lines = text[:offset].replace("\r\n", "\n").split("\n")
    reader = _Reader()
    for number, line in enumerate(lines, 1):
        reader.line(line, number == len(lines))
    return Cursor(
        path=reader.path,
        is_key=reader.is_key,
        before=reader.written.lstrip(),
        quote=reader.quote,
        in_braces=bool(reader.flows),
    )
