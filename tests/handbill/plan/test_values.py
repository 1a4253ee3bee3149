import datetime

import pytest

from handbill.plan.ir import Const
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
)
from handbill.plan.values import const_of, const_value

D, T = datetime.date, datetime.datetime


@pytest.mark.parametrize(
    ("value", "type"),
    [
        (True, BoolType()),
        (5, IntType()),
        (1250, DecimalType(2, 0, 10_000)),
        ("x", StringType(5)),
        ("CA", EnumType(("CA",))),
        (D(2026, 2, 28), DateType()),
        (T(2026, 2, 28, 10, 30, 0, 5), DatetimeType()),
        ((D(2026, 1, 1), D(1900, 1, 1)), ListType(DateType(), 3)),
        ((), ListType(StringType(5), 3)),
    ],
)
def test_a_const_gives_its_value_back(value, type):
    const = const_of(value, type)
    assert const_value(const) == value
    assert const_value(const).__class__ is value.__class__


def test_an_instant_with_an_offset_is_taken_to_utc():
    const = Const(DatetimeType(), "2026-12-05T10:00:00+02:00")
    assert const_value(const) == T(2026, 12, 5, 8, 0)
    assert const_value(Const(DatetimeType(), "2026-12-05T10:00Z")) == T(2026, 12, 5, 10, 0)
