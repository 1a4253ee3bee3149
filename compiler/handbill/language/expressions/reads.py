"""What an expression reads, and how large it is. Never recursive: a tree may be deep."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from handbill.language.expressions.facts import Path
from handbill.plan.ir import Call, Const, Expression, Field
from handbill.plan.types import Type

MAX_SIZE = 10_000
"""Nodes of a lowered expression, named audiences put in."""


def nodes_of(expression: Expression) -> Iterator[tuple[Expression, int]]:
    """Every node with its depth, the root first (depth 1)."""
    pending: list[tuple[Expression, int]] = [(expression, 1)]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        if isinstance(node, Call):
            pending.extend((argument, depth + 1) for argument in node.arguments)


def fields_in(expression: Expression) -> dict[Path, Type]:
    """The fields that an expression reads, root included: ("customer", "store", "name")."""
    found = {node.path: node.type for node, _ in nodes_of(expression) if isinstance(node, Field)}
    return dict(sorted(found.items()))


def constants_in(expression: Expression) -> frozenset[Const]:
    return frozenset(node for node, _ in nodes_of(expression) if isinstance(node, Const))


def depth_of(expression: Expression) -> int:
    return max(depth for _, depth in nodes_of(expression))


def is_larger_than(expression: Expression, size: int) -> bool:
    """Whether there are more than `size` nodes; looks at no more of them than that."""
    return next(islice(nodes_of(expression), size, None), None) is not None
