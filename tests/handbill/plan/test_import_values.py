"""What each source type becomes, value by value."""

import datetime
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.plan.import_values import INTEGERS, SourceColumn, normalise
from handbill.plan.sql_text import column_type
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

CONNECTION = duckdb.connect()
INT, MONEY, TEXT = IntType(), DecimalType(2, -(10**12), 10**12), StringType(8)
D, T = datetime.date, datetime.datetime


def imported(values, source, type, low=None, high=None):
    """The values as an optional column; also that `valid` and `value` say the same."""
    normalisation = normalise("x", SourceColumn(source, low, high), type)
    valid = normalisation.valid or "TRUE"
    rows = CONNECTION.execute(
        f"SELECT {normalisation.optional()}, "
        f"CASE WHEN x IS NOT NULL AND {valid} THEN {normalisation.value} END, "
        f"x IS NULL OR ({valid}) IS NOT NULL, typeof({normalisation.optional()}) "
        f"FROM (SELECT unnest(CAST($1 AS {source}[])) AS x)",
        [values],
    ).fetchall()
    assert [row[0] for row in rows] == [row[1] for row in rows]
    assert all(row[2] for row in rows)
    assert all(row[3] == column_type(type) for row in rows)
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("type", "source", "values", "expected"),
    [
        (BoolType(), "BOOLEAN", [True, False, None], [True, False, None]),
        (BoolType(), "INTEGER", [1, 0, 2, None], [True, False, None, None]),
        (BoolType(), "VARCHAR", ["true", "FALSE", "1", "yes", ""], [True, False, True, None, None]),
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
        (TEXT, "VARCHAR", ["e\u0301", "", "12345678", "123456789", None], ["é", "", "12345678", None, None]),
        (TEXT, "VARCHAR", ["a\0", "\ufffe", "é\ufdd0", "é\0", "\U0001ffff", "😀"], [*[None] * 5, "😀"]),
        (TEXT, "VARCHAR", ["e\u0301" * 8, "é" * 9], ["é" * 8, None]),
        (TEXT, "BIGINT", [42, -1, 10**12], ["42", "-1", None]),
        (StringType(40), "UUID", ["6f9619ff-8b86-d011-b42d-00c04fc964ff"], ["6f9619ff-8b86-d011-b42d-00c04fc964ff"]),
        (EnumType(("CA", "NY")), "VARCHAR", ["CA", "ca", "", None], ["CA", None, None, None]),
        (EnumType(("É", "x")), "VARCHAR", ["E\u0301", "É", "x", "y"], ["É", "É", "x", None]),
        (EnumType(("CA", "NY")), "ENUM('CA', 'XX')", ["CA", "XX"], ["CA", None]),
        (EnumType(tuple(f"v{n}" for n in range(60))), "VARCHAR", ["v59", "v60", None], ["v59", None, None]),
        (DateType(), "DATE", [D(1900, 1, 1), D(1899, 12, 31), D(2200, 1, 1)], [D(1900, 1, 1), None, None]),
        (DateType(), "TIMESTAMP", [T(2026, 1, 1), T(2026, 1, 1, 5)], [D(2026, 1, 1), None]),
        (DateType(), "VARCHAR", ["2026-02-28", "2026-02-30", "2026-1-1", "epoch", ""], [D(2026, 2, 28), *[None] * 4]),
        (DatetimeType(), "TIMESTAMP", [T(2026, 1, 1, 5), T(1800, 1, 1)], [T(2026, 1, 1, 5), None]),
        (DatetimeType(), "TIMESTAMP_NS", [T(2026, 1, 1, 5)], [T(2026, 1, 1, 5)]),
        (DatetimeType(), "DATE", [D(2026, 1, 1), D(2500, 1, 1)], [T(2026, 1, 1), None]),
        (DatetimeType(), "TIMESTAMP WITH TIME ZONE", ["2026-01-01 05:00:00+02"], [T(2026, 1, 1, 3)]),
        (
            DatetimeType(), "VARCHAR",
            ["2026-01-01T05:00:00+02:00", "2026-01-01T05:00Z", "2026-01-01 05:00:00.5", "2026-01-01", "infinity", "5"],
            [T(2026, 1, 1, 3), T(2026, 1, 1, 5), T(2026, 1, 1, 5, 0, 0, 500000), T(2026, 1, 1), None, None],
        ),
        (ListType(TEXT, 3), "VARCHAR[]", [["a", None, "e\u0301"], [], None, ["a"] * 4], [["a", "é"], [], None, None]),
        (ListType(TEXT, 3), "VARCHAR[]", [["a", "x" * 9], ["a", "b"]], [["a"], ["a", "b"]]),
        (ListType(INT, 3), "INTEGER[]", [[1, None, 2]], [[1, 2]]),
        (ListType(EnumType(("a", "b")), 3), "VARCHAR[]", [["a", "z"], ["b", "a"]], [["a"], ["b", "a"]]),
        (ListType(BoolType(), 3), "BOOLEAN[]", [[True, None]], [[True]]),
        (ListType(TEXT, 3), "VARCHAR", ["a|b", "", "x", "a|b|c|d"], [["a", "b"], [], ["x"], None]),
    ],
)  # fmt: skip
def test_import(type, source, values, expected):
    assert imported(values, source, type) == expected


