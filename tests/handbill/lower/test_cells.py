"""Cells of a table in git: one canonical text per value, read back by the import view as that value."""

from __future__ import annotations

import datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.lower.cells import expected_cell, parse_cell
from handbill.plan.import_source import SourceColumn
from handbill.plan.import_values import normalise
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
    Type,
)

INT, DECIMAL, TEXT = IntType(-50, 50), DecimalType(2, -100_00, 100_00), StringType(5)
TIER, NUMBERS = EnumType(("gold", "silver")), ListType(IntType(0, 9), 3)
ALL: tuple[Type, ...] = (
    BoolType(), INT, DECIMAL, TEXT, StringType(5, "gsm"), TIER, DateType(), DatetimeType(), NUMBERS
)  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "type_", "text", "value"),
    [
        ("true", BoolType(), "true", True),
        ("false", BoolType(), "false", False),
        ("007", INT, "7", 7),
        ("-0", INT, "0", 0),
        ("01.50", DECIMAL, "1.50", Decimal("1.50")),
        ("1.5000", DECIMAL, "1.50", Decimal("1.50")),
        ("-0.00", DECIMAL, "0.00", Decimal("0.00")),
        ("12", DECIMAL, "12.00", Decimal("12.00")),
        ("Café", TEXT, "Café", "Café"),
        ("Café", StringType(5, "gsm"), "Café", "Café"),
        ("gold", TIER, "gold", "gold"),
        ("2026-12-05", DateType(), "2026-12-05", datetime.date(2026, 12, 5)),
        (
            "2026-12-05T10:00+01:00",
            DatetimeType(),
            "2026-12-05T09:00:00Z",
            datetime.datetime(2026, 12, 5, 9),
        ),
        ("1 | 02|3", NUMBERS, "1|2|3", [1, 2, 3]),
    ],
)
def test_one_form_for_one_value(cell: str, type_: Type, text: str, value: object) -> None:
    assert parse_cell(cell, type_) == (text, value)


@pytest.mark.parametrize(
    ("cell", "type_"),
    [
        ("yes", BoolType()),
        ("True", BoolType()),
        ("51", INT),
        ("+5", INT),
        ("1.0", INT),
        ("1_000", INT),
        ("٣", INT),
        ("-", INT),
        ("9" * 40, INT),
        ("1.005", DECIMAL),
        ("100.01", DECIMAL),
        ("1e1", DECIMAL),
        ("NaN", DECIMAL),
        ("1_0", DECIMAL),
        ("٣.٥", DECIMAL),
        ("1,5", DECIMAL),
        ("sechs!", TEXT),
        ("a\x00", TEXT),
        ("a\x1bb", TEXT),
        ("\ufffe", TEXT),
        ("Zoë", StringType(5, "gsm")),
        ("bronze", TIER),
        ("20261205", DateType()),
        ("2026-W49-6", DateType()),
        ("2026-02-30", DateType()),
        ("1899-12-31", DateType()),
        ("2200-01-01", DateType()),
        ("2026-12-05T10:00", DatetimeType()),
        ("2026-12-05", DatetimeType()),
        ("2026-12-05T25:00Z", DatetimeType()),
        ("0001-01-01T00:00+14:00", DatetimeType()),
        ("2200-01-01T00:00Z", DatetimeType()),
        ("1|2|3|4", NUMBERS),
        ("1||3", NUMBERS),
        ("1|x", NUMBERS),
    ],
)
def test_anything_else_is_refused(cell: str, type_: Type) -> None:
    assert parse_cell(cell, type_) is None


@pytest.mark.parametrize("type_", ALL, ids=lambda type_: type(type_).__name__)
def test_the_way_to_write_it_is_said(type_: Type) -> None:
    assert len(expected_cell(type_)) > 10


@given(
    st.sampled_from(ALL),
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(["true", "7", "-3.10", "gold", "2026-12-05", "2026-12-05T10:00Z", "1|2"]),
        st.decimals(-101, 101, places=2).map(str),
        st.dates(datetime.date(1890, 1, 1), datetime.date(2210, 1, 1)).map(str),
    ),
)
def test_the_canonical_text_is_its_own_canonical_text(type_: Type, cell: str) -> None:
    cell = cell.strip()
    parsed = parse_cell(cell, type_) if cell else None
    if parsed is not None:
        assert parse_cell(parsed[0], type_) == parsed


@pytest.mark.parametrize(
    ("cell", "type_"),
    [
        ("false", BoolType()),
        ("-7", INT),
        ("-1.5", DECIMAL),
        ("né", TEXT),
        ("silver", TIER),
        ("2026-12-05", DateType()),
        ("2026-12-05T10:00-05:00", DatetimeType()),
        ("4|2", NUMBERS),
    ],
    ids=str,
)
def test_the_import_view_reads_the_same_value(cell: str, type_: Type) -> None:
    parsed = parse_cell(cell, type_)
    assert parsed is not None
    view = normalise("x", SourceColumn("VARCHAR"), type_)
    assert view is not None
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        query = f"SELECT {view.optional()} FROM (SELECT ? AS x)"
        (found,) = connection.execute(query, [parsed[0]]).fetchone() or ()
    value = parsed[1]
    assert found == (int(value.scaleb(2)) if isinstance(value, Decimal) else value)
