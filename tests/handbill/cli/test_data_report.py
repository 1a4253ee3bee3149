"""What a report says about Parquet and CSV files of every kind of flaw."""

from __future__ import annotations

from pathlib import Path

import duckdb
import msgspec
import pytest

from handbill.cli.data_report import report_tenant
from handbill.cli.dataset_report import DatasetReport, Quarantined
from handbill.language.vocabulary.vocabulary import read_vocabulary
from handbill.plan.model import Column, Dataset, RelationTo, Table, Tenant
from handbill.plan.types import ListType, MemberType, ObjectType

CUSTOMER = b"""{
  "type": "object",
  "required": ["id", "spend"],
  "properties": {
    "id": {"type": "string", "maxLength": 10},
    "spend": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 1000},
    "name": {"type": "string", "maxLength": 5},
    "joined_on": {"type": "string", "format": "date"},
    "store": {"type": "string", "maxLength": 10, "x-references": "stores"}
  }
}"""
STORES = b"""{
  "type": "object",
  "required": ["id"],
  "properties": {"id": {"type": "string", "maxLength": 10}}
}"""


def tenant_with(stores_in_git: bool) -> Tenant:
    schemas = {
        "schemas/customer.schema.json": CUSTOMER,
        "schemas/data/stores.schema.json": STORES,
    }
    vocabulary, found = read_vocabulary(schemas)
    assert found == ()
    records = {"customers": vocabulary.customer, **vocabulary.datasets}
    datasets = {
        name: Dataset(
            name=name,
            key=("id",),
            columns=tuple(
                Column(
                    name=column,
                    type=member.type,
                    required=member.required,
                    references=member.references,
                )
                for column, member in record.fields.items()
            ),
            table="sha256:stores" if name == "stores" and stores_in_git else None,
        )
        for name, record in records.items()
    }
    return Tenant(
        name="corner-shop",
        display_name="Corner Shop",
        locale="en-US",
        timezone="UTC",
        postal_address="1 Corner",
        seeds=(),
        datasets=datasets,
        plans={},
    )


def reports(folder: Path, stores_in_git: bool = True) -> tuple[DatasetReport, ...]:
    tables = {"sha256:stores": Table(columns=("id",), rows=(("s1",), ("s2",)))}
    return report_tenant(tenant_with(stores_in_git), tables, folder)


def put_parquet(folder: Path, query: str, name: str = "customers") -> None:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{folder / name}.parquet'")


def test_rows_are_quarantined_by_column_and_values_by_count(tmp_path: Path) -> None:
    put_parquet(
        tmp_path,
        """SELECT * FROM (VALUES
            ('a', 1.5::DOUBLE, 'Ann', DATE '2020-01-01', 's1'),
            ('b', 'NaN'::DOUBLE, 'Bob', NULL, 's2'),
            ('c', -1, 'Cy', NULL, NULL),
            ('d', 2, 'Much too long', NULL, 's9'),
            (NULL, NULL, NULL, NULL, NULL)
        ) AS t(id, spend, name, joined_on, store)""",
    )
    (report,) = reports(tmp_path)
    assert report.is_usable
    assert (report.rows, report.left_out) == (5, 3)
    assert report.quarantined == (
        Quarantined("spend", 2, ("b", "c")),
        Quarantined("id, spend", 1, ("",)),
    )
    assert report.invalid == {"name": 1, "store": 1}
    assert (report.absent, report.undeclared, report.duplicates) == ((), (), 0)


def test_columns_that_are_not_there_or_not_known(tmp_path: Path) -> None:
    put_parquet(tmp_path, "SELECT 'a' AS id, 3 AS spend, true AS name, 7 AS shoe_size")
    (report,) = reports(tmp_path)
    assert report.absent == ("joined_on", "name", "store")
    assert report.undeclared == ("shoe_size",)


def test_a_required_column_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    put_parquet(tmp_path, "SELECT 'a' AS id")
    (report,) = reports(tmp_path)
    assert not report.is_usable
    assert report.fault is not None
    assert "no usable column spend" in report.fault


@pytest.mark.parametrize("content", [b"not parquet at all", b""])
def test_a_file_that_is_no_parquet_is_a_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "customers.parquet").write_bytes(content)
    (report,) = reports(tmp_path)
    assert report.fault is not None
    assert report.fault.startswith("it cannot be read")


def test_a_table_beside_the_customers_has_a_report_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,spend,store\na,1,s7\nb,2,s8\n", encoding="utf-8")
    (tmp_path / "stores.csv").write_text("id\ns7\n", encoding="utf-8")
    customers, stores = reports(tmp_path, stores_in_git=False)
    assert customers.invalid == {"store": 1}
    assert (stores.dataset, stores.rows, stores.left_out) == ("stores", 1, 0)


