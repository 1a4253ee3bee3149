"""JSON that remembers on which line and column every key and value stands.

Strict: no duplicate keys, no NaN, no comments, depth at most 40. Numbers with a point are Decimals.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import TypeAlias

from handbill.diagnostics.diagnostic import SourceRange
from handbill.source.text import SourceText

Json: TypeAlias = "str | int | Decimal | bool | list[Json] | dict[str, Json] | None"
Path: TypeAlias = tuple[str | int, ...]

MAX_DEPTH = 40
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,30})(\.\d{1,30})?([eE][+-]?\d{1,3})?(?![\d.])")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class JsonError(Exception):
    """Text that is not JSON: what is wrong and where."""

    def __init__(self, message: str, range: SourceRange, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.range, self.hint = message, range, hint


@dataclass(frozen=True)
class LocatedJson:
    """`value` and, by path, the range of each value and of the key that leads to it."""

    value: Json
    ranges: dict[Path, SourceRange]
    keys: dict[Path, SourceRange]

    def range_of(self, path: Path) -> SourceRange:
        """The range of the key at `path`, of its value, or of the nearest value around it."""
        while path:
            found = self.keys.get(path) or self.ranges.get(path)
            if found is not None:
                return found
            path = path[:-1]
        return self.ranges[()]


@lru_cache(maxsize=256)
def read_json(file: str, data: bytes) -> LocatedJson:
    """Parses a file's bytes; raises JsonError, and nothing else. The result is shared."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        start = SourceRange(file, 1, 1, 1, 1)
        raise JsonError("this file is not UTF-8 text", start, "save it as UTF-8") from None
    reader = _Reader(SourceText.of_file(file, text))
    return reader.read()


@dataclass
class _Reader:
    source: SourceText
    ranges: dict[Path, SourceRange] = field(default_factory=dict)
    keys: dict[Path, SourceRange] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.source.text

    def read(self) -> LocatedJson:
        value, end = self.value(self.space(0), ())
        end = self.space(end)
        if end != len(self.text):
            raise self.error("there is something after the end of the document", end)
        return LocatedJson(value, self.ranges, self.keys)

    def error(self, message: str, at: int, hint: str | None = None) -> JsonError:
        return JsonError(message, self.source.range(at, min(at + 1, len(self.text))), hint)

    def space(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int, path: Path) -> tuple[Json, int]:
        if len(path) > MAX_DEPTH:
            raise self.error(f"this is nested more than {MAX_DEPTH} deep", at)
        value, end = self.unlocated(at, path)
        self.ranges[path] = self.source.range(at, end)
        return value, end

    def unlocated(self, at: int, path: Path) -> tuple[Json, int]:
        match self.text[at : at + 1]:
            case "{":
                return self.object(at + 1, path)
            case "[":
                return self.array(at + 1, path)
            case '"':
                return self.string(at)
            case "":
                raise self.error("the file ends before the document does", max(0, at - 1))
            case _:
                return self.scalar(at)

    def string(self, at: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, at + 1)
        except json.JSONDecodeError as error:
            raise self.error("this text is not valid JSON", min(error.pos, at)) from None
        return str(text), int(end)

    def scalar(self, at: int) -> tuple[Json, int]:
        for word, value in _WORDS.items():
            if self.text.startswith(word, at):
                return value, at + len(word)
        match = _NUMBER.match(self.text, at)
        if match is None:
            raise self.error("this is not valid JSON", at, "texts and keys stand in double quotes")
        is_whole = match.group(1) is None and match.group(2) is None
        return (int(match.group()) if is_whole else Decimal(match.group())), match.end()

    def array(self, at: int, path: Path) -> tuple[Json, int]:
        items: list[Json] = []
        at = self.space(at)
        while not self.text.startswith("]", at):
            if items:
                at = self.comma(at, "]")
            item, end = self.value(at, (*path, len(items)))
            items.append(item)
            at = self.space(end)
        return items, at + 1

    def object(self, at: int, path: Path) -> tuple[Json, int]:
        members: dict[str, Json] = {}
        at = self.space(at)
        while not self.text.startswith("}", at):
            if members:
                at = self.comma(at, "}")
            key, at = self.key(at, path, members)
            members[key], end = self.value(self.space(at), (*path, key))
            at = self.space(end)
        return members, at + 1

    def key(self, at: int, path: Path, members: dict[str, Json]) -> tuple[str, int]:
        if not self.text.startswith('"', at):
            raise self.error("a key in double quotes belongs here", at)
        key, end = self.string(at)
        if key in members:
            first = self.keys[(*path, key)].line
            raise self.error(f"`{key}` is already given at line {first}", at, "keep one of them")
        self.keys[(*path, key)] = self.source.range(at, end)
        end = self.space(end)
        if not self.text.startswith(":", end):
            raise self.error("a `:` belongs here", end)
        return key, end + 1

    def comma(self, at: int, closer: str) -> int:
        if not self.text.startswith(",", at):
            raise self.error(f"a `,` or `{closer}` belongs here", at)
        at = self.space(at + 1)
        if self.text.startswith(closer, at):
            raise self.error("a comma too many", at - 1, "remove it")
        return at
