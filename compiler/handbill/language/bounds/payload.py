"""The size of the request that a vendor gets, in bytes, as the vendor's contract makes it.

Which members of it are there depends only on which parts a message has, so all but the texts is exact.
The same templates give the size of one message's request, for the customer that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never
from urllib.parse import quote_plus

import msgspec

from handbill.language.bounds.rendering import Rendering
from handbill.language.bounds.spelling import Step
from handbill.language.bounds.world import Bound, World
from handbill.plan.ir import Op
from handbill.plan.model import BodyArray, BodyLiteral, BodyObject, BodyTemplate, BodyText
from handbill.plan.row import compile_template
from handbill.plan.values import Context

Encoding: TypeAlias = Literal["json", "form"]
Ends: TypeAlias = tuple[int, int]
"""Bytes, least and most."""
TextSize: TypeAlias = Callable[[tuple[Op, ...], Step], Ends]


@dataclass(frozen=True, slots=True)
class Payload:
    """A vendor's body for messages that have these parts."""

    body: BodyObject
    encoding: Encoding
    parts: frozenset[str]

    def bounds(self, texts: Mapping[tuple[str, ...], Bound]) -> Ends:
        """`texts` are the parts and everything else that the body reads, by path."""
        rendering, world = Rendering(), World(texts=texts)

        def of_text(ops: tuple[Op, ...], step: Step) -> Ends:
            extent = rendering.body(ops, (step,), world)[0]
            return extent.low.bytes, extent.high.bytes

        return self._size(of_text)

    def size(self, context: Context) -> int:
        """Of one message, whose parts and names `context` holds."""

        def of_text(ops: tuple[Op, ...], step: Step) -> Ends:
            text = compile_template(ops, ())((), context)
            encoded = _json(text)[1:-1] if step == "json" else quote_plus(text).encode()
            return len(encoded), len(encoded)

        return self._size(of_text)[0]

    def _size(self, of_text: TextSize) -> Ends:
        sizing = _Sizing(self.parts, of_text, self.encoding)
        found = sizing.form(self.body) if self.encoding == "form" else sizing.of(self.body)
        return found or (2, 2)


@dataclass(frozen=True, slots=True)
class _Sizing:
    parts: frozenset[str]
    of_text: TextSize
    encoding: Encoding

    def of(self, template: BodyTemplate) -> Ends | None:
        """None where it is left out."""
        match template:
            case BodyLiteral(value=value):
                return _exactly(len(_json(value)))
            case BodyText(text=ops, needs=needs):
                if not self.parts.issuperset(needs):
                    return None
                low, high = self.of_text(ops, "json")
                return low + 2, high + 2
            case BodyObject(members=members):
                sizes = {name: self.of(member) for name, member in members.items()}
                kept = [
                    (len(_json(name)) + 1 + size[0], len(_json(name)) + 1 + size[1])
                    for name, size in sizes.items()
                    if size is not None
                ]
                return _enclosed(kept) if kept or not members else None
            case BodyArray(items=items):
                found = [self.of(item) for item in items]
                return _enclosed([size for size in found if size is not None])
            case _:
                assert_never(template)

    def form(self, body: BodyObject) -> Ends:
        """`name=value` with `&` between; lists repeat their name."""
        pairs: list[Ends] = []
        for name, member in body.members.items():
            for item in member.items if isinstance(member, BodyArray) else (member,):
                size = self._form_value(item)
                if size is not None:
                    extra = len(quote_plus(name)) + 1
                    pairs.append((size[0] + extra, size[1] + extra))
        marks = max(0, len(pairs) - 1)
        return sum(low for low, _ in pairs) + marks, sum(high for _, high in pairs) + marks

    def _form_value(self, item: BodyTemplate) -> Ends | None:
        match item:
            case BodyLiteral(value=bool(value)):
                return _exactly(4 if value else 5)
            case BodyLiteral(value=value):
                return _exactly(len(quote_plus("" if value is None else str(value))))
            case BodyText(text=ops, needs=needs) if self.parts.issuperset(needs):
                return self.of_text(ops, "form")
            case _:
                return None


def _json(value: bool | int | str | None) -> bytes:
    return msgspec.json.encode(value)


def _exactly(size: int) -> Ends:
    return size, size


def _enclosed(parts: Iterable[Ends]) -> Ends:
    """In brackets, with a comma between each two."""
    kept = list(parts)
    marks = 2 + max(0, len(kept) - 1)
    return sum(low for low, _ in kept) + marks, sum(high for _, high in kept) + marks
