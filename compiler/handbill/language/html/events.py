"""The operations of an HTML template as a sequence of events: tags, text, and marks for the rest.

The way back from operations to HTML: what is written is read again with html5lib's tokenizer, the
operations standing in it as marks (see `marked`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from handbill.language.html.escaping import plain_put
from handbill.language.html.tokens import Characters, EndTag, StartTag, html_tokens
from handbill.language.templates.marked import CLOSE, HOLE, NEXT, OPEN, absent_prefix
from handbill.plan.ir import For, If, Op, Put, Set, Text

SET = "s"


def html_events(ops: Sequence[Op]) -> list[Event]:
    return list(_Linear(ops).events())


class _Linear:
    """The HTML as one string with marks, read back as a list of events."""

    def __init__(self, ops: Sequence[Op]) -> None:
        self.marks: list[Op] = []
        self.parts: list[str] = []
        self.prefix = absent_prefix(_texts(ops))
        self._write(ops)
        kinds = f"[{HOLE}{OPEN}{NEXT}{CLOSE}{SET}]"
        self.pattern = re.compile(rf"{self.prefix}(\d+)({kinds})")

    def events(self) -> Iterator[Event]:
        text = "".join(self.parts)
        for token in html_tokens(text):
            match token:
                case Characters(data=data):
                    yield from self.split(data)
                case StartTag() | EndTag():
                    yield from self._sets(text[token.start : token.end])
                    yield token if isinstance(token, EndTag) else Opened(token, self)
                case _:
                    yield from self._sets(text[token.start : getattr(token, "end", token.start)])

    def split(self, data: str) -> Iterator[str | Mark]:
        """Text and marks by turns."""
        cursor = 0
        for match in self.pattern.finditer(data):
            yield data[cursor : match.start()]
            yield Mark(match[2], self.marks[int(match[1])])
            cursor = match.end()
        yield data[cursor:]

    def _sets(self, raw: str) -> Iterator[Mark]:
        if self.prefix not in raw:
            return
        for item in self.split(raw):
            if isinstance(item, Mark) and item.kind == SET:
                yield item

    def _write(self, ops: Sequence[Op]) -> None:
        for op in ops:
            match op:
                case Text(text=text):
                    self.parts.append(text)
                case Put():
                    self._mark(op, HOLE)
                case Set():
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


@dataclass(frozen=True, slots=True)
class Mark:
    kind: str
    op: Op


@dataclass(frozen=True, slots=True)
class Opened:
    """A start tag; its attributes are read with their holes."""

    tag: StartTag
    linear: _Linear

    def parts(self, attribute: str) -> list[Text | Put]:
        """An attribute's value as what it writes into plain text."""
        result: list[Text | Put] = []
        for item in self.linear.split(self.tag.get(attribute) or ""):
            if isinstance(item, str):
                result.append(Text(item))
            elif isinstance(item.op, Put):
                result.append(plain_put(item.op))
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
