"""Where a tenant's customers live, read again when their file changed and not before."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from market import Market

from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Table
from handbill_runtime import residence as residence_module
from handbill_runtime.errors import DataFault
from handbill_runtime.residence import Residence
from handbill_runtime.stages.compiled import CompiledTenant

NOW = datetime(2026, 12, 5, tzinfo=UTC)
HEAD = "id,first_name,email,consent,orders,timezone\n"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that data was opened."""
    found: list[str] = []
    original = residence_module.open_customers

    def counted(tenant: CompiledTenant, *rest: Any, **named: Any) -> Any:
        found.append(tenant.tenant.name)
        return original(tenant, *rest, **named)

    monkeypatch.setattr(residence_module, "open_customers", counted)
    return found


@pytest.fixture
def corner(market: Market) -> CompiledTenant:
    market.publish()
    return market.active().tenants["corner"]


def root(market: Market) -> str:
    return f"file://{market.root}/data/{{tenant}}"


def data(market: Market) -> Path:
    return market.root / "data" / "corner" / "customers.csv"


def test_the_tenants_own_zone_and_its_customers(
    market: Market, corner: CompiledTenant, reads: list[str]
) -> None:
    residence = Residence()
    assert residence.zones(corner, root(market), NOW) == ("America/New_York",)
    data(market).write_text(
        HEAD + "ann,Ann,,,1,Europe/Paris\nbob,Bob,,,1,Mars/Olympus\ncat,Cat,,,1,\n"
    )
    wanted = ("America/New_York", "Europe/Paris")
    for _ in range(5):
        assert residence.zones(corner, root(market), NOW) == wanted
    assert reads == ["corner", "corner"]


def test_a_file_of_the_same_size_is_another_file(
    market: Market, corner: CompiledTenant, reads: list[str]
) -> None:
    residence = Residence()
    data(market).write_text(HEAD + "ann,Ann,,,1,Asia/Tokyo\n")
    residence.zones(corner, root(market), NOW)
    before = data(market).stat()
    data(market).write_text(HEAD + "ann,Ann,,,1,Asia/Seoul\n")
    os.utime(data(market), ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert data(market).stat().st_size == before.st_size
    assert "Asia/Seoul" in residence.zones(corner, root(market), NOW)


def test_missing_data_is_a_fault_each_time(market: Market, corner: CompiledTenant) -> None:
    residence = Residence()
    residence.zones(corner, root(market), NOW)
    data(market).unlink()
    for _ in range(2):
        with pytest.raises(DataFault, match="HB940"):
            residence.zones(corner, root(market), NOW)


def test_customers_in_git_are_read_once(
    market: Market, corner: CompiledTenant, reads: list[str]
) -> None:
    data(market).unlink()
    table = Table(columns=("id", "orders"), rows=(("ann", "1"),))
    digest = digest_of(canonical_bytes(table))
    customers = msgspec.structs.replace(corner.tenant.datasets["customers"], table=digest)
    tenant = msgspec.structs.replace(
        corner.tenant, datasets={**corner.tenant.datasets, "customers": customers}
    )
    in_git = CompiledTenant(tenant, corner.plans, {**corner.tables, digest: table})
    residence = Residence()
    for _ in range(3):
        assert residence.zones(in_git, root(market), NOW) == ("America/New_York",)
    assert reads == ["corner"]
