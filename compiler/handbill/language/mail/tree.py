"""A marked MJML template as a tree: tags, texts and the turns of control flow, each with its offsets.

Built after the strict check of the elements (`html/contexts`), so it repairs nothing. The author's
comments are left out here; a conditional comment is kept as a finding, since MJML writes its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from handbill.language.html.tokens import (
    VOID,
    Attribute,
    Characters,
    Comment,
    EndTag,
    StartTag,
    tokens_of,
)
from handbill.language.templates.marked import HOLE, mark_pattern

MAX_DEPTH = 64
"""Elements within elements. The converter and the style inliner recurse: deeper ones end the process."""
HOPELESS = 500
"""With so many elements open, some of them perhaps never closed, nothing else is looked at."""


@dataclass(slots=True)
class Element:
    """`start`, `end`: its start tag; `close`: where its end tag starts."""

    name: str
    attributes: tuple[Attribute, ...]
    start: int
    end: int
    close: int
    children: list[Node] = field(default_factory=list)

    def get(self, name: str) -> Attribute | None:
        return next((item for item in self.attributes if item.name == name), None)

    def elements(self) -> Iterator[Element]:
        return (child for child in self.children if isinstance(child, Element))


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it was written, holes and character references in it."""

    raw: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One mark of an `if` or a `for`."""

    mark: int
    kind: str
    start: int
    end: int


Node: TypeAlias = Element | Words | Turn


@dataclass(frozen=True, slots=True)
class Tree:
    """`roots` are what stands outside all tags; `conditional` and `too_deep` are offsets."""

    roots: list[Node]
    conditional: tuple[tuple[int, int], ...] = ()
    too_deep: tuple[int, int] | None = None


def is_hopeless(text: str) -> tuple[int, int] | None:
    """The tag with which more than HOPELESS elements are open, if any."""
    depth = 0
    for token in tokens_of(text):
        if isinstance(token, StartTag):
            if not (token.self_closing or token.name in VOID):
                depth += 1
            if depth > HOPELESS:
                return token.start, token.end
        elif isinstance(token, EndTag) and depth:
            depth -= 1
    return None


@lru_cache(maxsize=32)
def parse_mjml(text: str, prefix: str, deepest: int = MAX_DEPTH) -> Tree:
    """The tree of marked MJML or HTML whose elements are in order. Stops where it is too deep.

    The tree is shared: do not change it."""
    pattern = mark_pattern(prefix)
    top = Element("", (), 0, 0, len(text))
    open_: list[Element] = [top]
    conditional: list[tuple[int, int]] = []
    for token in tokens_of(text):
        match token:
            case StartTag():
                element = Element(token.name, token.attributes, token.start, token.end, token.end)
                open_[-1].children.append(element)
                if not (token.self_closing or token.name in VOID):
                    open_.append(element)
                if len(open_) > deepest + 1:
                    return Tree(top.children, (), (token.start, token.end))
            case EndTag():
                if len(open_) > 1:
                    open_.pop().close = token.start
            case Characters():
                open_[-1].children += _words(text, token.start, token.end, pattern)
            case Comment(data=data):
                if re.match(r"\s*\[\s*(if|end)|\s*<!\[", data):
                    conditional.append((token.start, token.end))
            case _:
                pass
    return Tree(top.children, tuple(conditional))


def _words(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[Words | Turn]:
    cursor = start
    for match in pattern.finditer(text, start, end):
        if match[2] == HOLE:
            continue
        if match.start() > cursor:
            yield Words(text[cursor : match.start()], cursor, match.start())
        yield Turn(int(match[1]), match[2], match.start(), match.end())
        cursor = match.end()
    if cursor < end:
        yield Words(text[cursor:end], cursor, end)
