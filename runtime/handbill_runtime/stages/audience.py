"""Who a plan selects: one SQL query over the tenant's imported customers.

`include` and the named `exclude`s decide in SQL; everything that also needs the ledger or a hash is
decided per customer in `selection`. Rows come ranked, so that `limit` keeps the first.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from handbill.plan.model import Plan
from handbill.plan.sql import lower_expression
from handbill.plan.sql_text import literal, quoted
from handbill.plan.types import DateType, ListType
from handbill.plan.values import Row, Value
from handbill_runtime.stages.compiled import CompiledPlan
from handbill_runtime.stages.customers import CUSTOMERS, Customers, column
from handbill_runtime.stages.reach import Recipient, addresses_of

FETCH = 1_000
Sql: TypeAlias = str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer whom `include` selects; `excluded` names the first exclude that holds."""

    recipient: Recipient
    zone: str
    locale: str | None
    excluded: str | None
    row: Row


def audience_query(
    plan: Plan, customers: Customers, run_date: datetime.date, where: Sql = "TRUE"
) -> Sql:
    """The plan's SELECT over the imported customers; the columns are those `candidates` reads."""

    def field(path: tuple[str, ...]) -> Sql:
        if path[0] == "customer":
            return column(path[1:])
        if path == ("run", "date"):
            return literal(run_date, DateType())
        raise KeyError(f"an audience rule cannot read {'.'.join(path)}")

    audience = plan.audience
    excludes = " ".join(
        f"WHEN {lower_expression(rule, field)} THEN {quoted(name)}"
        for name, rule in audience.exclude.items()
    )
    columns = [
        *customers.roles(plan.deliver.order),
        f"CASE {excludes} END" if excludes else "NULL",
        *(column(need.path) for need in plan.fields),
    ]
    order = [column(("id",))]
    if audience.rank is not None:
        order.insert(0, f"{lower_expression(audience.rank, field)} DESC NULLS LAST")
    return (
        f"SELECT {', '.join(columns)} FROM {CUSTOMERS}"
        f" WHERE ({where}) AND {lower_expression(audience.include, field)}"
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
    query = audience_query(compiled.plan, customers, run_date, where)
    read = _Reader(compiled.plan, customers)
    for rows in customers.fetch(query, FETCH):
        yield [read(row) for row in rows]


class _Reader:
    """Turns a result row into a Candidate."""

    def __init__(self, plan: Plan, customers: Customers) -> None:
        self._customers = customers
        self._channels = plan.deliver.order
        self._roles = len(customers.roles(plan.deliver.order))
        self._lists = [
            place for place, need in enumerate(plan.fields) if isinstance(need.type, ListType)
        ]

    def __call__(self, result: tuple[Value, ...]) -> Candidate:
        customer, zone, locale, consent, declined, *addresses = result[: self._roles]
        row = result[self._roles + 1 :]
        if self._lists:
            row = self._with_tuples(row)
        return Candidate(
            recipient=Recipient(
                str(customer),
                _texts(consent),
                _texts(declined),
                addresses_of(zip(self._channels, addresses, strict=True)),  # type: ignore[arg-type]
            ),
            zone=self._customers.zone_of(_text(zone)),
            locale=_text(locale),
            excluded=_text(result[self._roles]),
            row=row,
        )

    def _with_tuples(self, row: Row) -> Row:
        values = list(row)
        for place in self._lists:
            items = values[place]
            values[place] = None if items is None else tuple(items)  # type: ignore[arg-type]
        return tuple(values)


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _texts(value: Value) -> tuple[str, ...]:
    return () if value is None else tuple(value)  # type: ignore[arg-type]


def not_included(total: Mapping[str, int], included: Mapping[str, int]) -> Mapping[str, int]:
    """Customers per zone whom `include` did not select: only counted."""
    return {zone: count - included.get(zone, 0) for zone, count in total.items()}
