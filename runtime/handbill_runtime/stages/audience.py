"""Who a plan selects: one SQL query over the tenant's imported customers.

`include` and the named `exclude`s decide in SQL; everything that also needs the ledger or a hash is
decided per customer in `selection`. Rows come ranked, so that `limit` keeps the first.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from handbill.plan.ir import Expression
from handbill.plan.sql import lower_expression
from handbill.plan.sql_text import literal, quoted
from handbill.plan.types import DateType, ListType
from handbill.plan.values import Row, Value
from handbill_runtime.stages.compiled import CompiledPlan
from handbill_runtime.stages.customers import CUSTOMERS, Customers
from handbill_runtime.stages.reach import Recipient, addresses_of
from handbill_runtime.stages.sources import column

FETCH = 1_000
Sql: TypeAlias = str


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A customer whom `include` selects; `excluded` names the first exclude that holds.

    `row` holds the plan's content fields.
    """

    recipient: Recipient
    zone: str
    locale: str | None
    excluded: str | None
    row: Row


def audience_query(
    compiled: CompiledPlan, customers: Customers, run_date: datetime.date, where: Sql = "TRUE"
) -> Sql:
    """The plan's SELECT over the imported customers; the columns are those `candidates` reads."""
    plan = compiled.plan
    audience = plan.audience

    def field(path: tuple[str, ...]) -> Sql:
        if path[0] == "customer":
            return column(path[1:])
        if path == ("run", "date"):
            return literal(run_date, DateType())
        raise KeyError(f"an audience rule cannot read {'.'.join(path)}")

    def lower(rule: Expression) -> Sql:
        return lower_expression(customers.searching(rule), field)

    excludes = " ".join(
        f"WHEN {lower(rule)} THEN {quoted(name)}" for name, rule in audience.exclude.items()
    )
    columns = [
        *customers.roles(plan.deliver.order),
        f"CASE {excludes} END" if excludes else "NULL",
        *(column(need.path) for need in compiled.fields),
    ]
    order = [column(("id",))]
    if audience.rank is not None:
        order.insert(0, f"{lower(audience.rank)} DESC NULLS LAST")
    return (
        f"SELECT {', '.join(columns)} FROM {CUSTOMERS}"
        f" WHERE ({where}) AND {lower(audience.include)}"
        f" ORDER BY {', '.join(order)}"
    )


def candidates(
    compiled: CompiledPlan,
    customers: Customers,
    run_date: datetime.date,
    zones: Collection[str] | None = None,
    only: Collection[str] | None = None,
) -> Iterator[Sequence[Candidate]]:
    """Chunks of the customers that `include` selects, in the order of rank and id.

    `zones`: only customers whose local time is one of these; `only`: only these ids.
    """
    where = customers.where(zones, only)
    query = audience_query(compiled, customers, run_date, where)
    read = _Reader(compiled, customers)
    for rows in customers.fetch(query, FETCH):
        yield [read(row) for row in rows]


class _Reader:
    """Turns a result row into a Candidate."""

    def __init__(self, compiled: CompiledPlan, customers: Customers) -> None:
        self._zone_of = customers.zone_of
        self._channels = compiled.plan.deliver.order
        self._roles = len(customers.roles(self._channels))
        self._lists = [
            place for place, need in enumerate(compiled.fields) if isinstance(need.type, ListType)
        ]

    def __call__(self, result: tuple[Value, ...]) -> Candidate:
        customer, zone, locale, consent, declined = result[:5]
        roles = self._roles
        row = result[roles + 1 :]
        if self._lists:
            row = self._with_tuples(row)
        recipient = Recipient(
            str(customer),
            tuple(consent) if consent else (),  # type: ignore[arg-type]
            tuple(declined) if declined else (),  # type: ignore[arg-type]
            addresses_of(zip(self._channels, result[5:roles], strict=True)),  # type: ignore[arg-type]
        )
        return Candidate(
            recipient,
            self._zone_of(zone),  # type: ignore[arg-type]
            locale,  # type: ignore[arg-type]
            result[roles],  # type: ignore[arg-type]
            row,
        )

    def _with_tuples(self, row: Row) -> Row:
        values = list(row)
        for place in self._lists:
            items = values[place]
            values[place] = None if items is None else tuple(items)  # type: ignore[arg-type]
        return tuple(values)


def not_included(total: Mapping[str, int], included: Mapping[str, int]) -> Mapping[str, int]:
    """Customers per zone whom `include` did not select: only counted."""
    return {zone: count - included.get(zone, 0) for zone, count in total.items()}
