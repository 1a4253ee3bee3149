"""Numeric calls with their bounds: what cannot be computed exactly by every back end is refused.

Whole numbers must fit 64 bits, decimals 127 (as scaled integers), in the result and on the way to it.
"""

from __future__ import annotations

from jinja2 import nodes

from handbill.language.expressions.build import (
    INT64,
    bounds,
    call,
    is_wide,
    number_type,
    scale_of,
    scaled_by,
)
from handbill.language.expressions.checked import Checked
from handbill.language.expressions.checking import Checking
from handbill.language.expressions.facts import Interval
from handbill.plan.ir import Operation
from handbill.plan.types import IntType

HUGE = Interval(-(2**127) + 1, 2**127 - 1)
NOTHING_ELSE = Interval(0, 0)
_HEADROOM = 10**6
"""A decimal result may still be put on any other scale."""


def number(
    node: nodes.Expr,
    context: Checking,
    operation: Operation,
    operands: tuple[Checked, ...],
    interval: Interval,
    scale: int,
    also: Interval = NOTHING_ELSE,
) -> Checked:
    """A numeric call whose result is within `interval`; refused where that does not fit.

    `also` are the bounds of what the operation computes on the way.
    """
    whole = all(isinstance(operand.type, IntType) for operand in operands) and scale == 0
    allowed = INT64 if whole else Interval(-HUGE.high // _HEADROOM + 1, HUGE.high // _HEADROOM)
    inner = also
    for operand in operands:
        inner = inner.hull(bounds(operand))
    if not (_within(interval, allowed) and _within(inner, HUGE)):
        return context.report(
            "HB511",
            "this number can become too large to calculate with exactly",
            node,
            hint="declare `minimum` and `maximum` of the fields in the schema",
            notes=(f"it lies between {interval.low:,} and {interval.high:,}",) if whole else (),
        )
    wide = is_wide(interval, inner)
    expressions = [operand.expression for operand in operands if operand.expression is not None]
    type_ = number_type(scale, interval, whole)
    return call(operation, expressions, type_, interval=interval, wide=wide)


def _within(inner: Interval, outer: Interval) -> bool:
    return outer.low <= inner.low and inner.high <= outer.high


def absolute(node: nodes.Expr, context: Checking, value: Checked) -> Checked:
    found = bounds(value)
    low = 0 if found.low <= 0 <= found.high else min(abs(found.low), abs(found.high))
    interval = Interval(low, max(abs(found.low), abs(found.high)))
    assert value.type is not None
    return number(node, context, Operation.ABS, (value,), interval, scale_of(value.type))


def nearest_divisors(found: Interval) -> list[int]:
    """The divisors at which a quotient can be extreme: the ends and those next to 0."""
    return [
        each for each in (found.low, found.high, -1, 1) if each and found.low <= each <= found.high
    ]


def divided(
    node: nodes.Expr, context: Checking, dividend: Checked, divisor: Checked, scale: int
) -> Checked:
    """ROUND_DIV of scaled integers, with its bounds."""
    top, bottom = bounds(dividend), bounds(divisor)
    corners = [
        sign * (abs(each) // abs(by) + 1) if abs(each) % abs(by) else sign * (abs(each) // abs(by))
        for each in top
        for by in nearest_divisors(bottom)
        for sign in ((1,) if (each < 0) == (by < 0) else (-1,))
    ]
    interval = Interval(min(corners), max(corners))
    if top.low < 0 < top.high:
        interval = interval.hull(Interval(0, 0))
    twice = scaled_by(top, 2)
    span = max(abs(bottom.low), abs(bottom.high))
    way = Interval(twice.low - span, twice.high + span)
    return number(node, context, Operation.ROUND_DIV, (dividend, divisor), interval, scale, way)