def test_without_the_table_no_reference_is_found(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,spend,store\na,1,s7\n", encoding="utf-8")
    customers, stores = reports(tmp_path, stores_in_git=False)
    assert customers.invalid == {"store": 1}
    assert not stores.is_usable


VISITS = b"""{
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": {"type": "integer"},
    "who": {"type": "string", "maxLength": 10},
    "seen": {"type": "string", "format": "date-time"},
    "spend": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 1000}
  }
}"""


def tenant_with_visits() -> Tenant:
    tenant = tenant_with(stores_in_git=True)
    vocabulary, found = read_vocabulary(
        {
            "schemas/customer.schema.json": CUSTOMER,
            "schemas/data/stores.schema.json": STORES,
            "schemas/data/visits.schema.json": VISITS,
        }
    )
    assert found == ()
    columns = tuple(
        Column(name=name, type=member.type, required=member.required)
        for name, member in vocabulary.datasets["visits"].fields.items()
    )
    rows = ListType(ObjectType((MemberType("spend", columns[-1].type),)), 2)
    visits = Column(
        name="visits", type=rows, relation=RelationTo(dataset="visits", key=("who",), time="seen")
    )
    customers = tenant.datasets["customers"]
    customers = msgspec.structs.replace(customers, columns=(*customers.columns, visits))
    datasets = {
        **tenant.datasets,
        "customers": customers,
        "visits": Dataset(name="visits", key=("id",), columns=columns),
    }
    return msgspec.structs.replace(tenant, datasets=datasets)


def test_rows_of_a_relation_need_their_key_and_time_and_may_be_too_many(tmp_path: Path) -> None:
    put_parquet(tmp_path, "SELECT 'ann' AS id, 5.0 AS spend")
    put_parquet(
        tmp_path,
        "FROM (VALUES (1, 'ann', TIMESTAMP '2026-01-01', 1.0), (2, 'ann', NULL, 1.0),"
        " (3, NULL, TIMESTAMP '2026-01-01', 1.0), (4, 'ann', TIMESTAMP '2026-01-01', -1.0),"
        " (4, 'ann', TIMESTAMP '2026-01-01', 1.0), (5, 'ann', TIMESTAMP '2026-01-01', 1.0),"
        " (6, 'ann', TIMESTAMP '2026-01-01', 1.0), (7, 'bob', TIMESTAMP '2026-01-01', 1.0),"
        " (8, 'bob', TIMESTAMP '2026-01-01', 1.0), (9, 'bob', TIMESTAMP '2026-01-01', 1.0),"
        " (9, 'bob', TIMESTAMP '2026-01-01', 1.0)) AS t(id, who, seen, spend)",
        "visits",
    )
    tables = {"sha256:stores": Table(columns=("id",), rows=(("s1",),))}
    customers, visits = report_tenant(tenant_with_visits(), tables, tmp_path)
    assert [(one.columns, one.rows) for one in visits.quarantined] == [("seen", 1), ("who", 1)]
    assert visits.duplicates == 4
    assert visits.invalid == {"spend": 1}
    assert customers.crowded == {"visits": 1}


def test_a_relation_without_a_file_is_its_own_fault(tmp_path: Path) -> None:
    put_parquet(tmp_path, "SELECT 'ann' AS id, 5.0 AS spend")
    tables = {"sha256:stores": Table(columns=("id",), rows=(("s1",),))}
    customers, visits = report_tenant(tenant_with_visits(), tables, tmp_path)
    assert customers.is_usable
    assert customers.crowded == {}
    assert not visits.is_usable


@pytest.mark.parametrize(
    ("count", "seen", "only_days"),
    [
        (10, "TIMESTAMP '2026-01-01' + INTERVAL (i) DAY", ("seen",)),
        (10, "DATE '2026-01-01' + CAST(i AS INTEGER)", ("seen",)),
        (9, "TIMESTAMP '2026-01-01' + INTERVAL (i) DAY", ()),
        (10, "TIMESTAMP '2026-01-01' + INTERVAL (i) DAY + INTERVAL (i // 9) SECOND", ()),
        (10, "TIMESTAMPTZ '2026-01-01 05:00+00' + INTERVAL (i) DAY", ()),
    ],
)
def test_a_relation_dated_by_midnights_is_told(
    tmp_path: Path, count: int, seen: str, only_days: tuple[str, ...]
) -> None:
    put_parquet(tmp_path, "SELECT 'ann' AS id, 5.0 AS spend")
    rows = f"SELECT i AS id, 'ann' AS who, {seen} AS seen, 1.0 AS spend FROM range({count}) AS r(i)"
    put_parquet(tmp_path, rows, "visits")
    tables = {"sha256:stores": Table(columns=("id",), rows=(("s1",),))}
    customers, visits = report_tenant(tenant_with_visits(), tables, tmp_path)
    assert (visits.only_days, customers.only_days) == (only_days, ())


def test_a_relation_whose_rows_the_tenant_does_not_keep(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,spend\nann,3\n", encoding="utf-8")
    tenant = tenant_with_visits()
    known = {name: each for name, each in tenant.datasets.items() if name == "customers"}
    tenant = msgspec.structs.replace(tenant, datasets=known)
    reports = {each.dataset: each for each in report_tenant(tenant, {}, tmp_path)}
    assert reports.keys() == {"customers"}
    assert reports["customers"].fault is None
    assert reports["customers"].rows == 1
