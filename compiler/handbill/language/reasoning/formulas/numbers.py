"""Arithmetic as the language has it, in terms of the solver's.

The solver divides as Euclid did: the remainder is never negative. The language rounds down, or half away
from zero; the two agree only for a positive divisor.
"""

from __future__ import annotations

import z3

from handbill.language.reasoning.formulas.terms import Formula


def floor_div(dividend: Formula, divisor: Formula) -> Formula:
    """The quotient rounded down. Of a divisor of 0 nothing is said: no branch that is taken has one."""
    sign = _known_sign(divisor)
    positive, negative = dividend / divisor, (-dividend) / (-divisor)
    if sign:
        return positive if sign > 0 else negative
    return z3.If(divisor > 0, positive, negative)


def modulo(dividend: Formula, divisor: Formula) -> Formula:
    """What FLOOR_DIV leaves: it has the divisor's sign."""
    sign = _known_sign(divisor)
    positive, negative = dividend % divisor, -((-dividend) % (-divisor))
    if sign:
        return positive if sign > 0 else negative
    return z3.If(divisor > 0, positive, negative)


def round_div(dividend: Formula, divisor: Formula) -> Formula:
    """The quotient rounded half away from zero."""
    sign = _known_sign(divisor)
    if sign:
        by = divisor if sign > 0 else -divisor
        above = dividend if sign > 0 else -dividend
        return _rounded(above, by)
    by = absolute(divisor)
    return _rounded(z3.If(divisor > 0, dividend, -dividend), by)


def _rounded(dividend: Formula, by: Formula) -> Formula:
    """For a positive divisor."""
    up = (2 * dividend + by) / (2 * by)
    down = -((by - 2 * dividend) / (2 * by))
    return z3.If(dividend >= 0, up, down)


def absolute(value: Formula) -> Formula:
    return z3.If(value >= 0, value, -value)


def _known_sign(value: Formula) -> int:
    """1 or -1 for a constant that is not 0; 0 where the sign is not known."""
    if not z3.is_int_value(value):
        return 0
    number = int(value.as_long())
    return (number > 0) - (number < 0)