@pytest.mark.parametrize(
    ("type", "source"),
    [
        (BoolType(), "DOUBLE"),
        (INT, "BOOLEAN"),
        (MONEY, "DATE"),
        (TEXT, "DOUBLE"),
        (TEXT, "BLOB"),
        (EnumType(("a",)), "STRUCT(a INTEGER)"),
        (DateType(), "INTEGER"),
        (DatetimeType(), "TIME"),
        (ListType(TEXT, 3), "INTEGER"),
        (ListType(TEXT, 3), "DOUBLE[]"),
    ],
)
def test_a_type_that_cannot_hold_a_value_has_no_import(type, source):
    assert normalise("x", SourceColumn(source), type) is None


@given(st.lists(st.floats(allow_nan=True, width=64), max_size=50), st.integers(0, 6))
@settings(deadline=None)
def test_doubles_are_rounded_on_their_decimal_text(values, scale):
    type = DecimalType(scale, -(10**17), 10**17)

    def exact(value):
        if not (abs(value) < 10**18):
            return None
        scaled = int((Decimal(repr(value)) * 10**scale).quantize(Decimal(1), ROUND_HALF_UP))
        return scaled if abs(scaled) <= 10**17 else None

    assert imported(values, "DOUBLE", type) == [exact(value) for value in values]


@given(st.lists(st.integers(-(10**9), 10**9), max_size=50), st.integers(1, 8))
@settings(deadline=None)
def test_doubles_that_are_ties_in_decimal_text(values, places):
    doubles = [value / 10**places for value in values]
    exact = [
        int((Decimal(repr(value)) * 100).quantize(Decimal(1), ROUND_HALF_UP)) for value in doubles
    ]
    assert imported(doubles, "DOUBLE", MONEY) == exact


@given(st.lists(st.text(max_size=12), max_size=20))
@settings(deadline=None)
def test_text_is_normal_and_bounded(values):
    values = [value for value in values if value.isprintable()]
    normal = [unicodedata.normalize("NFC", value) for value in values]
    same = [value if len(value) <= 8 else None for value in normal]
    found = imported(values, "VARCHAR", TEXT)
    for mine, python in zip(found, same, strict=True):
        # The two may know different versions of Unicode: only what Python has assigned is compared.
        if python is None or not any(unicodedata.category(char) == "Cn" for char in python):
            assert mine == python


def test_columns_that_are_normal_already_cost_nothing():
    for type, column in (
        (BoolType(), SourceColumn("BOOLEAN")),
        (IntType(-(2**63), 2**63 - 1), SourceColumn("BIGINT")),
        (INT, SourceColumn("BIGINT", 0, 500)),
        (DateType(), SourceColumn("DATE", D(2020, 1, 1), D(2026, 1, 1))),
    ):
        normalisation = normalise("x", column, type)
        assert (normalisation.value, normalisation.valid) == ("x", None)
    assert normalise("x", SourceColumn("INTEGER"), INT).valid is None
    assert normalise("x", SourceColumn("VARCHAR"), EnumType(("a",))).value == "x"


def test_statistics_beyond_the_bounds_keep_the_check():
    assert imported([5, 20], "BIGINT", IntType(0, 10), low=0, high=20) == [5, None]
    assert normalise("x", SourceColumn("BIGINT", 0, 20), IntType(0, 30)).valid is None


@pytest.mark.parametrize("source", sorted(INTEGERS))
def test_every_integer_type_reaches_what_duckdb_says(source):
    low, high = INTEGERS[source]
    wide = IntType(-(2**62), 2**62)
    expected = [value if abs(value) <= 2**62 else None for value in (low, high)]
    assert imported([low, high], source, wide) == expected
