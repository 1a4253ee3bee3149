"""A test's data as files that the import view reads: one a dataset, also where there are no rows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import msgspec
from tested_shop import Shop

from handbill.assertions.data_files import write_data


def test_a_file_for_every_dataset_that_is_not_in_git(shop: Shop, tmp_path: Path) -> None:
    shop.test("a: {spend_90d: 12.50, departments: [dairy, wine]}\nb: {first_name: null}")
    ready = shop.ready()
    write_data(tmp_path / "data", ready.subject.tenant.datasets, ready.fixtures)
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["customers.parquet"]
    with duckdb.connect() as database:
        rows = database.execute(
            f"SELECT id, spend_90d, departments FROM '{tmp_path}/data/customers.parquet' ORDER BY id"
        ).fetchall()
    assert [(key, str(spend), list(likes or [])) for key, spend, likes in rows] == [
        ("a", "12.50", ["dairy", "wine"]),
        ("b", "None", []),
    ]


def test_a_dataset_without_rows_is_an_empty_file(shop: Shop, tmp_path: Path) -> None:
    shop.test("a: {lifetime_orders: 1}", more="data: {stores: []}")
    ready = shop.ready()
    datasets = dict(ready.subject.tenant.datasets)
    datasets["stores"] = msgspec.structs.replace(datasets["stores"], table=None)
    write_data(tmp_path / "data", datasets, ready.fixtures)
    with duckdb.connect() as database:
        query = f"SELECT count(*) FROM '{tmp_path}/data/stores.parquet'"
        assert database.execute(query).fetchone() == (0,)
