"""A fixed table of customers that break things: 240 rows over 22 fields, the same every time.

Each column cycles through its own awkward values with its own stride, so that combinations differ
from row to row. Strings are NFC, as the import view leaves them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import duckdb

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

ROWS = 240
D, T = datetime.date, datetime.datetime
BIG = 2**53 - 1

STRINGS: tuple[str, ...] = (
    "",
    " ",
    "a",
    "A",
    "Ann",
    "anna",
    "  x  ",
    "\t\n\v\f\rtab\r\f\v\n\t",
    "\u00a0nbsp\u00a0",
    "\u2003em\u2003",
    "İstanbul",
    "ΑΣ ΣΑΣ",
    "ß",
    "ẞ",
    "ŉ",
    "ǆ",
    "Ǆ",
    "ﬁne",
    "é",
    "naïve café",
    "日本語",
    "👨‍👩‍👧",
    "e\u0323\u0302",
    "🇩🇪🇫🇷",
    "'",
    "''",
    '"',
    "\\",
    "\\n",
    "%_",
    "<b>&amp;</b>",
    "{0}",
    "{{ x }}",
    "0",
    "-1",
    "1e3",
    "NULL",
    "true",
    "o'neil-smith (jr)",
    "mc donald",
    "a-b_c[d",
    "\u2028line",
    "\x7f",
    "\x01\x1f",
    "\U0001f600\U00010428",
    "\uffee",
    "zz",
    "ab" * 19 + "é",
)
TAGS: tuple[tuple[str, ...], ...] = (
    (),
    ("a",),
    ("",),
    ("é", "a"),
    ("a", "a", "b"),
    ("x,y", "'"),
    ("İ", "ß", "🇩🇪", "zz", "a"),
    ("", "b", ""),
)
NUMBERS: tuple[tuple[int, ...], ...] = ((), (0,), (-7, 7), (1, 2, 3, 4, 5), (BIG, -BIG), (-1,))
DATES = (
    D(1900, 1, 1),
    D(1900, 2, 28),
    D(1969, 12, 31),
    D(1970, 1, 1),
    D(2000, 2, 29),
    D(2024, 2, 29),
    D(2026, 3, 1),
    D(2026, 11, 24),
    D(2026, 12, 31),
    D(2027, 1, 3),
    D(2100, 2, 28),
    D(2199, 12, 31),
)
DATETIMES = (
    T(1900, 1, 1),
    T(1969, 12, 31, 23, 59, 59, 999999),
    T(1970, 1, 1),
    T(2026, 3, 8, 7, 30),
    T(2026, 11, 1, 5, 30, 0, 1),
    T(2199, 12, 31, 23, 59, 59, 999999),
)
INTS = (0, 1, -1, 2, -2, 3, -3, 7, -7, 10, -10, 99, 100, -100, 2**31, -(2**31) - 1, BIG, -BIG)
SMALL = (0, 1, -1, 2, -2, 3, 5, -5, 6, 7, -7, 12, -12, 49, 50, -50, 99, -99, 100, -100)
MONEY = (
    0,
    1,
    -1,
    5,
    -5,
    49,
    50,
    -50,
    51,
    99,
    100,
    -100,
    150,
    -250,
    12345,
    999_999_999,
    -999_999_999,
)

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
    columns = ", ".join(
        f"{identifier(name)} {column_type(type)}" for name, (type, _) in COLUMNS.items()
    )
    connection.execute(f"CREATE TABLE customers (row_number INTEGER, {columns})")
    lines = []
    for number, row in enumerate(rows()):
        cells = (literal(value, need.type) for value, need in zip(row, FIELDS, strict=True))
        lines.append(f"({number}, {', '.join(cells)})")
    connection.execute(f"INSERT INTO customers VALUES {', '.join(lines)}")
