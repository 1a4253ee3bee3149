"""Where data is found: files in the tenant's folder, Parquet before CSV, and tables kept in git."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from handbill.cli.data_sources import DataSources
from handbill.plan.model import Column, Dataset, Table, Tenant
from handbill.plan.types import StringType

TEXT = StringType(40)


def dataset(name: str, references: str | None = None, table: str | None = None) -> Dataset:
    columns = (
        Column(name="id", type=TEXT, required=True),
        Column(name="near", type=TEXT, references=references),
    )
    return Dataset(name=name, key=("id",), columns=columns, table=table)


@pytest.fixture
def sources(tmp_path: Path) -> DataSources:
    tenant = Tenant(
        name="corner",
        display_name="Corner",
        locale="en-US",
        timezone="UTC",
        postal_address="1 Corner",
        seeds=(),
        datasets={
            "customers": dataset("customers", "stores"),
            "stores": dataset("stores", "regions", table="sha256:stores"),
            "regions": dataset("regions"),
        },
        plans={},
    )
    tables = {"sha256:stores": Table(columns=("id", "near"), rows=(("main", "north"), ("old", "")))}
    return DataSources(duckdb.connect(), tenant, tables, tmp_path)


def test_parquet_comes_before_csv(sources: DataSources) -> None:
    assert sources.file("customers") is None
    (sources.folder / "customers.csv").write_text("id,near\nann,main\n")
    assert sources.file("customers") == sources.folder / "customers.csv"
    path = sources.folder / "customers.parquet"
    sources.connection.execute(f"COPY (SELECT 7 AS id) TO '{path}' (FORMAT parquet)")
    assert sources.file("customers") == path
    assert sources.describe(path).columns["id"].type == "INTEGER"
    assert sources.describe(sources.folder / "customers.csv").columns["id"].type == "VARCHAR"


def test_tables_in_git_are_read_as_they_stand(sources: DataSources) -> None:
    _, table = sources.target("stores")
    assert sources.value(f"SELECT count(*) FROM {table.relation} WHERE near = 'north'") == 1


def test_a_file_that_is_not_there_is_an_empty_table(sources: DataSources) -> None:
    _, table = sources.target("regions")
    assert sources.value(f"SELECT count(*) FROM {table.relation}") == 0
    assert list(table.columns) == ["id"]


def test_references_are_followed_near_and_far(sources: DataSources) -> None:
    customers = sources.tenant.datasets["customers"]
    assert set(sources.related(customers, [("id",)])) == set()
    assert set(sources.related(customers, [("near", "id")])) == {"stores"}
    assert set(sources.related(customers, [("near", "near", "id")])) == {"stores", "regions"}


def test_no_row_is_no_value(sources: DataSources) -> None:
    assert sources.value("SELECT 1 WHERE FALSE") == 0
