"""What is known at one point of a template: bounds tighter than the types', and what locals stand for.

Facts are about expressions as they are written: after `x | default(0) < 100` the same expression is
below 100. Nothing ever becomes wrong by going on, since no value changes; a fact ends with its branch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from handbill.language.bounds.measure import Extent
from handbill.language.bounds.spelling import Spelling
from handbill.plan.ir import Expression, Op

Interval: TypeAlias = tuple[int, int]
"""Inclusive."""
Turn: TypeAlias = Literal["only", "first", "middle", "last"]
"""Which round of a loop it is."""


class Known(msgspec.Struct, frozen=True, gc=False):
    """What is known of one expression; None where nothing is.

    `interval`: of its number. `size`: how many characters or items it has. `texts`: all that it can
    be. `truth`: of a condition.
    """

    interval: Interval | None = None
    size: Interval | None = None
    texts: tuple[str, ...] | None = None
    defined: bool | None = None
    truth: bool | None = None


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """What a local stands for: an expression (or a whole text) and what was known where it was made."""

    value: Expression | tuple[Op, ...]
    world: World
    extents: dict[Spelling, Extent] = field(default_factory=dict)
    """Those that were computed already: a local may be read often."""


class World(msgspec.Struct, frozen=True):
    """`locals` are alternatives by name; `texts` are fields that stand for a text of operations."""

    known: Mapping[Expression, Known] = msgspec.field(default_factory=dict)
    locals: Mapping[str, tuple[Bound, ...]] = msgspec.field(default_factory=dict)
    counters: Mapping[str, Interval] = msgspec.field(default_factory=dict)
    """`NAME.index0` and `NAME.length` of the loops around."""
    turns: Mapping[str, Turn] = msgspec.field(default_factory=dict)
    texts: Mapping[tuple[str, ...], Bound] = msgspec.field(default_factory=dict)

    def of(self, expression: Expression) -> Known:
        return self.known.get(expression, NOTHING_KNOWN) if self.known else NOTHING_KNOWN

    def knowing(self, expression: Expression, fact: Known) -> World:
        return replace(self, known={**self.known, expression: fact})

    def binding(self, name: str, *values: Bound) -> World:
        return replace(self, locals={**self.locals, name: values})

    def in_round(self, name: str, index0: Interval, length: Interval, turn: Turn | None) -> World:
        """Inside a loop's body, in such a round."""
        counters = {**self.counters, f"{name}.index0": index0, f"{name}.length": length}
        turns = {**self.turns, name: turn} if turn else self.turns
        return replace(self, counters=counters, turns=turns)


EMPTY_WORLD = World()


def meet(first: Interval | None, second: Interval | None) -> Interval | None:
    """What both allow; one that allows nothing is left as it is, for the caller to notice."""
    if first is None or second is None:
        return first if second is None else second
    return max(first[0], second[0]), min(first[1], second[1])


def is_empty(interval: Interval | None) -> bool:
    return interval is not None and interval[0] > interval[1]
