"""The way through a template that makes most of it: which conditions hold there, and which do not.

Only a hint for the search of a customer: the way may be one that nobody can go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from handbill.language.bounds.measure import Extent
from handbill.language.bounds.rendering import Rendering, world_of
from handbill.language.bounds.world import Bound, World
from handbill.language.expressions.facts import Assumption
from handbill.language.expressions.reads import nodes_of
from handbill.plan.ir import Call, Expression, For, If, Local, Op, Operation, Put, Set, Text


def heaviest_way(
    ops: Sequence[Op], assumptions: Sequence[Assumption], weight: Callable[[Extent], int]
) -> tuple[Assumption, ...]:
    """What must hold for the branches of most `weight` to be taken; conditions on customers only."""
    rendering = Rendering()
    found = _of_body(rendering, ops, world_of(assumptions, rendering), weight)
    return tuple(each for each in found if not _has_local(each.condition))


def single_conditions(assumptions: Sequence[Assumption]) -> Iterator[Assumption]:
    """The same with `and` taken apart, so that each can be met by itself."""
    for each in assumptions:
        match each.condition:
            case Call(operation=Operation.NOT, arguments=(inner,)):
                yield from single_conditions([Assumption(inner, not each.holds)])
            case Call(operation=Operation.AND, arguments=parts) if each.holds:
                yield from single_conditions([Assumption(part, True) for part in parts])
            case Call(operation=Operation.OR, arguments=parts) if not each.holds:
                yield from single_conditions([Assumption(part, False) for part in parts])
            case _:
                yield each


def _of_body(
    rendering: Rendering, ops: Sequence[Op], world: World, weight: Callable[[Extent], int]
) -> Iterator[Assumption]:
    for op in ops:
        match op:
            case If():
                yield from _of_choice(rendering, op, world, weight)
            case For(body=body):
                yield from _of_body(rendering, body, world, weight)
            case Put(expression=expression):
                yield from _of_text(rendering, expression, world, weight)
            case Set(name=name, expression=expression):
                world = world.binding(name, Bound(expression, world))
            case Text():
                pass


def _of_choice(
    rendering: Rendering, op: If, world: World, weight: Callable[[Extent], int]
) -> Iterator[Assumption]:
    ways = list(rendering.branches(op, world))
    if not ways:
        return
    body, there = max(ways, key=lambda way: weight(rendering.body(way[0], (), way[1])[0]))
    for branch in op.branches:
        if branch.body is body:
            yield Assumption(branch.condition, True)
            break
        yield Assumption(branch.condition, False)
    yield from _of_body(rendering, body, there, weight)


def _of_text(
    rendering: Rendering, expression: Expression, world: World, weight: Callable[[Extent], int]
) -> Iterator[Assumption]:
    match expression:
        case Call(operation=Operation.IF, arguments=(condition, then, otherwise)):
            ways = rendering.ways(condition, then, otherwise, world)
            value, there = max(ways, key=lambda way: weight(rendering.text(way[0], (), way[1])))
            yield Assumption(condition, value is then)
            yield from _of_text(rendering, value, there, weight)
        case Call(operation=Operation.CONCAT, arguments=parts):
            for part in parts:
                yield from _of_text(rendering, part, world, weight)
        case _:
            pass


def _has_local(expression: Expression) -> bool:
    return any(isinstance(node, Local) for node, _ in nodes_of(expression))
