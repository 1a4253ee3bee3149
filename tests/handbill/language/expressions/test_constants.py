"""Constants of the configuration as typed values."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from handbill.language.expressions.constants import constant_list
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
    Type,
)
from handbill.plan.values import const_value

DAY = datetime.date(2026, 1, 2)
NOON = datetime.datetime(2026, 1, 2, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))


@pytest.mark.parametrize(
    ("values", "item", "held"),
    [
        ([True, False], BoolType(), (True, False)),
        (["a", "e\u0301xy"], StringType(3), ("a", "éxy")),
        ([1, -5], IntType(-5, 1), (1, -5)),
        ([1, Decimal("2.50")], DecimalType(2, 100, 250), (100, 250)),
        ([DAY], DateType(), (DAY,)),
        ([NOON], DatetimeType(), (datetime.datetime(2026, 1, 2, 10),)),
        ([], StringType(0), ()),
        (
            [{"a": 1, "b": None}, {"a": Decimal("1.5"), "c": ["x"]}],
            ObjectType(
                (
                    MemberType("a", DecimalType(1, 10, 15), True),
                    MemberType("b", StringType(0)),
                    MemberType("c", ListType(StringType(1), 1)),
                )
            ),
            ((10, None, None), (15, None, ("x",))),
        ),
        (
            [{"a": {"b": 1}}, {"a": {"b": 3, "c": True}}],
            ObjectType(
                (
                    MemberType(
                        "a",
                        ObjectType(
                            (MemberType("b", IntType(1, 3), True), MemberType("c", BoolType()))
                        ),
                        True,
                    ),
                )
            ),
            (((1, None),), ((3, True),)),
        ),
    ],
)
def test_lists(values: list[Any], item: Type, held: tuple[Any, ...]) -> None:
    found = constant_list(values)
    assert found is not None and found.constant is not None
    assert found.type == ListType(item, len(values))  # type: ignore[arg-type]
    assert const_value(found.constant) == held
    assert (found.shape is not None) == isinstance(item, ObjectType)


@pytest.mark.parametrize(
    "values",
    [
        ["a", 1],
        [True, 1],
        [1, None],
        [{"a": 1}, 2],
        [{"a": 1}, {"a": "x"}],
        [{}],
        [[1], [2]],
        [2**53],
        [Decimal("0.0000001")],
        [Decimal(2**53)],
        [{"a": {"b": {"c": {"d": 1}}}}],
        [DAY, "2026-01-02"],
    ],
)
def test_what_is_no_list(values: list[Any]) -> None:
    assert constant_list(values) is None
