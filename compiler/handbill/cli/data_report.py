"""What a runtime would make of a tenant's data: which rows it keeps, and why not the others.

Reads the files as the runtime does, through the same import view. What the tenant's active plans read
decides which rows are kept, as it does in a run; where there are none, every declared column does. The
columns that nobody reads yet are looked at apart. Nothing is written and nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from handbill.cli.columns_read import Path as ColumnPath
from handbill.cli.columns_read import checkable, paths_read, relation_needs
from handbill.cli.data_sources import DataSources
from handbill.cli.dataset_report import DatasetReport, Quarantined
from handbill.plan.import_relation import relation_view
from handbill.plan.import_view import ImportView, SourceTable, import_view
from handbill.plan.model import Column, Dataset, Digest, FieldNeed, Plan, Table, Tenant
from handbill.plan.sql_text import identifier
from handbill.plan.types import DatetimeType, ListType, ObjectType
from handbill_runtime.stages.customers import CUSTOMERS
from handbill_runtime.stages.refusals import (
    CONSENT,
    DECLINED,
    CertainRefusals,
    certain_refusals,
    refusals_asked_for,
    rows_of_unknown_consent,
)

MAX_EXAMPLES, MANY = 3, 1_000_000
MANY_INSTANTS = 10
"""So many are not all at midnight by chance."""


def report_tenant(
    tenant: Tenant, tables: Mapping[Digest, Table], folder: Path, active: Collection[Plan] = ()
) -> tuple[DatasetReport, ...]:
    """One report for each dataset whose rows are not in git, `customers` first. `active` are the
    tenant's active plans."""
    import duckdb

    names = sorted(tenant.datasets, key=lambda name: (name != "customers", name))
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        reading = _Reading(DataSources(connection, tenant, tables, folder), active)
        return tuple(reading.report(name) for name in names if tenant.datasets[name].table is None)


@dataclass(frozen=True, slots=True)
class _Look:
    """One way to look at a dataset. `names` are the columns that decide which rows are good."""

    dataset: Dataset
    source: SourceTable
    view: ImportView
    names: frozenset[str]
    unchecked: Mapping[str, str]


