"""Checked values and the bounds that a plan may hold."""

from __future__ import annotations

from handbill.language.expressions.checked import (
    DATES,
    FAILED,
    Checked,
    decimal_type,
    int_type,
    interval_of,
    value_of,
)
from handbill.language.expressions.facts import Facts, Interval
from handbill.plan.ir import Const, Field
from handbill.plan.types import (
    INT_DEFAULT_MAX,
    INT_DEFAULT_MIN,
    BoolType,
    DateType,
    DecimalType,
    IntType,
    StringType,
)


def test_intervals_of_types() -> None:
    assert interval_of(IntType(1, 2)) == Interval(1, 2)
    assert interval_of(DecimalType(2, 1, 2)) == Interval(1, 2)
    assert interval_of(DateType()) == DATES
    assert interval_of(StringType(3)) is None


def test_types_are_saturated_and_intervals_are_not() -> None:
    huge = Interval(-(2**100), 2**100)
    assert int_type(huge) == IntType(INT_DEFAULT_MIN, INT_DEFAULT_MAX)
    assert decimal_type(3, huge) == DecimalType(3, INT_DEFAULT_MIN, INT_DEFAULT_MAX)
    assert int_type(Interval(2**60, 2**61)) == IntType(INT_DEFAULT_MAX, INT_DEFAULT_MAX)
    field = Field(("customer", "a"), IntType())
    assert value_of(field, IntType(), interval=huge).interval == huge


def test_constants_and_failures() -> None:
    const = Const(BoolType(), True)
    assert value_of(const, BoolType()).constant is const
    assert FAILED.failed
    assert not Checked(missing=True).failed
    known = value_of(const, BoolType()).knowing(Facts.of(("a", "b")), Facts())
    assert known.when_true.defined == {("a", "b")}
