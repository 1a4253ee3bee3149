"""Whole numbers and decimals from each source type, value by value."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.plan.import_numbers import decimal_import, int_import
from handbill.plan.import_source import INTEGERS, SourceColumn
from handbill.plan.types import DecimalType, IntType

INT, MONEY = IntType(), DecimalType(2, -(10**12), 10**12)


@pytest.mark.parametrize(
    ("type", "source", "values", "expected"),
    [
        (INT, "INTEGER", [5, -5, None], [5, -5, None]),
        (INT, "BIGINT", [2**53 - 1, 2**53, -(2**53)], [2**53 - 1, None, None]),
        (INT, "HUGEINT", [1, 2**100], [1, None]),
        (INT, "UBIGINT", [1, 2**64 - 1], [1, None]),
        (IntType(0, 10), "TINYINT", [0, 10, 11, -1], [0, 10, None, None]),
        (INT, "DOUBLE", [3.0, 3.5, float("nan"), float("inf"), 1e300, -0.0], [3, *[None] * 4, 0]),
        (INT, "DECIMAL(10,2)", [Decimal("3.00"), Decimal("3.01")], [3, None]),
        (INT, "VARCHAR", ["3", "-3", "+3", "3.0", " 3", "1e3", "", "9" * 30], [3, -3, 3, *[None] * 5]),
        (MONEY, "INTEGER", [5, -5], [500, -500]),
        (MONEY, "BIGINT", [5, 2**62], [500, None]),
        (MONEY, "HUGEINT", [5, 2**120], [500, None]),
        (MONEY, "UBIGINT", [5, 2**64 - 1], [500, None]),
        (MONEY, "DECIMAL(12,2)", [Decimal("1.25"), Decimal("-9999999.99")], [125, -999999999]),
        (MONEY, "DECIMAL(18,4)", [Decimal("1.2350"), Decimal("-1.2350")], [124, -124]),
        (MONEY, "DECIMAL(18,4)", [Decimal("1.2349")], [123]),
        (MONEY, "DECIMAL(38,10)", [Decimal("1.005"), Decimal(10) ** 20], [101, None]),
        (MONEY, "DECIMAL(38,0)", [Decimal(7), Decimal(10) ** 30], [700, None]),
        (MONEY, "FLOAT", [0.1, 1.5], [10, 150]),
        (MONEY, "DOUBLE", [1.005, -1.005, 2.675, 1e-07, 5e-3], [101, -101, 268, 0, 1]),
        (MONEY, "DOUBLE", [float("nan"), float("inf"), float("-inf"), 1e300, 1e10], [*[None] * 4, 10**12]),
        (MONEY, "VARCHAR", ["1.005", "1,5", "", "-2", "NaN", "1e3", ".5"], [101, None, None, -200, None, None, None]),
        (DecimalType(0, 0, 9), "DOUBLE", [0.5, 1.49, 9.4, 9.5, -0.4], [1, 1, 9, None, 0]),
    ],
)  # fmt: skip
def test_import(imported, type, source, values, expected):
    assert imported(values, source, type) == expected


@given(st.lists(st.floats(allow_nan=True, width=64), max_size=50), st.integers(0, 6))
@settings(deadline=None)
def test_doubles_are_rounded_on_their_decimal_text(imported, values, scale):
    type = DecimalType(scale, -(10**17), 10**17)

    def exact(value):
        if not (abs(value) < 10**18):
            return None
        scaled = int((Decimal(repr(value)) * 10**scale).quantize(Decimal(1), ROUND_HALF_UP))
        return scaled if abs(scaled) <= 10**17 else None

    assert imported(values, "DOUBLE", type) == [exact(value) for value in values]


@given(st.lists(st.integers(-(10**9), 10**9), max_size=50), st.integers(1, 8))
@settings(deadline=None)
def test_doubles_that_are_ties_in_decimal_text(imported, values, places):
    doubles = [value / 10**places for value in values]
    exact = [
        int((Decimal(repr(value)) * 100).quantize(Decimal(1), ROUND_HALF_UP)) for value in doubles
    ]
    assert imported(doubles, "DOUBLE", MONEY) == exact


def test_statistics_beyond_the_bounds_keep_the_check(imported):
    assert imported([5, 20], "BIGINT", IntType(0, 10), low=0, high=20) == [5, None]
    assert int_import("x", SourceColumn("BIGINT", 0, 20), IntType(0, 30)).valid is None


@pytest.mark.parametrize("source", sorted(INTEGERS))
def test_every_integer_type_reaches_what_duckdb_says(imported, source):
    low, high = INTEGERS[source]
    wide = IntType(-(2**62), 2**62)
    expected = [value if abs(value) <= 2**62 else None for value in (low, high)]
    assert imported([low, high], source, wide) == expected


def test_other_types_hold_no_numbers():
    assert int_import("x", SourceColumn("BOOLEAN"), INT) is None
    assert decimal_import("x", SourceColumn("DATE"), MONEY) is None


def test_a_decimal_of_which_duckdb_knows_that_it_is_within_bounds_is_not_checked():
    money = DecimalType(2, 0, 10_000)
    known = SourceColumn("DECIMAL(12,2)", Decimal("0.50"), Decimal("99.99"))
    beyond = SourceColumn("DECIMAL(12,2)", Decimal("0.50"), Decimal("100.01"))
    assert decimal_import("x", known, money).valid is None
    assert decimal_import("x", beyond, money).valid == "(x BETWEEN 0 AND 100)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (100.0, 10_000),
        (100.004, 10_000),
        (100.005, None),
        (-0.004, 0),
        (-0.005, None),
        (0.005, 1),
        (1.005, 101),
        (float("nan"), None),
        (float("inf"), None),
        (float("-inf"), None),
        (1e300, None),
        (99.995, 10_000),
    ],
)
def test_doubles_at_the_bounds_and_at_ties(imported, value, expected):
    assert imported([value], "DOUBLE", DecimalType(2, 0, 10_000)) == [expected]


def test_doubles_too_large_to_be_scaled_exactly(imported):
    wide = DecimalType(2, -(10**15), 10**15)
    assert imported([9e12, 1e13, 2e13, -9e12], "DOUBLE", wide) == [
        9 * 10**14,
        10**15,
        None,
        -9 * 10**14,
    ]
