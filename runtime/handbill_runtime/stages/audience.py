"""Who a plan selects: one SQL query over the tenant's imported customers.

`include` and the named `exclude`s decide in SQL; everything that also needs the ledger or a hash is
decided per customer in `selection`. Rows come ranked, so that `limit` keeps the first.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from handbill.plan.fetched import converter
from handbill.plan.sql_rules import lower_rules
from handbill.plan.sql_text import quoted
from handbill.plan.values import Row, Value
from handbill_runtime.stages.compiled import CompiledPlan
from handbill_runtime.stages.customers import CUSTOMERS, Customers
from handbill_runtime.stages.needs import rules_of
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
    """The plan's SELECT over the imported customers; the columns are those `candidates` reads.

    PlanFault for a plan that cannot be asked about, DataFault for one that reads a relation whose data
    cannot be read.
    """
    plan, audience = compiled.plan, compiled.plan.audience
    customers.refuse_faulty(plan)
    rules = [customers.searching(rule) for rule in rules_of(plan)]
    world = customers.world({("run", "date"): run_date}, rules)
    lowered = lower_rules(rules, world)
    include, *others = lowered.sql
    excludes = " ".join(
        f"WHEN {sql} THEN {quoted(name)}"
        for name, sql in zip(audience.exclude, others, strict=False)
    )
    columns = [
        *customers.roles(plan.deliver.order),
        f"CASE {excludes} END" if excludes else "NULL",
        *(column(need.path) for need in compiled.fields if not customers.is_relation(need)),
    ]
    rank = [] if audience.rank is None else [f"{others[-1]} DESC NULLS LAST"]
    order = ", ".join([*rank, column(("id",))])
    return (
        f"SELECT {', '.join(columns)} FROM {CUSTOMERS} {lowered.joins}"
        f" WHERE ({where}) AND {customers.seen_by(plan)}"
        f" AND {include} ORDER BY {order}"
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
    reader = _Reader(compiled, customers)
    for rows in customers.fetch(query, FETCH):
        yield reader.read(rows)


class _Reader:
    """Turns result rows into Candidates."""

    def __init__(self, compiled: CompiledPlan, customers: Customers) -> None:
        self._customers = customers
        self._channels = compiled.plan.deliver.order
        self._roles = len(customers.roles(self._channels))
        self._related = [
            (place, need)
            for place, need in enumerate(compiled.fields)
            if customers.is_relation(need)
        ]
        own = [need for need in compiled.fields if not customers.is_relation(need)]
        self._converters = [
            (place, convert)
            for place, need in enumerate(own)
            if (convert := converter(need.type)) is not None
        ]

    def read(self, results: Sequence[tuple[Any, ...]]) -> Sequence[Candidate]:
        """In the same order. Who is excluded gets no message: their related rows are not read."""
        if not self._related:
            return [self._candidate(result, self._row(result)) for result in results]
        ids = [str(result[0]) for result in results if result[self._roles] is None]
        found = [self._customers.relations.rows(need, ids) for _, need in self._related]
        return [self._candidate(result, self._with_related(result, found)) for result in results]

    def _with_related(self, result: tuple[Any, ...], found: Sequence[Mapping[str, Value]]) -> Row:
        row = list(self._row(result))
        for (place, _), rows in zip(self._related, found, strict=True):
            row.insert(place, rows.get(str(result[0]), ()))
        return tuple(row)

    def _candidate(self, result: tuple[Any, ...], row: Row) -> Candidate:
        customer, zone, locale, consent, declined = result[:5]
        recipient = Recipient(
            str(customer),
            tuple(consent) if consent else (),
            tuple(declined) if declined else (),
            addresses_of(zip(self._channels, result[5 : self._roles], strict=True)),
        )
        excluded = result[self._roles]
        return Candidate(recipient, self._customers.zone_of(zone), locale, excluded, row)

    def _row(self, result: tuple[Any, ...]) -> Row:
        row = result[self._roles + 1 :]
        if not self._converters:
            return row
        values = list(row)
        for place, convert in self._converters:
            values[place] = convert(values[place])
        return tuple(values)


def not_included(total: Mapping[str, int], included: Mapping[str, int]) -> Mapping[str, int]:
    """Customers per zone whom `include` did not select: only counted."""
    return {zone: count - included.get(zone, 0) for zone, count in total.items()}
