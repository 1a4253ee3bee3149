"""The relations that some plans read: rows of other datasets that belong to the customers.

Each becomes one table with the columns that any plan needs, normalised like the customers are. Rows
that cannot be used are left out and counted: those that share their key with another, and those
without a good value that any active plan of the tenant needs, whoever asks now. Customers with more
rows than the relation may hold are told of: no plan that reads it may see them. A plan whose needs
cannot be read is set aside, and stops no other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handbill.plan.errors import PlanCodeError
from handbill.plan.fetched import converter
from handbill.plan.import_relation import RelationView, relation_view
from handbill.plan.import_view import SourceTable
from handbill.plan.model import Column, Dataset, FieldNeed, Plan
from handbill.plan.sql_relations import RelationSource
from handbill.plan.types import ListType, ObjectType
from handbill.plan.values import Value
from handbill_runtime.errors import DataFault, PlanFault, RuntimeFault
from handbill_runtime.stages.sources import Sources, column, reading, refuse_problems

WANTED = "wanted_customers"
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Relation:
    """`table` holds the rows, `source` says how rules find them there."""

    view: RelationView
    table: str
    source: RelationSource


class Relations:
    """Made once for the plans that will ask; valid while the database is. What `every` plan needs of
    the relations that they read decides which rows are good."""

    def __init__(
        self,
        database: Any,
        sources: Sources,
        customers: Dataset,
        plans: Collection[Plan],
        every: Collection[Plan],
    ) -> None:
        self._database = database
        self._sources = sources
        self.quarantined: dict[str, int] = {}
        """Reason → rows of the relations' datasets that were left out."""
        self._relations: dict[str, _Relation] = {}
        self._faults: dict[tuple[str, str], RuntimeFault] = {}
        """Relation and campaign → why it cannot be read for that campaign."""
        for declared in customers.columns:
            if declared.relation is not None and _needs(declared, plans):
                self._try(declared, plans, every)

    def refuse_faulty(self, plan: Plan) -> None:
        """DataFault where a relation that this plan reads could not be read, PlanFault where what it
        needs of it cannot be; others may go on."""
        for need in plan.fields:
            if fault := self._faults.get((need.path[0], plan.campaign)):
                raise fault

    def for_rules(self) -> Mapping[Path, RelationSource]:
        """By the field's path, as rules know it."""
        return {("customer", name): one.source for name, one in self._relations.items()}

    def excess(self) -> Iterator[tuple[str, str]]:
        """For each relation that some customer has too many rows of: its name, and a query of their
        ids."""
        for name, one in self._relations.items():
            rows = self._value(f"SELECT count(*) FROM {one.table}")
            if rows > one.view.type.maximum:
                yield name, f"SELECT key0 FROM ({one.view.excess(one.table)})"

    def spellings(self, name: str) -> set[str]:
        """What is in the text column `name` of any relation."""
        found: set[str] = set()
        for one in self._relations.values():
            if name in _members(one.view.type):
                query = f"SELECT DISTINCT {column((name,))} FROM {one.table}"
                found.update(
                    value for (value,) in self._database.execute(query).fetchall() if value
                )
        return found

    def rows(self, need: FieldNeed, customers: Sequence[str]) -> Mapping[str, Value]:
        """Per customer that has any: the rows as a plan's need reads them, in canonical order."""
        one = self._relations[need.path[0]]
        assert isinstance(need.type, ListType)
        convert = converter(need.type)
        assert convert is not None
        self._database.execute(
            f"CREATE OR REPLACE TEMP TABLE {WANTED} AS SELECT unnest(?::VARCHAR[]) AS key0",
            [list(customers)],
        )
        query = one.view.rows(one.table, need.type, WANTED)
        found = self._database.execute(f"SELECT key0, rows FROM ({query})").fetchall()
        return {customer: convert(rows) for customer, rows in found}

    # ── import ───────────────────────────────────────────────────────────────────────────────────

    def _try(self, declared: Column, plans: Collection[Plan], every: Collection[Plan]) -> None:
        """Reads it for all plans together; where that cannot be, without those that it cannot be read
        for alone."""
        try:
            with reading(self._sources.tenant.tenant.name):
                view = self._view(declared, _needs(declared, plans), _needs(declared, every))
        except (DataFault, PlanCodeError):
            plans, every = (
                self._without_faulty(declared, plans),
                self._without_faulty(declared, every),
            )
            if not (needs := _needs(declared, plans)):
                return
            view = self._view(declared, needs, _needs(declared, every))
        try:
            with reading(self._sources.tenant.tenant.name):
                self._relations[declared.name] = self._read(declared, view)
        except DataFault as fault:
            self._faults |= {(declared.name, plan.campaign): fault for plan in plans}

    def _without_faulty(self, declared: Column, plans: Collection[Plan]) -> Collection[Plan]:
        return [plan for plan in plans if self._can_be_read(declared, plan)]

    def _can_be_read(self, declared: Column, plan: Plan) -> bool:
        if not (needs := _needs(declared, [plan])):
            return True
        fault: RuntimeFault
        try:
            with reading(self._sources.tenant.tenant.name):
                self._view(declared, needs, ())
            return True
        except DataFault as found:
            fault = found
        except PlanCodeError as error:
            fault = PlanFault(
                "HB931",
                f"what `{plan.tenant}/{plan.campaign}` needs of `{declared.name}` cannot be read:"
                f" {error}",
                "this campaign is stopped, no other; publish again with this version's compiler",
            )
        self._faults[declared.name, plan.campaign] = fault
        return False

    def _view(
        self, declared: Column, needs: Collection[FieldNeed], deciding: Collection[FieldNeed]
    ) -> RelationView:
        dataset, source = self._source(declared)
        paths = [
            tuple(name.split(".")) for need in (*needs, *deciding) for name in _members(need.type)
        ]
        related = self._sources.related(dataset, paths)
        return relation_view(declared, needs, dataset, source, related, deciding)

    def _source(self, declared: Column) -> tuple[Dataset, SourceTable]:
        assert declared.relation is not None
        dataset = self._sources.tenant.tenant.datasets[declared.relation.dataset]
        return dataset, self._sources.of(dataset)

    def _read(self, declared: Column, view: RelationView) -> _Relation:
        dataset, source = self._source(declared)
        refuse_problems(self._sources.tenant.tenant.name, view.view)
        table = column((f"rows of {declared.name}",))
        self._database.execute(f"CREATE TABLE {table} AS {view.select}")
        good = self._value(f"SELECT count(*) FROM {table}")
        if self._value(f"SELECT count(*) FROM {source.relation}") != good:
            self._count(dataset, view)
        if copies := self._ambiguous(view, table):
            self._database.execute(f"CREATE TABLE single AS {view.unambiguous(table)}")
            self._database.execute(f"DROP TABLE {table}")
            self._database.execute(f"ALTER TABLE single RENAME TO {table}")
            key = ", ".join(view.unique)
            self.quarantined[f"{dataset.name}: {key} not unique"] = copies
        return _Relation(view, table, view.source(table))

    def _ambiguous(self, view: RelationView, table: str) -> int:
        """How many rows share their key. As many hashes as rows prove quickly that none does."""
        keys = ", ".join(column((name,)) for name in view.unique)
        unique = f"SELECT count(*) = count(DISTINCT hash({keys})) FROM {table}"
        return 0 if self._value(unique) else self._value(view.ambiguous(table))

    def _count(self, dataset: Dataset, view: RelationView) -> None:
        query = f"SELECT reason, count(*) FROM ({view.view.quarantine}) GROUP BY ALL ORDER BY ALL"
        for reason, rows in self._database.execute(query).fetchall():
            self.quarantined[f"{dataset.name}: {reason}"] = rows

    def _value(self, query: str) -> int:
        return int(self._database.execute(query).fetchone()[0])


def _needs(declared: Column, plans: Collection[Plan]) -> list[FieldNeed]:
    return [need for plan in plans for need in plan.fields if need.path == (declared.name,)]


def _members(type: object) -> list[str]:
    assert isinstance(type, ListType)
    assert isinstance(type.item, ObjectType)
    return [member.name for member in type.item.members]
