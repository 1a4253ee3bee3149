"""A text with holes as one string expression, so that other texts can quote it.

`offer.summary` in a subject and `preheader` in a layout are texts themselves; they become
expressions here and are inlined where they are named.
"""

from __future__ import annotations

from typing import assert_never

from handbill.lower.length import longest_string
from handbill.plan.ir import Call, Const, Expression, For, If, Op, Operation, Put, Set, Text
from handbill.plan.types import StringType

NO_TEXT = Const(StringType(0), "")


def text_value(ops: tuple[Op, ...]) -> Expression | None:
    """The text that `ops` writes, unescaped; None where it needs a loop or a local name."""
    parts = [_part(op) for op in ops]
    if any(part is None for part in parts):
        return None
    return _concat([part for part in parts if part is not None])


def _part(op: Op) -> Expression | None:
    match op:
        case Text(text=text):
            return Const(StringType(len(text)), text)
        case Put(expression=expression):
            return expression
        case If(branches=branches, otherwise=otherwise):
            value = text_value(otherwise)
            for branch in reversed(branches):
                body = text_value(branch.body)
                if value is None or body is None:
                    return None
                type_ = StringType(max(longest_string(body), longest_string(value)))
                value = Call(Operation.IF, (branch.condition, body, value), type_)
            return value
        case For() | Set():
            return None
    assert_never(op)


def _concat(parts: list[Expression]) -> Expression:
    if not parts:
        return NO_TEXT
    if len(parts) == 1:
        return parts[0]
    return Call(Operation.CONCAT, tuple(parts), StringType(sum(map(longest_string, parts))))
