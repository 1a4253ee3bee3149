"""The names that a template binds itself, `set` and the items of loops, and what a branch makes of them.

A `set` in an `if` is seen after it, one in a `for`, a block or an include is not. Each `set` binds a local
of its own, so that no local ever changes: where branches leave different values behind, each of them
ends by setting one more local, and the name stands for that from there on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handbill.language.expressions.build import constant
from handbill.language.expressions.checked import ITEM, Checked, value_of
from handbill.language.expressions.checking import NO_WAY, WayHere, Within
from handbill.language.expressions.counts import has_items
from handbill.language.expressions.facts import Assumption, Interval
from handbill.language.expressions.logic import unify
from handbill.language.scope import ComputedRoot, ConstantRoot, Root, Scope, ValueRoot
from handbill.language.templates.draft import Draft, DraftSet, Place
from handbill.plan.ir import Call, Const, Expression, Local, Operation
from handbill.plan.types import BoolType, IntType, ListType, Type

BOOL = BoolType()


@dataclass(frozen=True, slots=True)
class State:
    """What is known at one point of a template.

    `own` are the names that this body may set again; `partly` those that only some branches have set,
    with the place of one; `rounds` is how often this point is reached at most, inside `loops` loops.
    """

    scope: Scope
    own: frozenset[str] = frozenset()
    partly: Mapping[str, Place] = field(default_factory=dict)
    way: WayHere = NO_WAY
    rounds: int = 1
    loops: int = 0

    def assuming(self, condition: Checked, holds: bool) -> State:
        facts = condition.when_true if holds else condition.when_false
        way = self.way
        if condition.expression is not None and condition.constant is None:
            said = Assumption(condition.expression, holds)
            way = WayHere((*way.assumptions, said), way.within, way.meanings)
        scope = self.scope.assuming(facts)
        return State(scope, self.own, self.partly, way, self.rounds, self.loops)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """The conditions on the way here."""
        return self.way.assumptions

    def meaning(self, local: str, expression: Expression) -> State:
        """The state in which a local name stands for an expression."""
        meanings = {**self.way.meanings, local: expression}
        return replace(self, way=replace(self.way, meanings=meanings))

    def at_each(self, local: str, items: Checked) -> State:
        """The state at one item of a list that is no constant; so it has one."""
        assert items.expression is not None
        facts = items.items.about(ITEM, local).both(has_items(items.expression, 1))
        way = replace(self.way, within=(*self.way.within, Within(local, items.expression)))
        return replace(self, scope=self.scope.assuming(facts), way=way)

    def binding(self, name: str, root: Root) -> State:
        """The state after a `set`."""
        partly = {other: place for other, place in self.partly.items() if other != name}
        scope = self.scope.binding(name, root)
        return replace(self, scope=scope, own=self.own | {name}, partly=partly)

    def inner(self) -> State:
        """The state in a body whose own names end with it."""
        return State(self.scope, frozenset(), self.partly, self.way, self.rounds, self.loops)


class Locals:
    """Names for locals, each given once per template."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def fresh(self, name: str) -> str:
        candidate, count = name, 1
        while candidate in self._taken:
            count += 1
            candidate = f"{name}_{count}"
        self._taken.add(candidate)
        return candidate


def local_value(name: str, type: Type, interval: Interval | None = None) -> Checked:
    return value_of(Local(name, type), type, interval=interval, path=(name,))


def named_value(name: str, value: Checked) -> Checked:
    """A local name for a value, with all that is known of it."""
    assert value.type is not None
    local = local_value(name, value.type, value.interval)
    return replace(local, shape=value.shape, items=value.items)


def item_value(name: str, items: Checked) -> Checked:
    """A local name for one item of a list."""
    assert isinstance(items.type, ListType)
    shape = replace(items.shape, relation=None) if items.shape is not None else None
    return replace(local_value(name, items.type.item), shape=shape)


# ── loops ────────────────────────────────────────────────────────────────────────────────────────


