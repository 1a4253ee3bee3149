"""A tenant's customers at one moment: the columns that its plans need, each read once.

Source columns are normalised by `plan.import_view`; what it cannot use is quarantined and counted: a
row with a bad value that any active plan of the tenant needs, so that who is left out does not depend
on what else happens to be due. Several plans query one table that is made first, a single one the file itself. The table and what
queries make of it stay within MEMORY_LIMIT; beyond it DuckDB writes into a temporary folder.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from handbill.plan.as_written import AS_WRITTEN, search_as_written
from handbill.plan.errors import PlanCodeError
from handbill.plan.import_values import normalise
from handbill.plan.import_view import ImportView, SourceTable, column_name, import_view
from handbill.plan.ir import Expression
from handbill.plan.model import Dataset, FieldNeed, Plan
from handbill.plan.sql_rules import RuleWorld
from handbill.plan.sql_text import quoted
from handbill.plan.types import EnumType, StringType
from handbill.plan.values import Context
from handbill_runtime.errors import DataFault, PlanFault, RuntimeFault
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant
from handbill_runtime.stages.hours import is_zone
from handbill_runtime.stages.needs import (
    ROLES,
    content_fields,
    fields_in,
    needed_fields,
    rules_of,
    zone_members,
    zone_paths,
)
from handbill_runtime.stages.refusals import CertainRefusals, refusals_asked_for
from handbill_runtime.stages.relations import Relations
from handbill_runtime.stages.sources import Sources, column, data_folder, reading, refuse_problems

CUSTOMERS = "customers"
"""The dataset, and what plans query: its columns are named by path, "store.name"."""
MEMORY_LIMIT = "2GB"
SAMPLE = 10_000
"""Rows that are looked at first, whether ids ascend."""


@contextmanager
def open_customers(
    tenant: CompiledTenant,
    data_root: str,
    now: datetime,
    plans: Collection[CompiledPlan] | None = None,
    memory: str = MEMORY_LIMIT,
) -> Iterator[Customers]:
    """Read the tenant's customers below `data_root` (a file URL or path with `{tenant}`).

    Only `plans` can be asked about, by default all of the tenant's; with none, only zones.
    Raises DataFault: HB940 no such file, HB941 not readable as declared, HB942 too old,
    HB943 replaced while it was read.
    """
    import duckdb

    root = data_folder(data_root, tenant.tenant.name)
    asking = tuple(tenant.plans.values()) if plans is None else tuple(plans)
    with (
        tempfile.TemporaryDirectory(prefix="handbill-data-", ignore_cleanup_errors=True) as spill,
        duckdb.connect(":memory:") as database,
        reading(tenant.tenant.name),
    ):
        database.execute("SET TimeZone = 'UTC'")
        database.execute("SET autoinstall_known_extensions = false")
        database.execute("SET preserve_insertion_order = false")  # every query orders its rows
        database.execute(f"SET memory_limit = {quoted(memory)}")
        database.execute(f"SET temp_directory = {quoted(spill)}")
        sources = Sources(database, tenant, root, now)
        yield Customers(database, tenant, sources, [one.plan for one in asking])


class Customers:
    """See the module. Valid while `open_customers` is."""

    def __init__(
        self, database: Any, tenant: CompiledTenant, sources: Sources, plans: Sequence[Plan]
    ) -> None:
        self._database = database
        self._tenant = tenant
        self._sources = sources
        self._plans = plans
        self._every = [*plans, *(tenant.deciding() if plans else ())]
        self._crowded: dict[str, str] = {}
        """Relation → the table of the customers with more rows than it may hold."""
        datasets = tenant.tenant.datasets
        if CUSTOMERS not in datasets:
            raise DataFault("HB940", f"`{tenant.tenant.name}` declares no customers dataset")
        self._dataset: Dataset = datasets[CUSTOMERS]
        self._faults: dict[str, RuntimeFault] = {}
        """Campaign → why its plan cannot be asked about."""
        self._import()

    # ── import ───────────────────────────────────────────────────────────────────────────────────

    def _import(self) -> None:
        source, view = self._view_of_every_need()
        refuse_problems(self._tenant.tenant.name, view)
        asked = needed_fields(self._dataset, self._plans)
        named = {need.path[0] for need in asked if len(need.path) == 1}
        self._columns = {name: column((name,)) for name in named}
        self._is_table = len(self._plans) > 1
        self._searchable = view.searchable
        if self._is_table:
            names = ", ".join(column((name,)) for name in self._names_read(view))
            self._database.execute(f"CREATE TABLE imported AS SELECT {names} FROM ({view.select})")
        else:
            self._database.execute(f"CREATE VIEW imported AS {view.select}")
        rows = self._count_by_spelling("imported")
        self.quarantined = self._count_quarantined(view, source, sum(rows.values()))
        self.relations = Relations(
            self._database, self._sources, self._dataset, self._plans, self._every
        )
        if self._leave_out(source):
            rows = self._count_by_spelling(CUSTOMERS)
        self.quarantined.update(self.relations.quarantined)
        self._read_zones(rows)

    def _names_read(self, view: ImportView) -> Sequence[str]:
        """The view's columns that the plans' rules, their messages or the roles read. A list that is
        only searched is not proved item by item."""
        roles = {"id", *self._columns.keys() & {*ROLES, *self._dataset.addresses.values()}}
        content = {column_name(need.path) for plan in self._plans for need in content_fields(plan)}
        rules = (self.searching(rule) for plan in self._plans for rule in rules_of(plan))
        asked = {column_name(field.path[1:]) for rule in rules for field in fields_in(rule)}
        every = (*view.columns, *(name + AS_WRITTEN for name in sorted(view.searchable)))
        return [name for name in every if name in roles | content | asked]

    def _view_of_every_need(self) -> tuple[SourceTable, ImportView]:
        """A plan of whose needs no view can be made, or that leads to data which is not there, is set
        aside and does not stop the others."""
        try:
            with reading(self._tenant.tenant.name):
                return self._view(self._every)
        except (DataFault, PlanCodeError):
            self._view(())  # raises where the customers themselves cannot be read
            self._every = [plan for plan in self._every if self._can_be_asked(plan)]
            self._plans = [plan for plan in self._plans if plan.campaign not in self._faults]
            return self._view(self._every)

    def _view(self, plans: Sequence[Plan]) -> tuple[SourceTable, ImportView]:
        needs = needed_fields(self._dataset, plans)
        named = {need.path[0] for need in needs}
        certain = self._certain(self._sources.of(self._dataset, named))
        related = self._sources.related(self._dataset, [need.path for need in needs])
        view = import_view(certain.dataset, needs, certain.source, related, certain.checks)
        return certain.source, view

    def _can_be_asked(self, plan: Plan) -> bool:
        try:
            with reading(self._tenant.tenant.name):
                self._view([plan])
        except DataFault as fault:
            self._faults[plan.campaign] = fault
            return False
        except PlanCodeError as error:
            self._faults[plan.campaign] = PlanFault(
                "HB931",
                f"the plan of `{plan.tenant}/{plan.campaign}` does not run: {error}",
                "this campaign is stopped, no other; publish again with this version's compiler",
            )
            return False
        return True

    def refuse_faulty(self, plan: Plan) -> None:
        """PlanFault for a plan that cannot be asked about, DataFault where the data of a relation
        that it reads cannot be read. Others may go on."""
        if plan.campaign in self._faults:
            raise self._faults[plan.campaign]
        self.relations.refuse_faulty(plan)

    def roles(self, channels: Sequence[str]) -> tuple[str, ...]:
        """SQL for the values of ROLES, then for the address on each channel."""
        addresses = [self._dataset.addresses.get(channel, "") for channel in channels]
        return tuple(self._columns.get(name, "NULL") for name in (*ROLES, *addresses))

    def _certain(self, source: SourceTable) -> CertainRefusals:
        categories = [plan.category for plan in self._every]
        return refusals_asked_for(self._tenant.tenant, self._dataset, source, categories)

    def _count_by_spelling(self, relation: str) -> Mapping[str | None, int]:
        """Each zone as the data spell it → rows: the whole of what must be known of every row."""
        zone = self._columns.get("timezone", "CAST(NULL AS VARCHAR)")
        query = f"SELECT {zone}, count(*) FROM {relation} GROUP BY ALL"
        return dict(self._database.execute(query).fetchall())

    def _count_quarantined(
        self, view: ImportView, source: SourceTable, good: int
    ) -> dict[str, int]:
        """Reason → rows, looked up only when some row is not good."""
        if self._value(f"SELECT count(*) FROM {source.relation}") == good:
            return {}
        query = f"SELECT reason, count(*) FROM ({view.quarantine}) GROUP BY ALL ORDER BY ALL"
        return dict(self._database.execute(query).fetchall())

    def _leave_out(self, source: SourceTable) -> bool:
        """Whoever no plan may see although the row is good: makes the view CUSTOMERS. Also notes whom
        those plans may not see that read a relation."""
        copies = self._ambiguous(source)
        where = " WHERE id NOT IN (SELECT id FROM ambiguous)" if copies else ""
        self._database.execute(f"CREATE VIEW {CUSTOMERS} AS SELECT * FROM imported{where}")
        if copies:
            self.quarantined["id: not unique"] = copies
        for name, ids in self.relations.excess():
            table = column((f"too many {name}",))
            self._database.execute(
                f"CREATE TABLE {table} AS SELECT id FROM {CUSTOMERS} WHERE id IN ({ids})"
            )
            if rows := self._value(f"SELECT count(*) FROM {table}"):
                self.quarantined[f"{name}: too many rows"] = rows
                self._crowded[name] = table
        return bool(copies)

    def _ambiguous(self, source: SourceTable) -> int:
        """Two rows with one id: nobody can say which is the customer, so neither is used. How many
        there are of them."""
        if self._is_surely_unique(source):
            return 0
        self._database.execute(
            "CREATE TABLE ambiguous AS SELECT id, count(*) AS copies FROM imported"
            " GROUP BY id HAVING count(*) > 1"
        )
        return self._value("SELECT coalesce(sum(copies), 0) FROM ambiguous")

    def _is_surely_unique(self, source: SourceTable) -> bool:
        """Right whenever it says so: the ids ascend, or there are as many hashes as rows. Both are
        quicker than to count ids, and are asked of the ids alone, without other columns' checks."""
        declared = next(one for one in self._dataset.columns if one.name == "id")
        found = normalise("source.id", source.columns["id"], declared.type)
        if found is None or not isinstance(declared.type, StringType | EnumType):
            return False
        ids = f"SELECT {found.value} AS id FROM {source.relation} AS source"
        if self._ascend(f"{ids} LIMIT {SAMPLE}") and self._ascend(ids):
            return True
        relation = "imported" if self._is_table else f"({ids})"
        return bool(self._value(f"SELECT count(*) = count(DISTINCT hash(id)) FROM {relation}"))

    def _ascend(self, ids: str) -> bool:
        """Whether each is greater than the one before it, but for the first; a missing one is not."""
        query = f"SELECT id, lag(id) OVER () AS before FROM ({ids})"
        return self._value(f"SELECT count(*) FROM ({query}) WHERE (before < id) IS NOT TRUE") <= 1

    # ── zones ────────────────────────────────────────────────────────────────────────────────────

    def _read_zones(self, rows: Mapping[str | None, int]) -> None:
        """Each spelling of a zone in the data → the zone whose local time counts."""
        home = self._tenant.tenant.timezone
        self._zones = {name: name if name is not None and is_zone(name) else home for name in rows}
        self._rows = self._by_zone(rows)
        self.total = sum(rows.values())

    def _by_zone(self, rows: Mapping[str | None, int]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for name, count in rows.items():
            found[self._zones[name]] = found.get(self._zones[name], 0) + count
        return found

    def zones(self) -> tuple[str, ...]:
        """The zones in which the tenant's customers live, at least the tenant's own."""
        return tuple(sorted({*self._zones.values(), self._tenant.tenant.timezone}))

    def zone_of(self, spelling: str | None) -> str:
        return self._zones[spelling]

    def count_by_zone(self, plan: Plan) -> Mapping[str, int]:
        """Of the customers that the plan may see."""
        seen = self.seen_by(plan)
        if seen == "TRUE":
            return self._rows
        return self._by_zone(self._count_by_spelling(f"{CUSTOMERS} WHERE {seen}"))

    # ── queries ──────────────────────────────────────────────────────────────────────────────────

    def seen_by(self, plan: Plan) -> str:
        """A condition for the customers that the plan may see: those with no more rows than a relation
        may hold that it reads. What other plans read makes no difference."""
        names = dict.fromkeys(need.path[0] for need in plan.fields)
        tables = [self._crowded[name] for name in names if name in self._crowded]
        return " AND ".join(f"{CUSTOMERS}.id NOT IN (FROM {table})" for table in tables) or "TRUE"

    def where(self, zones: Collection[str] | None, only: Collection[str] | None) -> str:
        """A condition for customers in some zones, or for some ids."""
        conditions = []
        if zones is not None and set(self._zones.values()) - set(zones):
            zone = self._columns.get("timezone", "NULL")
            spellings = [name for name, known in self._zones.items() if known in zones]
            named = ", ".join(quoted(name) for name in spellings if name is not None)
            options = [f"{zone} IN ({named})"] if named else []
            if None in spellings:
                options.append(f"{zone} IS NULL")
            conditions.append(f"({' OR '.join(options) or 'FALSE'})")
        if only is not None:
            self._database.execute(
                "CREATE OR REPLACE TABLE wanted AS SELECT unnest(?::VARCHAR[]) AS id", [list(only)]
            )
            conditions.append("id IN (SELECT id FROM wanted)")
        return " AND ".join(conditions) or "TRUE"

    def world(self, context: Context, rules: Sequence[Expression]) -> RuleWorld:
        """What these rules are asked about."""

        def field(path: tuple[str, ...]) -> str:
            if path[0] != "customer":
                raise KeyError(f"an audience rule cannot read {'.'.join(path)}")
            return column(path[1:])

        return RuleWorld(
            columns=field,
            customers=CUSTOMERS,
            key=(f"{CUSTOMERS}.id",),
            relations=self.relations.for_rules(),
            context=context,
            zones=self._spellings(rules),
        )

    def _spellings(self, rules: Sequence[Expression]) -> set[str]:
        """What stands in the columns that these rules read as time zones."""
        found: set[str] = set()
        for path in zone_paths(rules):
            if path == ("timezone",):
                found.update(name for name in self._zones if name is not None)
            elif ("customer", *path) not in self.relations.for_rules():
                query = f"SELECT DISTINCT {column(path)} FROM {CUSTOMERS}"
                rows = self._database.execute(query).fetchall()
                found.update(name for (name,) in rows if name is not None)
        for name in zone_members(rules):
            found |= self.relations.spellings(name)
        return found

    def is_relation(self, need: FieldNeed) -> bool:
        return ("customer", *need.path) in self.relations.for_rules()

    def searching(self, rule: Expression) -> Expression:
        """The rule as it is quickest over these customers."""
        return search_as_written(rule, self._searchable)

    def fetch(self, query: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """The result in chunks; the first comes when the file has been read."""
        cursor = self._database.cursor().execute(query)
        rows = cursor.fetchmany(size)
        self._sources.refuse_changed()
        while rows:
            yield rows
            rows = cursor.fetchmany(size)

    def _value(self, query: str) -> int:
        return int(self._database.execute(query).fetchone()[0])
