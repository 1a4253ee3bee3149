"""The extent of what operations write: a sequence adds, a choice takes the hull, a loop multiplies.

A loop whose body asks which round it is (`loop.first`, `loop.last`) is taken apart into its first,
its last and the rounds between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import assert_never

import msgspec
from msgspec.structs import replace

from handbill.language.bounds.measure import EMPTY, Extent, Measure, extent_of_text, hull
from handbill.language.bounds.shapes import Shape
from handbill.language.bounds.spelling import UNSPELLED, Letters, Spelling, spell
from handbill.language.bounds.texts import Texts
from handbill.language.bounds.world import EMPTY_WORLD, Bound, Interval, World
from handbill.language.expressions.facts import Assumption
from handbill.plan.escapes import IN_PLACE_OF_A_DOT
from handbill.plan.ir import (
    Const,
    Each,
    Escape,
    Expression,
    Field,
    For,
    If,
    Local,
    Op,
    Put,
    Set,
    Text,
)
from handbill.plan.types import ListType, StringType, TypeStruct

MAX_TAKEN_APART = 2
"""Loops within one another that are taken apart: each makes four of its body."""


class Rendering(Texts):
    """`any_letters`: what texts without an alphabet consist of, where less than anything is meant."""

    def __init__(self, any_letters: Letters = None) -> None:
        super().__init__()
        self.any_letters = any_letters
        self._loops = 0

    def body(self, ops: Sequence[Op], spelling: Spelling, world: World) -> tuple[Extent, World]:
        """The extent of a body, and the world after it (which a `set` changes)."""
        extent = EMPTY
        for op in ops:
            match op:
                case Text(text=text):
                    extent = extent.plus(extent_of_text(spell(text, spelling)))
                case Put(expression=expression, escape=escape):
                    extent = extent.plus(self.put(expression, escape, spelling, world))
                case If():
                    each, world = self._if(op, spelling, world)
                    extent = extent.plus(each)
                case For():
                    extent = extent.plus(self._for(op, spelling, world))
                case Set(name=name, expression=expression):
                    world = world.binding(name, Bound(expression, world))
                case _:
                    assert_never(op)
        return extent, world

    def put(
        self, expression: Expression, escape: Escape, spelling: Spelling, world: World
    ) -> Extent:
        if escape is not Escape.URL_SEGMENT:
            return self.text(expression, (escape, *spelling), world)
        # As URL, but an empty text or one of dots alone is written in other characters.
        extent = self.text(expression, (Escape.URL, *spelling), world)
        least = extent_of_text(spell(IN_PLACE_OF_A_DOT, spelling))
        return Extent(extent.low, extent.high.most(least.high))

    # ── choices ──────────────────────────────────────────────────────────────────────────────────

    def _if(self, op: If, spelling: Spelling, world: World) -> tuple[Extent, World]:
        found = [self.body(body, spelling, there) for body, there in self.branches(op, world)]
        if not found:  # what is known rules out every branch: nobody comes here
            return EMPTY, world
        names: dict[str, tuple[Bound, ...]] = {}
        for _, after in found:
            for name, bounds in after.locals.items():
                if world.locals.get(name) is not bounds:
                    names[name] = (*names.get(name, ()), *bounds)
        joined = replace(world, locals={**world.locals, **names}) if names else world
        return hull(extent for extent, _ in found), joined

    def branches(self, op: If, world: World) -> Iterator[tuple[tuple[Op, ...], World]]:
        """The bodies that can be reached, each with what is known there."""
        rest = world
        for branch in op.branches:
            decided = self.decide(branch.condition, rest)
            if decided is not False:
                there = self.assume(branch.condition, True, rest)
                if there is not None:
                    yield branch.body, there
            after = None if decided else self.assume(branch.condition, False, rest)
            if after is None:
                return
            rest = after
        yield op.otherwise, rest

    # ── loops ────────────────────────────────────────────────────────────────────────────────────

    def _for(self, op: For, spelling: Spelling, world: World) -> Extent:
        low, high = (min(end, op.limit) for end in self.count(op.items, world))
        inside = self._with_item(op, world)
        extents = []
        if low == 0:
            extents.append(self.body(op.otherwise, spelling, world)[0])
        if high > 0:
            extents.append(self._rounds(op, spelling, inside, max(low, 1), high))
        return hull(extents)

    def _rounds(self, op: For, spelling: Spelling, world: World, low: int, high: int) -> Extent:
        if high == 1 or self._loops >= MAX_TAKEN_APART or not _asks_for_round(op):
            inside = world.in_round(op.name, (0, high - 1), (low, high), None)
            return self._round(op, spelling, inside).repeated(low, high)
        extents = []
        if low == 1:
            only = world.in_round(op.name, (0, 0), (1, 1), "only")
            extents.append(self._round(op, spelling, only))
        length: Interval = max(low, 2), high
        first = self._round(op, spelling, world.in_round(op.name, (0, 0), length, "first"))
        last = self._round(
            op, spelling, world.in_round(op.name, (length[0] - 1, high - 1), length, "last")
        )
        ends = first.plus(last)
        if high > 2:
            between = world.in_round(op.name, (1, high - 2), (max(low, 3), high), "middle")
            middle = self._round(op, spelling, between)
            ends = ends.plus(middle.repeated(length[0] - 2, high - 2))
        extents.append(ends)
        return hull(extents)

    def _with_item(self, op: For, world: World) -> World:
        """An item that `map` makes, or that has an alphabet, is more than the loop's type says."""
        bounds = []
        for items, there in self.sources(op.items, world):
            match items:
                case Each(body=body):
                    bounds.append(Bound(body, there))
                case Const(value=()):
                    pass
                case Field(type=ListType(item=StringType(alphabet=str()) as item)):
                    bounds.append(Bound(Local(f"{op.name} of a list", item), there))
                case _:
                    return world
        return world.binding(op.name, *bounds) if bounds else world

    def _round(self, op: For, spelling: Spelling, world: World) -> Extent:
        self._loops += 1
        extent, _ = self.body(op.body, spelling, world)
        self._loops -= 1
        return extent

    # ── texts within texts ───────────────────────────────────────────────────────────────────────

    def bound_text(self, bound: Bound, spelling: Spelling) -> Extent:
        if isinstance(bound.value, tuple) and spelling not in bound.extents:
            bound.extents[spelling] = self.body(bound.value, spelling, bound.world)[0]
        return super().bound_text(bound, spelling)

    def bound_shape(self, bound: Bound) -> Shape:
        if isinstance(bound.value, tuple):
            extent = self.bound_text(bound, UNSPELLED)
            return Shape(extent.low.characters, extent.high.characters, None)
        return super().bound_shape(bound)


