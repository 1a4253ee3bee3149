"""Where the data of one tenant is, as `handbill data check` looks at it: files, and tables in git."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.plan.import_view import SourceTable, describe_source
from handbill.plan.model import Dataset, Digest, Table, Tenant
from handbill.plan.sql_text import identifier, quoted
from handbill_runtime.stages.sources import CSV

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class DataSources:
    """`folder` holds the files."""

    connection: DuckDBPyConnection
    tenant: Tenant
    tables: Mapping[Digest, Table]
    folder: Path

    def file(self, name: str) -> Path | None:
        paths = [self.folder / f"{name}.parquet", self.folder / f"{name}.csv"]
        return next((path for path in paths if path.is_file()), None)

    def describe(self, path: Path) -> SourceTable:
        place = quoted(str(path))
        relation = CSV.format(place) if path.suffix == ".csv" else f"read_parquet({place})"
        return describe_source(self.connection, relation)

    def target(self, name: str) -> tuple[Dataset, SourceTable]:
        """The dataset `name`; an absent file is an empty table."""
        dataset = self.tenant.datasets[name]
        path = self.file(name)
        if dataset.table is not None:
            return dataset, self._git_table(name, self.tables[dataset.table])
        if path is not None:
            return dataset, self.describe(path)
        return dataset, self._git_table(name, Table(columns=dataset.key, rows=()))

    def related(
        self, dataset: Dataset, paths: Iterable[tuple[str, ...]]
    ) -> Mapping[str, tuple[Dataset, SourceTable]]:
        """What these paths of the dataset lead to, near and far."""
        found: dict[str, tuple[Dataset, SourceTable]] = {}
        for path in paths:
            at = dataset
            for name in path:
                target = next((one.references for one in at.columns if one.name == name), None)
                if target is None:
                    break
                if target not in found:
                    found[target] = self.target(target)
                at = found[target][0]
        return found

    def value(self, question: str) -> int:
        row = self.connection.execute(question).fetchone()
        return int(row[0]) if row else 0

    def _git_table(self, name: str, table: Table) -> SourceTable:
        relation = identifier(f"table {name}")
        columns = ", ".join(f"{identifier(column)} VARCHAR" for column in table.columns)
        self.connection.execute(f"CREATE OR REPLACE TABLE {relation} ({columns})")
        if table.rows:
            marks = ", ".join("?" for _ in table.columns)
            insert = f"INSERT INTO {relation} VALUES ({marks})"
            self.connection.executemany(insert, [list(row) for row in table.rows])
        return describe_source(self.connection, relation)
