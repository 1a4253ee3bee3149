"""A fixed table of customers that break things: 240 rows over 24 fields, the same every time.

Each column cycles through its own awkward values with its own stride, so that combinations differ
from row to row. HANDBILL_ROWS sets another number of rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

import duckdb
from nasty_values import (
    DATES,
    DATETIMES,
    INTS,
    MONEY,
    NUMBERS,
    SMALL,
    STRINGS,
    TAGS,
)

from handbill.plan.model import FieldNeed
from handbill.plan.sql_text import column_type, identifier, literal
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
from handbill.plan.values import Row, Value

ROWS = int(os.environ.get("HANDBILL_ROWS", "240"))
STATES = EnumType(("CA", "NY", "TX", "ÉT", "o'x"))
COLUMNS: dict[str, tuple[Type, tuple[Value, ...]]] = {
    "flag": (BoolType(), (True, False)),
    "maybe_flag": (BoolType(), (True, None, False)),
    "count": (IntType(), INTS),
    "maybe_count": (IntType(), (None, *INTS, None)),
    "small": (IntType(-100, 100), SMALL),
    "maybe_small": (IntType(-100, 100), (*SMALL[:7], None, *SMALL[7:])),
    "positive": (IntType(1, 50), (1, 2, 3, 7, 10, 49, 50)),
    "natural": (IntType(0, 1000), (0, 1, 2, 999, 1000, 7)),
    "month": (IntType(1, 12), (1, 2, 12, 6, 11)),
    "money": (DecimalType(2, -999_999_999, 999_999_999), MONEY),
    "maybe_money": (DecimalType(2, -999_999_999, 999_999_999), (None, *MONEY)),
    "rate": (DecimalType(4, 0, 1_000_000), (0, 1, 5000, 9999, 10000, 333333, 1_000_000)),
    "name": (StringType(40), STRINGS),
    "maybe_name": (StringType(40), (None, *reversed(STRINGS), None)),
    "city": (StringType(40), STRINGS[5:] + STRINGS[:5]),
    "state": (STATES, STATES.values),
    "maybe_state": (STATES, (None, *STATES.values)),
    "born": (DateType(), DATES),
    "last_order": (DateType(), (*DATES, None, None)),
    "seen": (DatetimeType(), DATETIMES),
    "tags": (ListType(StringType(40), 5), TAGS),
    "maybe_numbers": (ListType(IntType(), 5), (None, *NUMBERS)),
    "maybe_seen": (DatetimeType(), (None, *reversed(DATETIMES))),
    "maybe_zone": (StringType(40), ("Asia/Kathmandu", "America/Havana", None, "Nowhere/Land", "")),
}  # fmt: skip
OPTIONAL = frozenset(name for name in COLUMNS if name.startswith("maybe_")) | {"last_order"}
FIELDS = tuple(FieldNeed(path=(name,), type=type) for name, (type, _) in COLUMNS.items())
STRIDES = (1, 5, 7, 11, 13, 17, 19, 23)


def rows() -> Iterator[Row]:
    for number in range(ROWS):
        values: list[Value] = []
        for place, (_, choices) in enumerate(COLUMNS.values()):
            step = STRIDES[place % len(STRIDES)]
            at = number * step + number // len(choices) * (place + 1) + place
            values.append(choices[at % len(choices)])
        yield tuple(values)


def load_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates the table `customers`, as the import view would show it, with the row's number."""
    load_table(connection, "customers", FIELDS, rows())


def load_table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    fields: Sequence[FieldNeed],
    rows: Iterable[Row],
) -> None:
    """Creates a table of the fields' columns and `row_number`, from 0."""
    columns = ", ".join(
        f"{identifier('.'.join(need.path))} {column_type(need.type)}" for need in fields
    )
    connection.execute(f"CREATE TABLE {table} (row_number INTEGER, {columns})")
    lines = []
    for number, row in enumerate(rows):
        cells = (literal(value, need.type) for value, need in zip(row, fields, strict=True))
        lines.append(f"({number}, {', '.join(cells)})")
    connection.execute(f"INSERT INTO {table} VALUES {', '.join(lines)}")
