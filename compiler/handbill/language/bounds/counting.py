"""The interval of every number, and how many items a list has, from types and what is known."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from typing import TypeVar

from handbill.language.bounds.world import Bound, Interval, World, is_empty, meet
from handbill.plan.intervals import interval_of
from handbill.plan.ir import Call, Const, Each, Expression, Local, Operation
from handbill.plan.ir import Step as ListStep
from handbill.plan.types import (
    INT_DEFAULT_MAX,
    INT_DEFAULT_MIN,
    DecimalType,
    IntType,
    ListType,
    Type,
)

BEYOND = 10**38
"""More than any operation computes: a plan's type stops at 53 bits, its values need not."""
DATE_PARTS = {"year": (1900, 2199), "month": (1, 12), "day": (1, 31), "weekday": (1, 7)}
_ARITHMETIC = frozenset(
    {
        Operation.ADD,
        Operation.SUB,
        Operation.MUL,
        Operation.NEG,
        Operation.ABS,
        Operation.FLOOR_DIV,
        Operation.MOD,
        Operation.ROUND_DIV,
        Operation.DAYS_BETWEEN,
    }
)


T = TypeVar("T")


class Counting(ABC):
    """Numbers and counts; what they need of texts and conditions is a subclass's."""

    def __init__(self) -> None:
        self._remembered: dict[tuple[object, ...], tuple[object, ...]] = {}

    def once(
        self, what: Hashable, expression: Expression, world: World, make: Callable[[], T]
    ) -> T:
        """What `make` gives, made once for an expression in a world: expressions nest, and each level
        asks about the next more than once."""
        key = (what, id(expression), id(world))
        if key not in self._remembered:
            # The two are kept with it, so that no other object gets their ids.
            self._remembered[key] = (make(), expression, world)
        found: T = self._remembered[key][0]  # type: ignore[assignment]
        return found

    @abstractmethod
    def decide(self, condition: Expression, world: World) -> bool | None: ...

    @abstractmethod
    def assume(self, condition: Expression, holds: bool, world: World) -> World | None: ...

    @abstractmethod
    def length(self, expression: Expression, world: World) -> Interval:
        """Of a text, in characters."""

    # ── numbers ──────────────────────────────────────────────────────────────────────────────────

    def interval(self, expression: Expression, world: World) -> Interval | None:
        """Where a number lies (of a list: its items); None when it is no number."""
        found = self.once("interval", expression, world, lambda: self._interval(expression, world))
        return meet(found, world.of(expression).interval) if found is not None else None

    def _interval(self, expression: Expression, world: World) -> Interval | None:
        match expression:
            case Const(value=int(value)) if not isinstance(value, bool):
                return value, value
            case Local(name=name) if name in world.counters:
                return world.counters[name]
            case Local(name=name) if name in world.locals:
                found = [self._of_bound(bound, bound.world) for bound in world.locals[name]]
                return _union(*found)
            case Each(step=ListStep.MAP, body=body):
                return self.interval(body, world)
            case Each(items=items):
                return self.interval(items, world)
            case Call():
                return self._of_call(expression, world)
            case _:
                return interval_of(expression, ())

    def _of_bound(self, bound: Bound, world: World) -> Interval | None:
        return None if isinstance(bound.value, tuple) else self.interval(bound.value, world)

    def _of_call(self, call: Call, world: World) -> Interval | None:
        match call.operation, call.arguments:
            case Operation.IF, (condition, then, otherwise):
                ways = self.ways(condition, then, otherwise, world)
                return _union(*(self.interval(value, there) for value, there in ways))
            case Operation.DEFAULT, (value, fallback):
                parts = self.alternatives(value, fallback, world)
                return _union(*(self.interval(part, world) for part in parts))
            case Operation.LENGTH, (text,):
                return self.length(text, world)
            case Operation.COUNT, (items,):
                return self.count(items, world)
            case Operation.DATE_PART, (_, Const(value=str(part))):
                return DATE_PARTS[part]
            case (Operation.SLICE, (items, *_)) if isinstance(items.type, ListType):
                return self.interval(items, world)
            case (
                Operation.FIRST | Operation.LAST | Operation.ITEM
                | Operation.MINIMUM | Operation.MAXIMUM,
                (items, *_),
            ):  # fmt: skip
                return self.interval(items, world)
            case Operation.SUM, (items,):
                return self._sum(items, world)
            case Operation.AVERAGE, (items, Const(value=int(factor))):
                each = self.interval(items, world)
                return each and (each[0] * factor, each[1] * factor)
            case operation, arguments if operation in _ARITHMETIC:
                operands = [self.interval(argument, world) for argument in arguments]
                if any(is_empty(operand) for operand in operands):
                    return _of_type(call.type)
                return interval_of(call, operands)
            case _:
                return _of_type(call.type)

    def _sum(self, items: Expression, world: World) -> Interval | None:
        each, (_, most) = self.interval(items, world), self.count(items, world)
        return each and (min(0, each[0] * most), max(0, each[1] * most))

    # ── alternatives ─────────────────────────────────────────────────────────────────────────────

    def ways(
        self, condition: Expression, then: Expression, otherwise: Expression, world: World
    ) -> list[tuple[Expression, World]]:
        """The alternatives of an inline `if` that can be taken; both, where none seems to."""
        decided = self.decide(condition, world)
        found = []
        for value, holds in ((then, True), (otherwise, False)):
            there = self.assume(condition, holds, world) if decided in (None, holds) else None
            if there is not None:
                found.append((value, there))
        return found or [(then, world), (otherwise, world)]

    def alternatives(
        self, value: Expression, fallback: Expression, world: World
    ) -> tuple[Expression, ...]:
        """What `value | default(fallback)` can be."""
        match world.of(value).defined:
            case True:
                return (value,)
            case False:
                return (fallback,)
            case None:
                return (value, fallback)

    # ── lists ────────────────────────────────────────────────────────────────────────────────────

    def count(self, items: Expression, world: World) -> Interval:
        """The fewest and the most items of a list."""
        found = self._count(items, world)
        known = meet(found, world.of(items).size)
        return found if known is None or is_empty(known) else known

    def _count(self, items: Expression, world: World) -> Interval:
        match items:
            case Const(value=tuple(values)):
                return len(values), len(values)
            case Each(step=step, items=inner):
                low, high = self.count(inner, world)
                shrinks = step in (ListStep.SELECT, ListStep.MAP)
                return 0 if shrinks else min(low, 1) if step is ListStep.UNIQUE else low, high
            case Local(name=name) if name in world.locals:
                counts = [
                    self.count(bound.value, bound.world)
                    for bound in world.locals[name]
                    if not isinstance(bound.value, tuple)
                ]
                return min(low for low, _ in counts), max(high for _, high in counts)
            case Call(operation=Operation.SLICE, arguments=(inner, Const(value=int(most)))):
                low, high = self.count(inner, world)
                return min(low, most), min(high, most)
            case Call(operation=Operation.DEFAULT, arguments=(value, fallback)):
                parts = [self.count(p, world) for p in self.alternatives(value, fallback, world)]
                return min(low for low, _ in parts), max(high for _, high in parts)
            case _:
                assert isinstance(items.type, ListType)
                return 0, items.type.maximum


def _of_type(type: Type) -> Interval | None:
    """The bounds of what an operation computes, as far as its type says them."""
    match type:
        case IntType(minimum=low, maximum=high) | DecimalType(minimum=low, maximum=high):
            return (
                -BEYOND if low <= INT_DEFAULT_MIN else low,
                BEYOND if high >= INT_DEFAULT_MAX else high,
            )
        case _:
            return None


def _union(*intervals: Interval | None) -> Interval | None:
    found = [interval for interval in intervals if interval is not None]
    if not found:
        return None
    return min(low for low, _ in found), max(high for _, high in found)
