"""The extent of every text expression, once it is spelled as its surroundings need.

Constants, enums and what is made of few texts are exact. A value of a field is any text of its length
and alphabet; `truncate`, `trim`, `title` and longer replacements are taken by length and characters.
"""

from __future__ import annotations

from typing import assert_never

from handbill.language.bounds.finite import NUMBERS
from handbill.language.bounds.measure import Extent, extent_of_text, hull, total
from handbill.language.bounds.shapes import CHOSEN, Shape, Shapes, step_of
from handbill.language.bounds.spelling import (
    UNSPELLED,
    Spelling,
    Step,
    Swap,
    extent_of_letter,
    without_plain,
    written_extent,
)
from handbill.language.bounds.world import Bound, Interval, World, is_empty, meet
from handbill.plan.ir import Call, Const, Each, Escape, Expression, Field, Local, Member, Operation
from handbill.plan.operations import ELLIPSIS
from handbill.plan.types import EnumType, ListType


class Texts(Shapes):
    def text(self, expression: Expression, spelling: Spelling, world: World) -> Extent:
        """The extent of all texts that the expression can write."""
        known = world.of(expression).texts
        if known is not None:
            return hull(written_extent(text, spelling) for text in known)
        match expression:
            case Const(value=value):
                return written_extent(str(value), spelling)
            case Field() | Local() | Member():
                return self._read(expression, spelling, world)
            case Call():
                what = ("text", spelling)
                return self.once(
                    what, expression, world, lambda: self._call(expression, spelling, world)
                )
            case Each():
                raise TypeError("a list is no text")
        assert_never(expression)

    def length(self, expression: Expression, world: World) -> Interval:
        extent = self.text(expression, UNSPELLED, world)
        found = extent.low.characters, extent.high.characters
        known = meet(found, world.of(expression).size)
        return found if known is None or is_empty(known) else known

    # ── values that are read ─────────────────────────────────────────────────────────────────────

    def _read(self, value: Field | Local | Member, spelling: Spelling, world: World) -> Extent:
        bounds = self.bounds(value, world)
        if bounds:
            return hull(self.bound_text(bound, spelling) for bound in bounds)
        if isinstance(value.type, EnumType):
            return hull(written_extent(each, spelling) for each in value.type.values)
        return self.shape(value, world).extent(spelling)

    def bound_text(self, bound: Bound, spelling: Spelling) -> Extent:
        if spelling not in bound.extents:
            assert not isinstance(bound.value, tuple)
            bound.extents[spelling] = self.text(bound.value, spelling, bound.world)
        return bound.extents[spelling]

    # ── operations ───────────────────────────────────────────────────────────────────────────────

    def _call(self, call: Call, spelling: Spelling, world: World) -> Extent:
        step = step_of(call)
        if step is not None:
            return self.text(call.arguments[0], _with_step(step, spelling), world)
        match call.operation, call.arguments:
            case Operation.IF, (condition, then, otherwise):
                ways = self.ways(condition, then, otherwise, world)
                return hull(self.text(value, spelling, there) for value, there in ways)
            case Operation.DEFAULT, (value, fallback):
                parts = self.alternatives(value, fallback, world)
                return hull(self.text(part, spelling, world) for part in parts)
            case Operation.CHOOSE, (place, *choices):
                chosen = self.chosen(place, tuple(choices), world)
                return hull(self.text(choice, spelling, world) for choice in chosen)
            case Operation.CONCAT, parts:
                return total(self.text(part, spelling, world) for part in parts)
            case Operation.TRUNCATE, (text, Const(value=int(most))):
                return self._truncated(call, text, most, spelling, world)
            case operation, _ if operation in NUMBERS:
                texts = self.number_texts(call, world)
                return hull(written_extent(text, spelling) for text in texts)
            case Operation.JOIN, (items, Const(value=str(between))):
                return self._join(items, between, spelling, world)
            case operation, (items, *_) if operation in CHOSEN:
                return self._item_text(items, spelling, world)
            case _:
                texts_ = self.finite(call, world)
                if texts_ is not None:
                    return hull(written_extent(text, spelling) for text in texts_)
                extent = self.shape(call, world).extent(spelling)
                as_written = without_plain(spelling)
                if call.operation is Operation.REPLACE and as_written != spelling:
                    return extent.hull(self.shape(call, world).extent(as_written))
                return extent

    def _truncated(
        self, call: Call, text: Expression, most: int, spelling: Spelling, world: World
    ) -> Extent:
        low, high = self.length(text, world)
        if high <= most:
            return self.text(text, spelling, world)
        texts = self.finite(call, world)
        if texts is not None:
            return hull(written_extent(each, spelling) for each in texts)
        letters = self.shape(text, world).letters
        cut = extent_of_letter(letters, spelling).repeated(most - 1, most - 1)
        cut = cut.plus(written_extent(ELLIPSIS, spelling))
        if low > most:
            return cut
        return Shape(low, most, letters).extent(spelling).hull(cut)

    def _join(self, items: Expression, between: str, spelling: Spelling, world: World) -> Extent:
        low, high = self.count(items, world)
        marks = written_extent(between, spelling)
        if high == 0:
            return extent_of_text("")
        texts = self._item_text(items, spelling, world).repeated(low, high)
        return texts.plus(marks.repeated(max(0, low - 1), high - 1))

    def _item_text(self, items: Expression, spelling: Spelling, world: World) -> Extent:
        sources = self.sources(items, world)
        return hull(self._source_text(each, spelling, there) for each, there in sources)

    def _source_text(self, items: Expression, spelling: Spelling, world: World) -> Extent:
        match items:
            case Const(value=tuple(values)):
                return hull(written_extent(str(value), spelling) for value in values or ("",))
            case Each(body=body):
                return self.text(body, spelling, world)
            case _ if isinstance(items.type, ListType) and isinstance(items.type.item, EnumType):
                members = items.type.item.values
                return hull(written_extent(member, spelling) for member in members)
            case _:
                return self.item(items, world).extent(spelling)


def _with_step(step: Step, spelling: Spelling) -> Spelling:
    """In the order of the row back end: a replacement is done after PLAIN, all else before it."""
    if isinstance(step, Swap) and spelling[:1] == (Escape.PLAIN,):
        return (Escape.PLAIN, step, *spelling[1:])
    return (step, *spelling)
