"""What is being written in an expression or a template, read from the text before the cursor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

_OPENING = re.compile(r"\{\{|\{%|\{#")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_FILTER = re.compile(r"\|\s*(\w*)\Z")
_TEST = re.compile(r"\bis\s+(?:not\s+)?(\w*)\Z")
_CHAIN = re.compile(r"((?:[A-Za-z_]\w*\s*\.\s*)+)(\w*)\Z")
_WORD = re.compile(r"(?<![\w'\"])([A-Za-z_]\w*|)\Z")
_FILE = re.compile(r"\b(?:include|extends|import|from)\s+(['\"])([^'\"]*)\Z")
_STATEMENT = re.compile(r"\A-?\s*(\w*)\Z")


class Wants(Enum):
    FILTER = "a filter"
    TEST = "a test"
    MEMBER = "a member"
    NAME = "a name"
    FILE = "a template"
    STATEMENT = "a statement"


@dataclass(frozen=True, slots=True)
class Phrase:
    """`word` is what is there of it; `owner` the names before its dot."""

    wants: Wants
    word: str
    owner: tuple[str, ...] = ()


def phrase_in_text(before: str) -> Phrase | None:
    """In a text with holes or a template; None outside of them."""
    opened: str | None = None
    start = at = 0
    while opening := _OPENING.search(before, at):
        opened, start = opening[0], opening.end()
        end = before.find(_CLOSING[opened], start)
        if end < 0:
            break
        opened, at = None, end + 2
    if opened is None or opened == "{#":
        return None
    inside = before[start:]
    if opened == "{%":
        statement, file = _STATEMENT.match(inside), _FILE.search(inside)
        if statement:
            return Phrase(Wants.STATEMENT, statement[1])
        if file:
            return Phrase(Wants.FILE, file[2])
    return phrase_in_expression(inside)


def phrase_in_expression(before: str) -> Phrase | None:
    """None inside of a text in quotes."""
    plain = _STRING.sub("0", before)
    if "'" in plain or '"' in plain:
        return None
    if found := _FILTER.search(plain):
        return Phrase(Wants.FILTER, found[1])
    if found := _TEST.search(plain):
        return Phrase(Wants.TEST, found[1])
    if found := _CHAIN.search(plain):
        owner = tuple(name.strip() for name in found[1].split(".")[:-1])
        return Phrase(Wants.MEMBER, found[2], owner)
    if found := _WORD.search(plain):
        return Phrase(Wants.NAME, found[1])
    return None


def word_around(text: str, offset: int) -> tuple[int, int]:
    """Where the word that the cursor touches begins and ends."""
    start = end = offset
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return start, end
