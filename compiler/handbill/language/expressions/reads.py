"""What an expression reads, and how large it is. Never recursive: a tree may be deep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import assert_never

from msgspec import structs

from handbill.plan.ir import (
    Call,
    Const,
    Each,
    Expression,
    Field,
    For,
    If,
    Local,
    Member,
    Op,
    Put,
    Set,
    Text,
)
from handbill.plan.types import Type

Path = tuple[str, ...]

MAX_SIZE = 10_000
"""Nodes of a lowered expression, named audiences put in."""
MAX_DEPTH = 40
"""Levels of a lowered expression, named audiences put in."""


def nodes_of(expression: Expression) -> Iterator[tuple[Expression, int]]:
    """Every node with its depth, the root first (depth 1)."""
    pending: list[tuple[Expression, int]] = [(expression, 1)]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        pending.extend((part, depth + 1) for part in parts_of(node))


def parts_of(node: Expression) -> tuple[Expression, ...]:
    """What a node is directly made of."""
    match node:
        case Call(arguments=arguments):
            return arguments
        case Member(of=of):
            return (of,)
        case Each(items=items, body=body):
            return (items, body)
        case Const() | Field() | Local():
            return ()
        case _:
            assert_never(node)


def fields_in(expression: Expression) -> dict[Path, Type]:
    """The fields that an expression reads, root included: ("customer", "store", "name")."""
    found = {node.path: node.type for node, _ in nodes_of(expression) if isinstance(node, Field)}
    return dict(sorted(found.items()))


def constants_in(expression: Expression) -> frozenset[Const]:
    return frozenset(node for node, _ in nodes_of(expression) if isinstance(node, Const))


def reads_local(expression: Expression, name: str) -> bool:
    """Whether it reads the local name, or a loop's counters of it."""
    return any(
        isinstance(node, Local) and node.name.partition(".")[0] == name
        for node, _ in nodes_of(expression)
    )


def locals_in(expression: Expression) -> frozenset[str]:
    """The local names that it reads and does not bind itself."""
    free: set[str] = set()
    pending: list[tuple[Expression, frozenset[str]]] = [(expression, frozenset())]
    while pending:
        node, bound = pending.pop()
        if isinstance(node, Local) and node.name not in bound:
            free.add(node.name)
        if isinstance(node, Each):
            pending += [(node.items, bound), (node.body, bound | {node.name})]
        else:
            pending += [(part, bound) for part in parts_of(node)]
    return frozenset(free)


def substituted(expression: Expression, meanings: Mapping[str, Expression]) -> Expression:
    """The expression with local names replaced by what they stand for, as far as that is known."""
    if not meanings or not locals_in(expression) & meanings.keys():
        return expression
    match expression:
        case Local(name=name):
            return substituted(meanings[name], meanings)
        case Call(arguments=arguments):
            parts = tuple(substituted(each, meanings) for each in arguments)
            return Call(expression.operation, parts, expression.type, expression.wide)
        case Member(of=of):
            return Member(substituted(of, meanings), expression.name, expression.type)
        case Each():
            items = substituted(expression.items, meanings)
            body = substituted(expression.body, meanings)
            return structs.replace(expression, items=items, body=body)
        case Const() | Field():
            return expression
        case _:
            assert_never(expression)


def depth_of(expression: Expression) -> int:
    return max(depth for _, depth in nodes_of(expression))


def excess_of(expression: Expression) -> str | None:
    """`more than 10,000 parts` or `43 levels`, where that is too many; looks at no more parts than it
    must."""
    if isinstance(expression, Const | Field | Local):
        return None
    levels = [level for _, level in islice(nodes_of(expression), MAX_SIZE + 1)]
    if len(levels) > MAX_SIZE:
        return f"more than {MAX_SIZE:,} parts"
    return f"{max(levels)} levels" if max(levels) > MAX_DEPTH else None


def expressions_of(ops: Iterable[Op]) -> Iterator[Expression]:
    """What a template's operations evaluate, in the order in which they are written."""
    for op in ops:
        match op:
            case Text():
                pass
            case Put(expression=expression) | Set(expression=expression):
                yield expression
            case If(branches=branches, otherwise=otherwise):
                for branch in branches:
                    yield branch.condition
                    yield from expressions_of(branch.body)
                yield from expressions_of(otherwise)
            case For(items=items, body=body, otherwise=otherwise):
                yield items
                yield from expressions_of(body)
                yield from expressions_of(otherwise)
            case _:
                assert_never(op)
