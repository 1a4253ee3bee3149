"""Whole numbers and scaled decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nasty_values import BIG
from program_parts import BOOL, Facts, Maker, O, bounds, call, integer, number, union

from handbill.plan.ir import Call, Expression, Operation
from handbill.plan.types import DecimalType, IntType

if TYPE_CHECKING:
    from program_generator import Generator


def make_add(g: Generator, depth: int, facts: Facts) -> Expression | None:
    left, right = g.int(depth, facts), g.int(depth, facts)
    (a, b), (c, d) = bounds(left), bounds(right)
    return number(O.ADD, a + c, b + d, left, right)


def make_sub(g: Generator, depth: int, facts: Facts) -> Expression | None:
    left, right = g.int(depth, facts), g.int(depth, facts)
    (a, b), (c, d) = bounds(left), bounds(right)
    return number(O.SUB, a - d, b - c, left, right)


def make_mul(g: Generator, depth: int, facts: Facts) -> Expression | None:
    left, right = g.int(depth, facts), g.int(depth, facts)
    products = [x * y for x in bounds(left) for y in bounds(right)]
    return number(O.MUL, min(products), max(products), left, right)


def make_neg(g: Generator, depth: int, facts: Facts) -> Expression | None:
    value = g.int(depth, facts)
    low, high = bounds(value)
    return number(O.NEG, -high, -low, value)


def make_abs(g: Generator, depth: int, facts: Facts) -> Expression | None:
    value = g.int(depth, facts)
    low, high = bounds(value)
    return number(
        O.ABS, 0 if low <= 0 <= high else min(abs(low), abs(high)), max(-low, high), value
    )


def divide(operation: Operation, dividend: Expression, divisor: Expression) -> Expression | None:
    low, high = bounds(dividend)
    most = max(abs(low), abs(high))
    if operation is O.MOD:
        least, greatest = bounds(divisor)
        size = max(abs(least), abs(greatest))
        return number(operation, min(0, -size if least < 0 else 0), size, dividend, divisor)
    return number(
        operation, -most - 1 if low < 0 or bounds(divisor)[0] < 0 else 0, most, dividend, divisor
    )


def lazy_division(
    g: Generator, depth: int, facts: Facts, guard: Operation, compare: Operation
) -> tuple[Expression, Expression]:
    """`small != 0` and a division by it, in the order that makes it safe."""
    divisor = g.field(facts, IntType, {"small", "natural"})
    operation = g.random.choice((O.FLOOR_DIV, O.MOD, O.ROUND_DIV))
    divided = divide(operation, g.int(depth - 1, facts), divisor)
    condition = call(guard, BOOL, divisor, integer(0))
    if divided is None:
        return condition, g.bool(depth - 1, facts)
    return condition, call(compare, BOOL, divided, integer(g.random.choice((0, 1, -1, 3))))


def division(operation: Operation) -> Maker:
    def make(g: Generator, depth: int, facts: Facts) -> Expression | None:
        if g.random.random() < 0.2:
            guard, use = lazy_division(g, depth, facts, O.NE, O.GT)
            assert isinstance(use, Call)
            if use.arguments and use.operation is O.GT and isinstance(use.arguments[0], Call):
                divided = use.arguments[0]
                return call(O.IF, union(divided, integer(0)), guard, divided, integer(0))
            return None
        if g.random.random() < 0.6:
            by = integer(g.random.choice((1, 2, 3, 7, 10, 100, 10_000, 10**6, -1, -2, -3, -10)))
        else:
            by = g.field(facts, IntType, {"positive", "month"})
        dividend: Expression | None = g.int(depth, facts)
        if g.random.random() < 0.25:
            # As near to the end of 64 bits as a field can get: what is added on the way overflows.
            dividend = number(O.MUL, -BIG * 1024, BIG * 1024, g.named("count"), integer(1024))
        assert dividend is not None
        return divide(operation, dividend, by)

    return make


def make_default_int(g: Generator, depth: int, facts: Facts) -> Expression:
    field, fallback = g.optional_value(depth, facts, IntType, DecimalType), g.int(depth, facts)
    return call(O.DEFAULT, union(field, fallback), field, fallback)


def make_length(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.LENGTH, IntType(0, 100_000), g.text(depth, facts))
