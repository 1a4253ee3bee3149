"""How long a text can become, from the types of its holes: the simplest of the bounds.

Exact bytes and SMS segments need more than this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from handbill.plan.ir import Escape, Expression, For, If, Op, Put, Set, Text
from handbill.plan.types import EnumType, StringType

LONGEST_SPELLING: Mapping[Escape, int] = {
    Escape.NONE: 1,
    Escape.PLAIN: 1,
    Escape.HEADER: 1,
    Escape.HTML_TEXT: len("&amp;"),
    Escape.HTML_ATTRIBUTE: len("&quot;"),
    Escape.URL: len("%F0%9F%98%80"),
    Escape.URL_SEGMENT: len("%F0%9F%98%80"),
}
"""What one code point can become at most."""


def longest_text(ops: tuple[Op, ...]) -> int:
    """An upper bound on the code points that `ops` writes; no customer makes more."""
    return sum(_longest(op) for op in ops)


def _longest(op: Op) -> int:
    match op:
        case Text(text=text):
            return len(text)
        case Put(expression=expression, escape=escape):
            return longest_string(expression) * LONGEST_SPELLING[escape]
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
