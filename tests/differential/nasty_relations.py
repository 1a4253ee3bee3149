"""What customers have many of: two relations, a list of objects and an object, all awkward.

Some customers have no rows. Rows tie in time and arrive in no order; optional members are missing,
sums pass 64 bits, keys of text sort otherwise than as numbers, instants stand at changes of clocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

import duckdb
from nasty_rows import FIELDS, ROWS, load_table, rows
from nasty_values import BIG, DATES, DATETIMES, MONEY, SMALL, STRINGS

from handbill.plan.model import FieldNeed
from handbill.plan.sql_relations import KeyColumn, RelationSource
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
)
from handbill.plan.values import Row, Value

M = MemberType
MONEY_TYPE = DecimalType(2, -999_999_999, 999_999_999)
SORTS = EnumType(("dairy", "Bakery", "éclair", "o'x"))

PURCHASE = ObjectType(
    (
        M("amount", MONEY_TYPE, True),
        M("bought_at", DatetimeType(), True),
        M("day", DateType(), True),
        M("discount", MONEY_TYPE),
        M("gift", BoolType()),
        M("id", IntType(), True),
        M("kind", SORTS, True),
        M("note", StringType(40)),
        M("points", IntType(), True),
        M("product.name", StringType(40), True),
    )
)
VISIT = ObjectType(
    (
        M("id", StringType(10), True),
        M("minutes", IntType(0, 1000)),
        M("on", DateType(), True),
        M("page", StringType(40), True),
    )
)
LINE = ObjectType(
    (M("price", MONEY_TYPE, True), M("sku", StringType(40), True), M("times", IntType(-100, 100)))
)
ADDRESS = ObjectType((M("city", StringType(40), True), M("zip", StringType(40))))

OBJECTS = (
    FieldNeed(path=("purchases",), type=ListType(PURCHASE, 10_000)),
    FieldNeed(path=("visits",), type=ListType(VISIT, 100)),
    FieldNeed(path=("lines",), type=ListType(LINE, 5)),
    FieldNeed(path=("maybe_address",), type=ADDRESS),
)
ALL_FIELDS = (*FIELDS, *OBJECTS)
RELATIONS: Mapping[tuple[str, ...], RelationSource] = {
    ("customer", "purchases"): RelationSource(
        "purchases", (KeyColumn("customer", text=True),), ("bought_at", "id"), OBJECTS[0].type
    ),
    ("customer", "visits"): RelationSource(
        "visits", (KeyColumn("customer"),), ("id",), OBJECTS[1].type
    ),
}
KEY = ("CAST(row_number AS VARCHAR)",)
HOW_MANY = (0, 1, 2, 3, 5, 8, 1, 0)


def purchases() -> Iterator[tuple[int, Row]]:
    """Customer and row. Ids fall while times rise, and neither is the order in which they come."""
    ids = count(10_000, -7)
    for customer in range(ROWS):
        for place in range(HOW_MANY[customer % len(HOW_MANY)]):
            n = customer * 3 + place
            extreme = customer % 16 == 5
            yield (
                customer,
                (
                    MONEY[n % len(MONEY)],
                    DATETIMES[(n + n // 3) // 2 % len(DATETIMES)],
                    DATES[n % len(DATES)],
                    (None, *MONEY)[(n * 5) % (len(MONEY) + 1)],
                    (True, None, False)[n % 3],
                    next(ids),
                    SORTS.values[n * 3 % len(SORTS.values)],
                    (None, *STRINGS)[(n * 7) % (len(STRINGS) + 1)],
                    BIG if extreme else (SMALL[n % len(SMALL)], -BIG, 7)[place % 3],
                    STRINGS[(n // 2) % len(STRINGS)],
                ),
            )


def visits() -> Iterator[tuple[int, Row]]:
    for customer in range(ROWS):
        for place in range(HOW_MANY[(customer + 3) % len(HOW_MANY)]):
            n = customer * 5 + place
            yield (
                customer,
                (
                    f"{(n * 37) % 1013}-{n}",
                    (None, 0, 5, 1000, 5)[n % 5],
                    DATES[(n // 2) % len(DATES)],
                    STRINGS[n % len(STRINGS)],
                ),
            )


def lines(customer: int) -> Value:
    return tuple(
        (MONEY[n % len(MONEY)], STRINGS[n * 3 % len(STRINGS)], (None, 5, -5, 100)[n % 4])
        for n in range(customer, customer + (0, 1, 2, 5)[customer % 4])
    )


def address(customer: int) -> Value:
    if customer % 3 == 0:
        return None
    return (STRINGS[customer % len(STRINGS)], (None, "", "12345")[customer % 5 % 3])


def all_rows() -> list[Row]:
    """Every customer with the rows that belong to them, in canonical order."""
    bought: dict[int, list[Row]] = {}
    for customer, row in purchases():
        bought.setdefault(customer, []).append(row)
    visited: dict[int, list[Row]] = {}
    for customer, row in visits():
        visited.setdefault(customer, []).append(row)
    return [
        (
            *row,
            tuple(sorted(bought.get(customer, []), key=lambda one: (one[1], one[5]))),
            tuple(sorted(visited.get(customer, []), key=lambda one: one[0])),
            lines(customer),
            address(customer),
        )
        for customer, row in enumerate(rows())
    ]


def load_relations(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables `customers`, `purchases` and `visits`, as the import views would show them."""
    scalars = [field for field in ALL_FIELDS if ("customer", *field.path) not in RELATIONS]
    table = [row[: len(FIELDS)] + row[-2:] for row in all_rows()]
    load_table(connection, "customers", scalars, table)
    for name, type, key, made in (
        ("purchases", PURCHASE, IntType(), purchases()),
        ("visits", VISIT, StringType(10), visits()),
    ):
        fields = [FieldNeed(path=(member.name,), type=member.type) for member in type.members]
        fields.append(FieldNeed(path=("customer",), type=key))
        found = [
            (*row, customer if name == "purchases" else str(customer)) for customer, row in made
        ]
        load_table(connection, name, fields, found)
