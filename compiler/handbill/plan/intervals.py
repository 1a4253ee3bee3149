"""How large a number can get: the interval of every integer expression, computed from its fields.

The SQL back end decides by these whether 64 bits are enough. It computes them itself, from the
declared bounds of fields alone, because SQL evaluates operands on every row: an interval that holds
only under a guard would let another row overflow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, assert_never

from handbill.plan.ir import (
    Call,
    Const,
    ConstValue,
    Each,
    Expression,
    Field,
    Local,
    Member,
    Operation,
    Step,
)
from handbill.plan.operations import round_div
from handbill.plan.types import DecimalType, IntType, ListType, Type
from handbill.plan.values import DATE_MAXIMUM, DAYS_MAXIMUM

Interval: TypeAlias = tuple[int, int]
"""Inclusive. Of a list: of its items."""

LONGEST = 2**32
"""More than any text or list in memory holds."""


def interval_of(expression: Expression, operands: Sequence[Interval | None]) -> Interval | None:
    """The interval of an expression, given those of its operands; None when it is no number."""
    match expression:
        case Const(value=value):
            return _of_constant(value)
        case Each():
            return operands[1 if expression.step is Step.MAP else 0] if operands else None
        case Field() | Local() | Member():
            return _of_type(expression.type)
        case Call():
            return _of_call(expression, operands)
        case _:
            assert_never(expression)


def _of_constant(value: ConstValue) -> Interval | None:
    values = value if isinstance(value, tuple) else (value,)
    numbers = [one for one in values if isinstance(one, int) and not isinstance(one, bool)]
    return (min(numbers), max(numbers)) if numbers else None


def _of_type(type: Type) -> Interval | None:
    match type:
        case IntType(minimum=low, maximum=high) | DecimalType(minimum=low, maximum=high):
            return low, high
        case ListType(item=item):
            return _of_type(item)
        case _:
            return None


def _of_call(call: Call, operands: Sequence[Interval | None]) -> Interval | None:
    match call.operation:
        case Operation.IF | Operation.CHOOSE:
            return _union(operands[1:])
        case Operation.DEFAULT:
            return _union(operands)
        case (
            Operation.FIRST
            | Operation.LAST
            | Operation.ITEM
            | Operation.SLICE
            | Operation.MINIMUM
            | Operation.MAXIMUM
        ):
            return operands[0]
        case Operation.LENGTH:
            return 0, LONGEST
        case Operation.COUNT:
            return 0, longest(call.arguments[0])
        case Operation.SUM:
            low, high = operands[0] or (0, 0)
            most = longest(call.arguments[0])
            return min(0, low * most), max(0, high * most)
        case Operation.AVERAGE:
            (low, high), (factor, _) = operands[0] or (0, 0), operands[1] or (0, 0)
            return min(low * factor, high * factor), max(low * factor, high * factor)
        case Operation.DAYS_BETWEEN:
            return -DAYS_MAXIMUM, DAYS_MAXIMUM
        case Operation.DATE_PART:
            return 1, DATE_MAXIMUM.year
        case _:
            numbers = [operand for operand in operands if operand is not None]
            return _of_arithmetic(call.operation, numbers)


def longest(items: Expression) -> int:
    """The most items that a list can have, from the declared bounds of fields."""
    match items:
        case Const(value=tuple() as values):
            return len(values)
        case Field(type=ListType(maximum=maximum)) | Local(type=ListType(maximum=maximum)):
            return maximum
        case Each():
            return longest(items.items)
        case Call(operation=Operation.SLICE, arguments=(inner, Const(value=int() as limit))):
            return min(limit, longest(inner))
        case Call(operation=Operation.IF | Operation.DEFAULT, arguments=(*_, one, other)):
            return max(longest(one), longest(other))
        case Member(type=ListType(maximum=maximum)):
            return maximum
        case _:
            return LONGEST


def _union(operands: Sequence[Interval | None]) -> Interval | None:
    numbers = [operand for operand in operands if operand is not None]
    if not numbers:
        return None
    return min(low for low, _ in numbers), max(high for _, high in numbers)


def _of_arithmetic(operation: Operation, operands: Sequence[Interval]) -> Interval | None:
    match operation, operands:
        case Operation.NEG, ((low, high),):
            return -high, -low
        case Operation.ABS, ((low, high),):
            return max(0, low, -high), max(-low, high)
        case Operation.ADD, ((a, b), (c, d)):
            return a + c, b + d
        case Operation.SUB, ((a, b), (c, d)):
            return a - d, b - c
        case Operation.MUL, ((a, b), (c, d)):
            products = (a * c, a * d, b * c, b * d)
            return min(products), max(products)
        case Operation.MOD, (_, (low, high)):
            return min(0, low + 1), max(0, high - 1)
        case Operation.FLOOR_DIV, (dividend, divisor):
            return _quotient(dividend, divisor, lambda a, b: a // b)
        case Operation.ROUND_DIV, (dividend, divisor):
            return _quotient(dividend, divisor, round_div)
        case _:
            return None


def _quotient(dividend: Interval, divisor: Interval, divide: Callable[[int, int], int]) -> Interval:
    """Quotients are monotonous in both operands on either side of a divisor of 0."""
    low, high = divisor
    divisors = {one for one in (low, high, -1 if low <= -1 <= high else low) if one != 0}
    divisors |= {1} if low <= 1 <= high else set()
    quotients = [divide(end, by) for end in dividend for by in divisors] or [0]
    return min(quotients), max(quotients)