def extent_of(
    ops: Sequence[Op],
    assumptions: Sequence[Assumption] = (),
    spelling: Spelling = UNSPELLED,
    any_letters: Letters = None,
) -> Extent:
    """The extent of every text that operations write for whoever meets the assumptions.

    No text has more or less of anything; ends may be out of reach where values depend on each other.
    """
    return _extent_of(tuple(ops), tuple(assumptions), spelling, any_letters)


@lru_cache(maxsize=256)
def _extent_of(
    ops: tuple[Op, ...],
    assumptions: tuple[Assumption, ...],
    spelling: Spelling,
    any_letters: Letters,
) -> Extent:
    """Remembered: of a message whose subject is edited everything else stays."""
    rendering = Rendering(any_letters)
    known = any_letters is None
    world = _world_of(assumptions) if known else world_of(assumptions, rendering)
    return rendering.body(ops, spelling, world)[0]


class _Loose(Rendering):
    """Takes every branch and every round of a loop for possible: never less than there is, and soon
    told."""

    def branches(self, op: If, world: World) -> Iterator[tuple[tuple[Op, ...], World]]:
        for branch in op.branches:
            yield branch.body, world
        yield op.otherwise, world

    def _rounds(self, op: For, spelling: Spelling, world: World, low: int, high: int) -> Extent:
        inside = world.in_round(op.name, (0, high - 1), (low, high), None)
        return self._round(op, spelling, inside).repeated(low, high)


def at_most(ops: Sequence[Op]) -> Measure:
    """No less than `extent_of(ops, …).high`, whatever is assumed: what stays within a limit so does so
    for everybody."""
    return _at_most(tuple(ops))


@lru_cache(maxsize=64)
def _at_most(ops: tuple[Op, ...]) -> Measure:
    return _Loose().body(ops, UNSPELLED, EMPTY_WORLD)[0].high


@lru_cache(maxsize=64)
def _world_of(assumptions: tuple[Assumption, ...], *, written_only: bool = False) -> World:
    """Remembered: every part of every message of a campaign is for the same customers."""
    rendering = Rendering()
    rendering.written_only = written_only
    return world_of(assumptions, rendering)


def may_be_blank(ops: Sequence[Op], assumptions: Sequence[Assumption]) -> bool:
    """Whether operations may write nothing that is seen, though no value that they write is empty."""
    if any(isinstance(op, Text) and not op.text.isspace() for op in ops):
        return False
    rendering = Rendering()
    rendering.written_only = True
    world = _world_of(tuple(assumptions), written_only=True)
    extent, _ = rendering.body(ops, UNSPELLED, world)
    return extent.low.visible == 0


def world_of(assumptions: Sequence[Assumption], reader: Texts) -> World:
    """What follows from conditions that everybody meets; nothing, where nobody can."""
    world = EMPTY_WORLD
    for each in assumptions:
        world = reader.assume(each.condition, each.holds, world) or world
    return world


_WITHOUT_LOCALS = (str, Text, Const, Field, TypeStruct)


def _asks_for_round(op: For) -> bool:
    counters = (f"{op.name}.index0", f"{op.name}.length")
    waiting: list[object] = [op.body]
    while waiting:
        one = waiting.pop()
        if isinstance(one, _WITHOUT_LOCALS):
            continue
        if isinstance(one, Local) and one.name in counters:
            return True
        if isinstance(one, msgspec.Struct):
            waiting += [getattr(one, name) for name in one.__struct_fields__]
        elif isinstance(one, tuple):
            waiting += one
    return False
