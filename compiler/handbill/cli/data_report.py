"""What a runtime would make of a tenant's data: which rows it keeps, and why not the others.

Reads the files as the runtime does, through the same import view, but every declared column and not
only those that plans need. Nothing is written and nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from handbill.cli.dataset_report import DatasetReport, Quarantined
from handbill.plan.import_relation import relation_view
from handbill.plan.import_view import ImportView, SourceTable, describe_source, import_view
from handbill.plan.model import Column, Dataset, Digest, FieldNeed, Table, Tenant
from handbill.plan.sql_text import identifier, quoted
from handbill.plan.types import ListType, ObjectType
from handbill_runtime.stages.customers import CUSTOMERS
from handbill_runtime.stages.refusals import (
    CONSENT,
    DECLINED,
    CertainRefusals,
    certain_refusals,
    rows_of_unknown_consent,
)
from handbill_runtime.stages.sources import CSV

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_EXAMPLES, MANY = 3, 1_000_000


def report_tenant(
    tenant: Tenant, tables: Mapping[Digest, Table], folder: Path
) -> tuple[DatasetReport, ...]:
    """One report for each dataset whose rows are not in git, `customers` first."""
    import duckdb

    names = sorted(tenant.datasets, key=lambda name: (name != "customers", name))
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        reading = _Reading(connection, tenant, tables, folder)
        return tuple(reading.report(name) for name in names if tenant.datasets[name].table is None)


class _Reading:
    """The sources of one tenant, opened once each."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        tenant: Tenant,
        tables: Mapping[Digest, Table],
        folder: Path,
    ) -> None:
        self._connection = connection
        self._tenant = tenant
        self._tables = tables
        self._folder = folder

    def report(self, name: str) -> DatasetReport:
        import duckdb

        path = self._file(name)
        if path is None:
            fault = f"there is neither {name}.parquet nor {name}.csv in {self._folder}"
            return DatasetReport(self._tenant.name, name, fault=fault)
        try:
            return self._report(name, path)
        except duckdb.Error as error:
            fault = f"it cannot be read: {str(error).splitlines()[0]}"
            return DatasetReport(self._tenant.name, name, str(path), fault)

    def _report(self, name: str, path: Path) -> DatasetReport:
        dataset, unchecked = self._checkable(self._placed(self._tenant.datasets[name]))
        read = self._certain(dataset, describe_source(self._connection, _relation(path)))
        dataset, source = read.dataset, read.source
        needs = [FieldNeed(path=(column.name,), type=column.type) for column in dataset.columns]
        view = import_view(dataset, needs, source, self._related(dataset), read.checks)
        lacking = [problem.column for problem in view.problems if problem.required]
        if lacking:
            fault = f"it has no usable column {', '.join(lacking)}, and each row needs it"
            return DatasetReport(self._tenant.name, name, str(path), fault)
        counts = self._counts(view)
        return DatasetReport(
            self._tenant.name,
            name,
            str(path),
            rows=counts.pop("rows"),
            quarantined=self._quarantined(view, counts.pop("quarantined")),
            duplicates=self._value(f"SELECT coalesce(sum(rows), 0) FROM ({view.duplicates})"),
            invalid={column: count for column, count in counts.items() if count},
            absent=tuple(sorted({problem.column for problem in view.problems})),
            undeclared=_undeclared(dataset, source.columns),
            unchecked=unchecked,
            crowded=self._crowded() if name == CUSTOMERS else {},
            unknown_consent=self._unknown_consent(dataset, source),
        )

    def _placed(self, dataset: Dataset) -> Dataset:
        """With each column required by which a relation finds and orders its rows."""
        placing = {
            name
            for column in self._relations()
            if column.relation is not None and column.relation.dataset == dataset.name
            for name in (*column.relation.key, column.relation.time, *dataset.key)
        }
        columns = tuple(
            msgspec.structs.replace(column, required=column.required or column.name in placing)
            for column in dataset.columns
        )
        return msgspec.structs.replace(dataset, columns=columns)

    def _relations(self) -> tuple[Column, ...]:
        customers = self._tenant.datasets.get(CUSTOMERS)
        columns = customers.columns if customers is not None else ()
        return tuple(column for column in columns if column.relation is not None)

    def _crowded(self) -> Mapping[str, int]:
        found = {column.name: self._customers_in_excess(column) for column in self._relations()}
        return {name: count for name, count in found.items() if count}

    def _customers_in_excess(self, column: Column) -> int:
        """0 where the relation's file is not there: its own report says so."""
        assert column.relation is not None
        name = column.relation.dataset
        dataset, _ = self._checkable(self._tenant.datasets[name])
        if dataset.table is None and self._file(name) is None:
            return 0
        _, source = self._target(name)
        need = FieldNeed(path=(column.name,), type=ListType(ObjectType(()), MANY))
        view = relation_view(column, [need], dataset, source, self._related(dataset))
        if any(problem.required for problem in view.view.problems):
            return 0
        return self._value(f"SELECT count(*) FROM ({view.excess(f'({view.view.select})')})")

    def _certain(self, dataset: Dataset, source: SourceTable) -> CertainRefusals:
        """As for campaigns that ask who declined; the others keep such rows."""
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
            else self._value(f"SELECT count(*) FILTER ({rows}) FROM {source.relation} AS source")
        )

    def _counts(self, view: ImportView) -> dict[str, int]:
        cursor = self._connection.execute(view.counts)
        names = [column[0] for column in cursor.description or ()]
        row = cursor.fetchone() or ()
        return {name: int(count) for name, count in zip(names, row, strict=True)}

    def _quarantined(self, view: ImportView, rows: int) -> tuple[Quarantined, ...]:
        if not rows:
            return ()
        found = self._connection.execute(
            f"SELECT reason, count(*), list(key ORDER BY key)[:{MAX_EXAMPLES}]"
            f" FROM ({view.quarantine}) GROUP BY reason ORDER BY count(*) DESC, reason"
        ).fetchall()
        return tuple(
            Quarantined(columns, count, tuple(map(str, keys))) for columns, count, keys in found
        )

    def _checkable(self, dataset: Dataset) -> tuple[Dataset, Mapping[str, str]]:
        """The dataset without its references to what the tenant does not have, and those.

        No plan reads such a reference: the compiler refuses it (HB458).
        """
        unchecked = {
            column.name: column.references
            for column in dataset.columns
            if column.references and not self._has_single_key(column.references)
        }
        columns = tuple(
            msgspec.structs.replace(column, references=None) if column.name in unchecked else column
            for column in dataset.columns
        )
        return msgspec.structs.replace(dataset, columns=columns), unchecked

    def _has_single_key(self, name: str) -> bool:
        target = self._tenant.datasets.get(name)
        return target is not None and len(target.key) == 1

    def _related(self, dataset: Dataset) -> Mapping[str, tuple[Dataset, SourceTable]]:
        """What the dataset's references lead to; an absent file is an empty table."""
        targets = {column.references for column in dataset.columns if column.references}
        return {target: self._target(target) for target in sorted(targets)}

    def _target(self, name: str) -> tuple[Dataset, SourceTable]:
        dataset = self._tenant.datasets[name]
        if dataset.table is not None:
            relation = self._git_table(name, self._tables[dataset.table])
        elif (path := self._file(name)) is not None:
            relation = _relation(path)
        else:
            relation = self._git_table(name, Table(columns=dataset.key, rows=()))
        return dataset, describe_source(self._connection, relation)

    def _git_table(self, name: str, table: Table) -> str:
        relation = identifier(f"table {name}")
        columns = ", ".join(f"{identifier(column)} VARCHAR" for column in table.columns)
        self._connection.execute(f"CREATE OR REPLACE TABLE {relation} ({columns})")
        if table.rows:
            marks = ", ".join("?" for _ in table.columns)
            insert = f"INSERT INTO {relation} VALUES ({marks})"
            self._connection.executemany(insert, [list(row) for row in table.rows])
        return relation

    def _file(self, name: str) -> Path | None:
        paths = [self._folder / f"{name}.parquet", self._folder / f"{name}.csv"]
        return next((path for path in paths if path.is_file()), None)

    def _value(self, question: str) -> int:
        row = self._connection.execute(question).fetchone()
        return int(row[0]) if row else 0


def _relation(path: Path) -> str:
    if path.suffix == ".parquet":
        return f"read_parquet({quoted(str(path))})"
    return CSV.format(quoted(str(path)))


def _declares(dataset: Dataset, name: str) -> bool:
    return any(column.name == name for column in dataset.columns)


def _undeclared(dataset: Dataset, columns: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(set(columns) - {column.name for column in dataset.columns}))
