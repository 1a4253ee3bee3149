"""A test's data as the files of a tenant: one Parquet file a dataset, typed as its columns are.

So that a test reads its customers exactly as a run reads a retailer's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from handbill.assertions.cells import Row, source_type
from handbill.assertions.fixtures import Fixtures
from handbill.plan.model import Dataset
from handbill.plan.sql_text import identifier, quoted


def write_data(folder: Path, datasets: Mapping[str, Dataset], fixtures: Fixtures) -> None:
    """Every dataset that is no table in git, those without rows as well."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(":memory:") as database:
        for name, dataset in datasets.items():
            if dataset.table is None:
                rows = fixtures.rows.get(name, ())
                _write(database, folder / f"{name}.parquet", dataset, rows)


def _write(database: object, path: Path, dataset: Dataset, rows: Sequence[Row]) -> None:
    columns = {each.name: each.type for each in dataset.columns if each.relation is None}
    declared = ", ".join(
        f"{identifier(name)} {source_type(type)}" for name, type in columns.items()
    )
    execute = database.execute  # type: ignore[attr-defined]
    execute(f"CREATE OR REPLACE TABLE fixture ({declared})")
    marks = ", ".join("?" for _ in columns)
    for row in rows:
        execute(f"INSERT INTO fixture VALUES ({marks})", [row.get(name) for name in columns])
    execute(f"COPY fixture TO {quoted(str(path))} (FORMAT parquet)")
