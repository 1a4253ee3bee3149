"""Conditions: which are known to hold or not, and what follows where one does.

Sound and simple: comparisons with a constant, membership, `is defined`, and what is said of them by
and, or and not. What is not understood says nothing.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

from handbill.language.bounds.counting import Counting
from handbill.language.bounds.world import Interval, Known, World, is_empty, meet
from handbill.plan.ir import Call, Const, Expression, Field, Local, Member, Operation

_FLIPPED = {
    Operation.LT: Operation.GT,
    Operation.LE: Operation.GE,
    Operation.GT: Operation.LT,
    Operation.GE: Operation.LE,
    Operation.EQ: Operation.EQ,
    Operation.NE: Operation.NE,
}
_NEGATED = {
    Operation.LT: Operation.GE,
    Operation.LE: Operation.GT,
    Operation.GT: Operation.LE,
    Operation.GE: Operation.LT,
    Operation.EQ: Operation.NE,
    Operation.NE: Operation.EQ,
}
FAR = 10**60


class _Seen(NamedTuple):
    """What one side of a comparison can be."""

    interval: Interval | None
    texts: tuple[str, ...] | None


class Deciding(Counting):
    @abstractmethod
    def finite(self, expression: Expression, world: World) -> tuple[str, ...] | None:
        """All texts that an expression can be, where they are few; None else."""

    # ── what is known ────────────────────────────────────────────────────────────────────────────

    def decide(self, condition: Expression, world: World) -> bool | None:
        """Whether the condition holds wherever this is reached; None where it may or may not."""
        match condition:
            case Const(value=bool(value)):
                return value
            case Call(operation=Operation.NOT, arguments=(inner,)):
                decided = self.decide(inner, world)
                return None if decided is None else not decided
            case Call(operation=Operation.AND, arguments=arguments):
                return self._all([self.decide(each, world) for each in arguments])
            case Call(operation=Operation.OR, arguments=arguments):
                found = [self.decide(each, world) for each in arguments]
                negated = self._all([None if each is None else not each for each in found])
                return None if negated is None else not negated
            case Call(operation=Operation.IS_DEFINED, arguments=(inner,)):
                defined = world.of(inner).defined
                return defined if defined is not None else world.of(condition).truth
            case Call(operation=operation, arguments=(left, right)) if operation in _NEGATED:
                known = world.of(condition).truth
                return known if known is not None else self._compare(operation, left, right, world)
            case _:
                return world.of(condition).truth

    def _all(self, decided: list[bool | None]) -> bool | None:
        if False in decided:
            return False
        return None if None in decided else True

    def _compare(
        self, operation: Operation, left: Expression, right: Expression, world: World
    ) -> bool | None:
        turn = _turn_of(left, right, world)
        if turn is not None and operation in (Operation.EQ, Operation.NE):
            return (turn in ("only", "last")) is (operation is Operation.EQ)
        first, second = self.interval(left, world), self.interval(right, world)
        if first is not None and second is not None:
            return _compared(operation, first, second)
        if operation in (Operation.EQ, Operation.NE):
            texts, others = self.finite(left, world), self.finite(right, world)
            if texts is not None and others is not None and not set(texts) & set(others):
                return operation is Operation.NE
        return None

    # ── what follows ─────────────────────────────────────────────────────────────────────────────

    def assume(self, condition: Expression, holds: bool, world: World) -> World | None:
        """What is known where the condition holds (or does not); None where it cannot be so."""
        match condition:
            case Const(value=bool(value)):
                return world if value is holds else None
            case Call(operation=Operation.NOT, arguments=(inner,)):
                return self.assume(inner, not holds, world)
            case Call(operation=Operation.AND | Operation.OR as operation, arguments=arguments):
                if holds is (operation is Operation.AND):
                    return self._each(arguments, holds, world)
                return self._some(condition, arguments, holds, world)
            case Call(operation=Operation.IS_DEFINED, arguments=(inner,)):
                return self._learn(inner, Known(defined=holds), world)
            case Call(operation=operation, arguments=(left, right)) if operation in _NEGATED:
                told = self._learn(condition, Known(truth=holds), world)
                actual = operation if holds else _NEGATED[operation]
                return told and self._relate(actual, left, right, told, world)
            case Call(operation=Operation.IN, arguments=(value, *members)):
                return self._among(condition, value, tuple(members), holds, world)
            case Call(operation=Operation.LIST_CONTAINS, arguments=(items, _)) if holds:
                return self._learn(items, Known(size=(1, FAR), defined=True), world)
            case _:
                return self._learn(condition, Known(truth=holds), world)

    def _each(self, conditions: tuple[Expression, ...], holds: bool, world: World) -> World | None:
        found: World | None = world
        for each in conditions:
            found = self.assume(each, holds, found) if found is not None else None
        return found

    def _some(
        self, whole: Expression, conditions: tuple[Expression, ...], holds: bool, world: World
    ) -> World | None:
        """At least one of them is so: it follows where only one can be."""
        open_ = [each for each in conditions if self.decide(each, world) in (None, holds)]
        if not open_:
            return None
        if len(open_) == 1:
            return self.assume(open_[0], holds, world)
        return self._learn(whole, Known(truth=holds), world)

    def _learn(self, expression: Expression, fact: Known, world: World) -> World | None:
        """One more fact; None where it contradicts what is known."""
        known = world.of(expression)
        for now, new in ((known.defined, fact.defined), (known.truth, fact.truth)):
            if now is not None and new is not None and now is not new:
                return None
        merged = Known(
            interval=meet(known.interval, fact.interval),
            size=meet(known.size, fact.size),
            texts=_common(known.texts, fact.texts),
            defined=known.defined if fact.defined is None else fact.defined,
            truth=known.truth if fact.truth is None else fact.truth,
        )
        impossible = is_empty(merged.interval) or is_empty(merged.size) or merged.texts == ()
        return None if impossible else world.knowing(expression, merged)

    def _relate(
        self,
        operation: Operation,
        left: Expression,
        right: Expression,
        told: World,
        world: World,
    ) -> World | None:
        """`told` with both sides of a comparison that holds, each narrowed by what the other was."""
        sides = (
            (operation, left, self._seen(left, world), self._seen(right, world)),
            (_FLIPPED[operation], right, self._seen(right, world), self._seen(left, world)),
        )
        found: World | None = told
        for how, value, own, other in sides:
            found = self._narrow(how, value, own, other, found) if found is not None else None
        return found

    def _seen(self, value: Expression, world: World) -> _Seen:
        return _Seen(self.interval(value, world), self.finite(value, world))

    def _narrow(
        self, operation: Operation, value: Expression, own: _Seen, other: _Seen, world: World
    ) -> World | None:
        if isinstance(value, Const):
            return world
        there = True if isinstance(value, Field | Local | Member) else None
        if own.interval is not None and other.interval is not None:
            within = _within(operation, own.interval, other.interval)
            found = self._learn(value, Known(interval=within, defined=there), world)
            match value:
                case Call(operation=Operation.LENGTH | Operation.COUNT, arguments=(inner,)):
                    return found and self._learn(inner, Known(size=within), found)
                case _:
                    return found
        if other.texts is not None and operation is Operation.EQ:
            return self._learn(value, Known(texts=other.texts, defined=there), world)
        if own.texts is not None and other.texts is not None and len(other.texts) == 1:
            left = tuple(text for text in own.texts if text not in other.texts)
            if operation is Operation.NE:
                return self._learn(value, Known(texts=left, defined=there), world)
        return self._learn(value, Known(defined=there), world) if there else world

    def _among(
        self,
        condition: Expression,
        value: Expression,
        members: tuple[Expression, ...],
        holds: bool,
        world: World,
    ) -> World | None:
        told = self._learn(condition, Known(truth=holds), world)
        consts = [member.value for member in members if isinstance(member, Const)]
        texts = [each for each in consts if isinstance(each, str)]
        numbers = [each for each in consts if isinstance(each, int)]
        if told is None or len(consts) < len(members) or self.finite(members[0], world) is None:
            if told is None or not holds or len(numbers) < len(members):
                return told
            return self._learn(value, Known(interval=(min(numbers), max(numbers))), told)
        if holds:
            return self._learn(value, Known(texts=tuple(texts)), told)
        known = self.finite(value, world)
        if known is None:
            return told
        return self._learn(value, Known(texts=tuple(t for t in known if t not in texts)), told)


def _common(
    first: tuple[str, ...] | None, second: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    if first is None or second is None:
        return first if second is None else second
    return tuple(text for text in first if text in second)


def _within(operation: Operation, own: Interval, other: Interval) -> Interval | None:
    low, high = other
    match operation:
        case Operation.EQ:
            return other
        case Operation.LT:
            return -FAR, high - 1
        case Operation.LE:
            return -FAR, high
        case Operation.GT:
            return low + 1, FAR
        case Operation.GE:
            return low, FAR
        case Operation.NE if low == high == own[0]:
            return low + 1, FAR
        case Operation.NE if low == high == own[1]:
            return -FAR, high - 1
        case _:
            return None


def _compared(operation: Operation, first: Interval, second: Interval) -> bool | None:
    match operation:
        case Operation.LT:
            return _below(first, second)
        case Operation.GE:
            return _negation(_below(first, second))
        case Operation.GT:
            return _below(second, first)
        case Operation.LE:
            return _negation(_below(second, first))
        case Operation.EQ:
            return _same(first, second)
        case _:
            return _negation(_same(first, second))


def _below(first: Interval, second: Interval) -> bool | None:
    if first[1] < second[0]:
        return True
    return False if first[0] >= second[1] else None


def _same(first: Interval, second: Interval) -> bool | None:
    if first[1] < second[0] or second[1] < first[0]:
        return False
    return True if first[0] == first[1] == second[0] == second[1] else None


def _negation(decided: bool | None) -> bool | None:
    return None if decided is None else not decided


def _turn_of(left: Expression, right: Expression, world: World) -> str | None:
    """Of `loop.last`, which is `loop.index0 + 1 == loop.length`: which round it is."""
    match left, right:
        case (
            Call(operation=Operation.ADD, arguments=(Local(name=index0), Const(value=1))),
            Local(name=length),
        ):
            name = index0.removesuffix(".index0")
            return world.turns.get(name) if length == f"{name}.length" else None
        case _:
            return None