class _Reading:
    """The reports of one tenant."""

    def __init__(self, sources: DataSources, active: Collection[Plan]) -> None:
        self._sources = sources
        self._tenant = sources.tenant
        self._active = active
        self._read = paths_read(sources.tenant, active) if active else {}

    def report(self, name: str) -> DatasetReport:
        import duckdb

        path = self._sources.file(name)
        if path is None:
            fault = f"there is neither {name}.parquet nor {name}.csv in {self._sources.folder}"
            return DatasetReport(self._tenant.name, name, fault=fault)
        try:
            return self._report(name, path)
        except duckdb.Error as error:
            fault = f"it cannot be read: {str(error).splitlines()[0]}"
            return DatasetReport(self._tenant.name, name, str(path), fault)

    def _report(self, name: str, path: Path) -> DatasetReport:
        every = self._look_at_all(name, path)
        read = self._look_at_read(name, path) if name in self._read else every
        lacking = [problem.column for problem in read.view.problems if problem.required]
        if lacking:
            fault = f"it has no usable column {', '.join(lacking)}, and each row needs it"
            return DatasetReport(self._tenant.name, name, str(path), fault)
        counts, values = self._counts(read.view), self._counts(every.view)
        del values["rows"]
        return DatasetReport(
            self._tenant.name,
            name,
            str(path),
            rows=counts["rows"],
            quarantined=self._quarantined(read.view, counts["quarantined"]),
            unread=self._unread(every, read, values.pop("quarantined")),
            duplicates=self._sources.value(
                f"SELECT coalesce(sum(rows), 0) FROM ({read.view.duplicates})"
            ),
            invalid={column: count for column, count in values.items() if count},
            absent=tuple(sorted({problem.column for problem in every.view.problems})),
            undeclared=_undeclared(every.dataset, every.source.columns),
            unchecked=every.unchecked,
            crowded=self._crowded() if name == CUSTOMERS else {},
            only_days=self._only_days(every),
            unknown_consent=self._unknown_consent(every.dataset, every.source),
        )

    def _look_at_all(self, name: str, path: Path) -> _Look:
        """With each declared column, and who declined as campaigns see it that ask."""
        dataset, unchecked = checkable(
            self._tenant, self._placed(self._tenant.datasets[name], self._relations())
        )
        read = self._certain(dataset, self._sources.describe(path))
        paths = {(column.name,) for column in dataset.columns} | self._read.get(name, frozenset())
        return self._look(read, paths, unchecked)

    def _look_at_read(self, name: str, path: Path) -> _Look:
        """With what the active plans read, as a run does."""
        relations = [one for one in self._relations() if relation_needs(one, self._active)]
        dataset, unchecked = checkable(
            self._tenant, self._placed(self._tenant.datasets[name], relations)
        )
        source = self._sources.describe(path)
        read = CertainRefusals(dataset, source)
        if name == CUSTOMERS:
            categories = [plan.category for plan in self._active]
            read = refusals_asked_for(self._tenant, dataset, source, categories)
        return self._look(read, self._read[name], unchecked)

    def _look(
        self, read: CertainRefusals, paths: Collection[ColumnPath], unchecked: Mapping[str, str]
    ) -> _Look:
        types = {column.name: column.type for column in read.dataset.columns}
        needs = [FieldNeed(path=path, type=types[path[0]]) for path in sorted(paths)]
        related = self._sources.related(read.dataset, paths)
        view = import_view(read.dataset, needs, read.source, related, read.checks)
        names = {
            *(path[0] for path in paths),
            *read.dataset.key,
            *(name for name, _ in read.checks),
        }
        return _Look(read.dataset, read.source, view, frozenset(names), unchecked)

    def _placed(self, dataset: Dataset, relations: Iterable[Column]) -> Dataset:
        """With each column required by which a relation finds and orders its rows."""
        placing = {
            name
            for column in relations
            if column.relation is not None and column.relation.dataset == dataset.name
            for name in (*column.relation.key, column.relation.time, *dataset.key)
        }
        columns = tuple(
            msgspec.structs.replace(column, required=column.required or column.name in placing)
            for column in dataset.columns
        )
        return msgspec.structs.replace(dataset, columns=columns)

    def _relations(self) -> tuple[Column, ...]:
        """Those whose rows the tenant has: the vocabulary may know more than it keeps."""
        known = self._tenant.datasets
        columns = known[CUSTOMERS].columns if CUSTOMERS in known else ()
        return tuple(
            column
            for column in columns
            if column.relation is not None and column.relation.dataset in known
        )

    def _crowded(self) -> Mapping[str, int]:
        found = {column.name: self._customers_in_excess(column) for column in self._relations()}
        return {name: count for name, count in found.items() if count}

    def _customers_in_excess(self, column: Column) -> int:
        """0 where the relation's file is not there: its own report says so."""
        assert column.relation is not None
        name = column.relation.dataset
        dataset, _ = checkable(self._tenant, self._tenant.datasets[name])
        if dataset.table is None and self._sources.file(name) is None:
            return 0
        _, source = self._sources.target(name)
        nothing = FieldNeed(path=(column.name,), type=ListType(ObjectType(()), MANY))
        needs = relation_needs(column, self._active) or (nothing,)
        related = self._sources.related(dataset, self._read.get(name, ()))
        view = relation_view(column, needs, dataset, source, related)
        if any(problem.required for problem in view.view.problems):
            return 0
        rows = f"({view.unambiguous(f'({view.select})')})"
        return self._sources.value(f"SELECT count(*) FROM ({view.excess(rows)})")

    def _only_days(self, look: _Look) -> tuple[str, ...]:
        """Columns by which a relation dates these rows, as far as midnights tell nothing of the hour."""
        times = {
            column.relation.time
            for column in self._relations()
            if column.relation is not None and column.relation.dataset == look.dataset.name
        }
        instants = [
            column.name
            for column in look.dataset.columns
            if column.name in times and isinstance(column.type, DatetimeType)
        ]
        return tuple(name for name in instants if self._sources.value(_midnights(look.view, name)))

    def _certain(self, dataset: Dataset, source: SourceTable) -> CertainRefusals:
        """As for campaigns that ask who declined; without one, such rows are kept."""
        if (
            dataset.name == CUSTOMERS
            and DECLINED in source.columns
            and _declares(dataset, DECLINED)
        ):
            return certain_refusals(self._tenant, dataset, source)
        return CertainRefusals(dataset, source)

    def _unknown_consent(self, dataset: Dataset, source: SourceTable) -> int:
        found = source.columns.get(CONSENT)
        if dataset.name != CUSTOMERS or found is None or not _declares(dataset, CONSENT):
            return 0
        rows = rows_of_unknown_consent(self._tenant, found.type)
        return (
            0
            if rows is None
            else self._sources.value(
                f"SELECT count(*) FILTER ({rows}) FROM {source.relation} AS source"
            )
        )

    def _counts(self, view: ImportView) -> dict[str, int]:
        cursor = self._sources.connection.execute(view.counts)
        names = [column[0] for column in cursor.description or ()]
        row = cursor.fetchone() or ()
        return {name: int(count) for name, count in zip(names, row, strict=True)}

    def _quarantined(self, view: ImportView, rows: int) -> tuple[Quarantined, ...]:
        return self._reasons(view) if rows else ()

    def _unread(self, every: _Look, read: _Look, rows: int) -> tuple[Quarantined, ...]:
        """Rows that only columns would leave out that nobody reads."""
        if read is every or not rows:
            return ()
        return tuple(
            reason
            for reason in self._reasons(every.view)
            if read.names.isdisjoint(reason.columns.split(", "))
        )

    def _reasons(self, view: ImportView) -> tuple[Quarantined, ...]:
        found = self._sources.connection.execute(
            f"SELECT reason, count(*), list(key ORDER BY key)[:{MAX_EXAMPLES}]"
            f" FROM ({view.quarantine}) GROUP BY reason ORDER BY count(*) DESC, reason"
        ).fetchall()
        return tuple(
            Quarantined(columns, count, tuple(map(str, keys))) for columns, count, keys in found
        )


def _midnights(view: ImportView, column: str) -> str:
    """The question whether there are many instants, each the beginning of a day."""
    time = identifier(column)
    return (
        f"SELECT count({time}) >= {MANY_INSTANTS}"
        f" AND bool_and({time} = date_trunc('day', {time})) FROM ({view.select})"
    )


def _declares(dataset: Dataset, name: str) -> bool:
    return any(column.name == name for column in dataset.columns)


def _undeclared(dataset: Dataset, columns: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(set(columns) - {column.name for column in dataset.columns}))
