"""The solver's arithmetic, number by number, against the operations' own bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import z3

from handbill.language.reasoning.formulas.numbers import absolute, floor_div, modulo, round_div
from handbill.plan.ir import Operation
from handbill.plan.operations import apply

NUMBERS = (-2000, -51, -50, -7, -3, -2, -1, 0, 1, 2, 3, 7, 49, 50, 51, 12345)
DIVISORS = (-100, -7, -3, -2, -1, 1, 2, 3, 7, 100)


@pytest.mark.parametrize(
    ("operation", "formula"),
    [(Operation.FLOOR_DIV, floor_div), (Operation.MOD, modulo), (Operation.ROUND_DIV, round_div)],
)
@pytest.mark.parametrize("known", [True, False])
def test_division(operation: Operation, formula: Callable[..., Any], known: bool) -> None:
    """`known`: the divisor is a constant, so that its sign is known."""
    a, b = z3.Ints("a b")
    for number in NUMBERS:
        for divisor in DIVISORS:
            given = z3.IntVal(divisor) if known else b
            made = z3.substitute(formula(a, given), (a, z3.IntVal(number)), (b, z3.IntVal(divisor)))
            assert z3.simplify(made).as_long() == apply(operation, (number, divisor))


def test_absolute() -> None:
    for number in NUMBERS:
        assert z3.simplify(absolute(z3.IntVal(number))).as_long() == abs(number)