def loop_values(local: str, maximum: int) -> ComputedRoot:
    """`loop` inside a loop over a field: index, index0, length, first, last."""
    index0 = _counter(f"{local}.index0", 0, maximum - 1)
    length = _counter(f"{local}.length", 1, maximum)
    index = _plus_one(index0, maximum)
    return ComputedRoot(
        {
            "index0": index0,
            "index": index,
            "length": length,
            "first": _equal(index0, _number(0)),
            "last": _equal(index, length),
        }
    )


def constant_loop_values(place: int, count: int) -> ConstantRoot:
    """`loop` in one round of a loop that is written out."""
    return ConstantRoot(
        {
            "index0": place,
            "index": place + 1,
            "length": count,
            "first": place == 0,
            "last": place == count - 1,
        }
    )


def _counter(name: str, low: int, high: int) -> Checked:
    return local_value(name, IntType(low, high), Interval(low, high))


def _number(value: int) -> Checked:
    found = constant(value, IntType())
    assert found is not None
    return found


def _plus_one(index0: Checked, maximum: int) -> Checked:
    one = _number(1).expression
    assert index0.expression is not None and one is not None
    type_ = IntType(1, maximum)
    return value_of(Call(Operation.ADD, (index0.expression, one), type_), type_)


def _equal(left: Checked, right: Checked) -> Checked:
    assert left.expression is not None and right.expression is not None
    return value_of(Call(Operation.EQ, (left.expression, right.expression), BOOL), BOOL)


# ── after an if ──────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Way:
    """One way through an `if`: what it writes, and what is known at its end."""

    drafts: list[Draft]
    state: State


def join(before: State, ways: Sequence[Way], locals_: Locals, place: Place) -> State | str:
    """The state after an `if`; may add a `set` to the end of each way.

    A text is the name whose values do not mix (a number here, a text there).
    """
    names = sorted(frozenset().union(*(way.state.own for way in ways)))
    after = before
    for name in names:
        roots = [way.state.scope.roots.get(name) for way in ways]
        if all(root is not None and root is roots[0] for root in roots):
            after = after.binding(name, _present(roots[0]))
        elif any(root is None for root in roots):
            after = replace(after, partly={**after.partly, name: place})
        else:
            joined = _joined(name, ways, [_present(root) for root in roots], locals_)
            if joined is None:
                return name
            after = after.binding(name, joined)
    partly = {name: where for way in ways for name, where in way.state.partly.items()}
    partly = {name: where for name, where in partly.items() if name not in after.scope.roots}
    return replace(after, partly={**after.partly, **partly})


def _present(root: Root | None) -> Root:
    assert root is not None
    return root


def _joined(name: str, ways: Sequence[Way], roots: list[Root], locals_: Locals) -> Root | None:
    values = [root.value for root in roots if isinstance(root, ValueRoot)]
    assert len(values) == len(roots), "set binds values"
    if any(value.expression is None for value in values):
        return ValueRoot(Checked())
    expressions = {value.expression for value in values}
    if len(expressions) == 1:
        return roots[0]
    unified = _unified(values)
    if unified is None:
        return None
    values, type_ = unified
    local = locals_.fresh(name)
    for way, value in zip(ways, values, strict=True):
        assert value.expression is not None
        way.drafts.append(DraftSet(local, value.expression))
    intervals = [value.interval for value in values if value.interval is not None]
    hull = None
    if len(intervals) == len(values):
        hull = Interval(min(i.low for i in intervals), max(i.high for i in intervals))
    shape = values[0].shape if all(value.shape == values[0].shape for value in values) else None
    return ValueRoot(replace(local_value(local, type_, hull), shape=shape))


def _unified(values: list[Checked]) -> tuple[list[Checked], Type] | None:
    """All values in one representation."""
    widest = values[0]
    type_ = widest.type
    for value in values[1:]:
        pair = unify(widest, value)
        if pair is None:
            return None
        left, _, type_ = pair
        widest = value_of(
            left.expression or Const(BOOL, False), type_, interval=_hull(widest, value)
        )
    aligned: list[Checked] = []
    for value in values:
        pair = unify(value, widest)
        if pair is None or type_ is None:
            return None
        aligned.append(pair[0])
    return (aligned, type_) if type_ is not None else None


def _hull(left: Checked, right: Checked) -> Interval | None:
    if left.interval is None or right.interval is None:
        return None
    return left.interval.hull(right.interval)
