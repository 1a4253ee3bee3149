"""Calls: folding, scales and texts."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from expression_world import Rule

from handbill.language.expressions.build import joined, literal, rescaled, text_length, value_of
from handbill.language.expressions.facts import Interval
from handbill.plan.ir import Call, Const, Field, Operation
from handbill.plan.types import (
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    StringType,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (15, Const(IntType(15, 15), 15)),
        (Decimal("1.10"), Const(DecimalType(2, 110, 110), 110)),
        (Decimal("1.1000000000"), Const(DecimalType(6, 1_100_000, 1_100_000), 1_100_000)),
        (Decimal("1E+3"), Const(DecimalType(0, 1000, 1000), 1000)),
        ("e\u0301", Const(StringType(1), "é")),
        (datetime.date(2026, 1, 2), Const(DateType(), "2026-01-02")),
        (
            datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
            Const(DatetimeType(), "2026-01-02T01:00:00"),
        ),
    ],
)
def test_literals(value: object, expected: Const) -> None:
    checked = literal(value)
    assert checked is not None
    assert checked.expression == expected


@pytest.mark.parametrize("value", [Decimal("0.1234567"), Decimal("NaN"), 2**60, None, 1.5, {}])
def test_what_is_no_literal(value: object) -> None:
    assert literal(value) is None


def test_constants_are_folded(rule: Rule) -> None:
    assert rule("1 + 2 * 3 == 7").expression == rule("true").expression
    assert rule("('ab' | upper) ~ 'c'").expression == Const(StringType(3), "ABc")
    assert rule("'2026-12-24' | plus_days(8)").expression == Const(DateType(), "2027-01-01")


def test_what_the_plan_cannot_hold_is_not_folded(rule: Rule) -> None:
    expression = rule("9007199254740991 + 1").expression
    assert isinstance(expression, Call)


def test_a_number_gets_another_scale() -> None:
    number = value_of(Field(("customer", "orders"), IntType(0, 9)), IntType(0, 9))
    scaled = rescaled(number, 2)
    assert scaled.type == DecimalType(2, 0, 900)
    assert isinstance(scaled.expression, Call)
    assert scaled.expression.operation is Operation.MUL
    constant = literal(3)
    assert constant is not None
    assert rescaled(constant, 2).expression == Const(DecimalType(2, 300, 300), 300)


@pytest.mark.parametrize(
    ("interval", "scale", "length"),
    [
        (Interval(0, 9), 0, 1),
        (Interval(-9, 9), 0, 2),
        (Interval(0, 5), 2, 4),
        (Interval(-12345, 1), 2, 7),
    ],
)
def test_length_of_numbers(interval: Interval, scale: int, length: int) -> None:
    assert text_length(interval, scale) == length


def test_texts_are_joined_flat() -> None:
    field = value_of(Field(("customer", "tier"), EnumType(("a", "bb"))), EnumType(("a", "bb")))
    one, two, none = literal("1"), literal("2"), literal("")
    assert one and two and none
    inner = joined([one, field])
    result = joined([none, two, inner, one, two])
    assert isinstance(result.expression, Call)
    values = [a.value if isinstance(a, Const) else "?" for a in result.expression.arguments]
    assert values == ["21", "?", "12"]
    assert result.type == StringType(6)
    assert joined([]).expression == Const(StringType(0), "")
    assert joined([field]).expression == field.expression
