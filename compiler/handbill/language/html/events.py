"""The operations of an HTML template as a sequence of events: tags, text, and marks for the rest.

The way back from operations to HTML: what is written is read again with html5lib's tokenizer, the
operations standing in it as marks (see `marked`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias, assert_never

import msgspec

from handbill.language.html.escaping import plain_put
from handbill.language.html.tokens import Characters, EndTag, StartTag, tokens_of
from handbill.language.templates.marked import CLOSE, HOLE, NEXT, OPEN, absent_prefix
from handbill.plan.ir import Const, For, If, Op, Put, Set, Text

SET = "s"


def html_events(ops: Sequence[Op]) -> list[Event]:
    linear = Linear(ops, sets=True)
    marks = linear.marks
    found: list[Event] = []
    for read in _read(linear.text, linear.prefix):
        match read:
            case StartTag():
                found.append(Opened(read, linear))
            case str() | EndTag():
                found.append(read)
            case (kind, number):
                found.append(Mark(kind, marks[number]))
    return found


@lru_cache(maxsize=128)
def _read(text: str, prefix: str) -> tuple[str | StartTag | EndTag | tuple[str, int], ...]:
    """The events of marked HTML, marks by their kind and number. Remembered: that of a layout is the
    same in many mails."""
    return tuple(_events(text, prefix))


def _events(text: str, prefix: str) -> Iterator[str | StartTag | EndTag | tuple[str, int]]:
    pattern = _pattern(prefix)

    def sets(raw: str) -> Iterator[tuple[str, int]]:
        if prefix in raw:
            yield from ((SET, int(each[1])) for each in pattern.finditer(raw) if each[2] == SET)

    for token in tokens_of(text):
        match token:
            case Characters(data=data):
                cursor = 0
                for match in pattern.finditer(data):
                    yield data[cursor : match.start()]
                    yield match[2], int(match[1])
                    cursor = match.end()
                yield data[cursor:]
            case StartTag() | EndTag():
                yield from sets(text[token.start : token.end])
                yield token
            case _:
                yield from sets(text[token.start : getattr(token, "end", token.start)])


@lru_cache(maxsize=16)
def _pattern(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"{prefix}(\d+)([{HOLE}{OPEN}{NEXT}{CLOSE}{SET}])")


class Linear:
    """Operations as one string with marks; those of what is set only with `sets`.

    Where the operations are those of marked drafts, and nothing is set, it is the drafts' string.
    """

    def __init__(self, ops: Sequence[Op], *, sets: bool) -> None:
        self.marks: list[Op] = []
        self.parts: list[str] = []
        self.prefix = absent_prefix(_texts(ops))
        self.sets = sets
        self._write(ops)
        self.text = "".join(self.parts)

    def split(self, data: str) -> Iterator[str | Put]:
        """A value's text and holes by turns."""
        cursor = 0
        for match in _pattern(self.prefix).finditer(data):
            yield data[cursor : match.start()]
            op = self.marks[int(match[1])]
            if isinstance(op, Put):
                yield op
            cursor = match.end()
        yield data[cursor:]

    def _write(self, ops: Sequence[Op]) -> None:
        for op in ops:
            match op:
                case Text(text=text):
                    self.parts.append(text)
                case Put():
                    self._mark(op, HOLE)
                case Set():
                    if self.sets:
                        self._mark(op, SET)
                case If(branches=branches, otherwise=otherwise):
                    self._bodies(op, [*(branch.body for branch in branches), otherwise])
                case For(body=body, otherwise=otherwise):
                    self._bodies(op, [body, otherwise])
                case _:
                    assert_never(op)

    def _bodies(self, op: Op, bodies: Sequence[Sequence[Op]]) -> None:
        self._mark(op, OPEN)
        for index, body in enumerate(bodies):
            self._write(body)
            self._mark(op, CLOSE if index == len(bodies) - 1 else NEXT)

    def _mark(self, op: Op, kind: str) -> None:
        self.parts.append(f"{self.prefix}{len(self.marks)}{kind}")
        self.marks.append(op)


class Mark(msgspec.Struct, frozen=True, gc=False):
    kind: str
    op: Op


class Opened(msgspec.Struct, frozen=True, gc=False):
    """A start tag; its attributes are read with their holes."""

    tag: StartTag
    linear: Linear

    def parts(self, attribute: str) -> list[Text | Put]:
        """An attribute's value as what it writes into plain text."""
        result: list[Text | Put] = []
        for item in self.linear.split(self.tag.get(attribute) or ""):
            if isinstance(item, str):
                result.append(Text(item))
            elif isinstance(item.expression, Const):
                result.append(Text(str(item.expression.value)))
            else:
                result.append(plain_put(item))
        return [op for op in result if op != Text("")]


Event: TypeAlias = str | Mark | Opened | EndTag


def _texts(ops: Iterable[Op]) -> Iterator[str]:
    for op in ops:
        match op:
            case Text(text=text):
                yield text
            case If(branches=branches, otherwise=otherwise):
                for branch in branches:
                    yield from _texts(branch.body)
                yield from _texts(otherwise)
            case For(body=body, otherwise=otherwise):
                yield from _texts(body)
                yield from _texts(otherwise)
            case Put() | Set():
                pass
            case _:
                assert_never(op)
