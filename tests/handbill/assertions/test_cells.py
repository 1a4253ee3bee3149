"""Values of fixtures against types: what each becomes, and what is said of those that do not fit."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from handbill.assertions.cells import WrongCell, cell_of, neutral_cell, source_type
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
    Type,
)

TIER = EnumType(("basic", "gold"))
MONEY = DecimalType(2, 0, 100_00)
LINE = ObjectType((MemberType("upc", StringType(5), required=True), MemberType("count", IntType())))
DAY = datetime.date(2026, 12, 5)


@pytest.mark.parametrize(
    ("value", "type", "cell"),
    [
        (True, BoolType(), True),
        (3, IntType(0, 5), 3),
        (3, MONEY, Decimal(3)),
        (Decimal("3.50"), MONEY, Decimal("3.5")),
        ("é", StringType(1), "é"),
        ("e\u0301", StringType(1), "e\u0301"),
        ("gold", TIER, "gold"),
        ("2026-12-05", DateType(), DAY),
        ("2026-12-05T10:00-05:00", DatetimeType(), datetime.datetime(2026, 12, 5, 15)),
        (["a", "b"], ListType(StringType(1), 2), ["a", "b"]),
        ([], ListType(StringType(1), 2), []),
        ([{"upc": "x"}], ListType(LINE, 2), [{"upc": "x", "count": None}]),
    ],
)
def test_a_value_of_the_type(value: Any, type: Type, cell: object) -> None:
    assert cell_of(value, type) == cell


@pytest.mark.parametrize(
    ("value", "type", "message", "hint"),
    [
        ("yes", BoolType(), "neither true nor false", "true, or false"),
        ("3", IntType(), "`3` is not a whole number", "without quotes"),
        (True, IntType(), "`true` is not a whole number", "without quotes"),
        (6, IntType(0, 5), "`6` is out of bounds", "from 0 to 5"),
        (Decimal("1.5"), IntType(), "not a whole number", "3"),
        (Decimal("1.555"), MONEY, "more than 2 decimals", "at most 2"),
        (101, MONEY, "out of bounds", "from 0.00 to 100.00"),
        (12208, StringType(9), "`12208` is not a text", 'in quotes: "12208"'),
        ([], StringType(9), "a list is not a text", "quotes"),
        ("abc", StringType(2), "3 characters", "at most 2"),
        ("golden", TIER, "`golden` is not one of its values", "did you mean `gold`?"),
        ("xyz", TIER, "not one of its values", "basic, gold"),
        ("2026-02-30", DateType(), "not a date", "2026-12-05"),
        ("1850-01-01", DateType(), "not a date from 1900", "2026-12-05"),
        ("2026-12-05T10:00", DatetimeType(), "not an instant", "T10:00Z"),
        ("1850-01-01T00:00Z", DatetimeType(), "not in the years", "2026"),
        ("a", ListType(StringType(1), 2), "`a` is not a list", "[a]"),
        (["a", "b", "c"], ListType(StringType(1), 2), "3 entries", "at most 2"),
        ({"upc": "x", "upcs": 1}, LINE, "no field `upcs`", "did you mean `upc`?"),
        ({"count": 1}, LINE, "`upc` is missing", "upc: …"),
        ("x", LINE, "not a block of fields", "{…}"),
        (None, TIER, "null is not one", "basic, gold"),
    ],
)
def test_a_value_that_does_not_fit(value: Any, type: Type, message: str, hint: str) -> None:
    with pytest.raises(WrongCell, match=message.replace("[", r"\[")) as wrong:
        cell_of(value, type)
    assert hint in wrong.value.hint


def test_what_is_wrong_inside_says_where() -> None:
    with pytest.raises(WrongCell) as wrong:
        cell_of([{"upc": "x"}, {"upc": "toolong"}], ListType(LINE, 5))
    assert wrong.value.path == (1, "upc")


@pytest.mark.parametrize(
    ("type", "cell"),
    [
        (BoolType(), False),
        (IntType(2, 5), 2),
        (IntType(-5, -2), -2),
        (MONEY, Decimal("0.00")),
        (StringType(3), ""),
        (TIER, "basic"),
        (DateType(), DAY),
        (DatetimeType(), datetime.datetime(2026, 12, 5)),
        (ListType(TIER, 3), []),
        (LINE, {"upc": "", "count": None}),
    ],
)
def test_neutral_values_fit_their_types(type: Type, cell: object) -> None:
    assert neutral_cell(type, DAY) == cell
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE one (x {source_type(type)})")
        database.execute("INSERT INTO one VALUES (?)", [cell])
        (stored,) = database.execute("SELECT x FROM one").fetchone()
    assert stored == cell
