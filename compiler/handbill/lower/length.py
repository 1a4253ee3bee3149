"""How long a text can become, from the types of its holes: the simplest of the bounds.

Counts code points of the text before escaping. Exact bytes and SMS segments need more than this.
"""

from __future__ import annotations

from typing import assert_never

from handbill.plan.ir import Escape, Expression, For, If, Op, Put, Set, Text
from handbill.plan.types import EnumType, StringType


def longest_text(ops: tuple[Op, ...]) -> int:
    """An upper bound on the code points that `ops` writes; no customer makes more."""
    return sum(_longest(op) for op in ops)


def _longest(op: Op) -> int:
    match op:
        case Text(text=text):
            return len(text)
        case Put(expression=expression, escape=escape):
            assert escape in (Escape.NONE, Escape.HEADER)
            return longest_string(expression)
        case If(branches=branches, otherwise=otherwise):
            bodies = [branch.body for branch in branches] + [otherwise]
            return max(longest_text(body) for body in bodies)
        case For(limit=limit, body=body, otherwise=otherwise):
            return max(limit * longest_text(body), longest_text(otherwise))
        case Set():
            return 0
    assert_never(op)


def longest_string(expression: Expression) -> int:
    """The longest value of a string expression, in code points."""
    match expression.type:
        case StringType(maximum=maximum):
            return maximum
        case EnumType(values=values):
            return max(map(len, values), default=0)
    raise TypeError(f"not a string: {expression.type}")
