"""The retailers of the deal are the ones in `tenants/`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from handbill.cli.demo.retailers import SAMPLE_NAMES, SAMPLE_RETAILERS, Retailer

ROOT = Path(__file__).parents[4]


def stores_in_git(tenant: str) -> dict[str, dict[str, str]]:
    with (ROOT / "tenants" / tenant / "data" / "stores.csv").open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("retailer", SAMPLE_RETAILERS, ids=lambda retailer: retailer.name)
def test_shops_are_the_open_stores_of_the_tenant(retailer: Retailer) -> None:
    stores = stores_in_git(retailer.name)
    assert {shop.id for shop in retailer.shops} == {
        key for key, row in stores.items() if not row["opens_on"]
    }
    assert all(shop.state == stores[shop.id]["state"] for shop in retailer.shops)
    assert {near for shop in retailer.shops for near in shop.near} <= set(stores)


def test_every_tenant_folder_has_its_retailer() -> None:
    folders = {path.name for path in (ROOT / "tenants").iterdir() if path.is_dir()}
    assert folders == {retailer.name for retailer in SAMPLE_RETAILERS}


def test_shares_and_names_are_complete() -> None:
    assert sum(retailer.share for retailer in SAMPLE_RETAILERS) == 100
    for retailer in SAMPLE_RETAILERS:
        names = SAMPLE_NAMES[retailer.names]
        assert len(names.first) > 25
        assert len(names.last) > 25
        assert all(domain.endswith(".example") for domain in names.mail_domains)
