from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handbill.cli.rehearsal.virtual_release import (
    NOTHING_REAL,
    senders_of,
    virtual_environment,
    virtual_release,
    virtual_tenant,
)
from handbill.diff.sides import OpenSide, open_folder
from handbill.plan.model import Channel, Environment, Plan

BASE = Path(__file__).parents[3] / "golden" / "base"
TENANT = "tenants/fresh-fields/tenant.yaml"
ISSUED = "2026-12-01T00:00:00Z"
SENDERS = {("email", "mail"), ("sms", "text")}


@pytest.fixture(scope="module")
def side() -> OpenSide:
    return open_folder(BASE, "here")


def plan_of(side: OpenSide) -> Plan:
    plan = side.plan("fresh-fields", "hello")
    assert plan is not None
    return plan


def channels_of(side: OpenSide) -> dict[str, Channel]:
    found = {name: side.channel(name) for name in side.release.channels}
    return {name: each for name, each in found.items() if each is not None}


def staging(side: OpenSide) -> Environment:
    assert side.compiled is not None
    return side.compiled.environments["staging"]


def environment(side: OpenSide, like: Environment | None) -> Environment:
    return virtual_environment(like, "file:///data/{tenant}", SENDERS, channels_of(side), "env:X")


def test_no_provider_is_real_and_each_keeps_its_rate(side: OpenSide) -> None:
    made = environment(side, staging(side))
    assert {each.url for each in made.providers.values()} == {NOTHING_REAL}
    assert {each.secret for each in made.providers.values()} == {"env:X"}
    assert made.providers["text"].rate == staging(side).providers["text"].rate is not None
    assert (made.name, made.data_root) == ("staging", "file:///data/{tenant}")
    assert (made.store, made.ledger) == ("", "")


def test_without_an_environment_every_sender_has_some_contract(side: OpenSide) -> None:
    made = environment(side, None)
    assert made.name == "rehearsal"
    contracts = {name: each.contract for name, each in made.providers.items()}
    assert contracts == {"mail": "smtp", "text": "twilio"}
    assert all(each.rate is None for each in made.providers.values())


def test_the_release_is_what_would_be_published(side: OpenSide) -> None:
    active = virtual_release(side, environment(side, None), ["fresh-fields"], ISSUED)
    assert active.pointer.release == side.about.digest
    assert active.pointer.issued == ISSUED
    assert set(active.tenants) == {"fresh-fields"} and set(active.channels) == {"email", "sms"}
    compiled = active.tenants["fresh-fields"]
    assert [each.plan for each in compiled.plans.values()] == [plan_of(side)]
    assert [table.columns[0] for table in compiled.tables.values()] == ["id"]


def test_a_real_environment_is_never_taken(side: OpenSide) -> None:
    with pytest.raises(AssertionError):
        virtual_release(side, staging(side), ["fresh-fields"], ISSUED)


def test_nothing_of_the_data_is_too_old(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path / "config")
    path = tmp_path / "config" / TENANT
    text = path.read_text("utf-8")
    old = "customers: {key: id,"
    assert old in text
    path.write_text(text.replace(old, f"{old} fresh: 1 days,"), encoding="utf-8")
    side = open_folder(tmp_path / "config", "here")
    tenant = side.tenant("fresh-fields")
    assert tenant is not None, side.compiled
    assert tenant.datasets["customers"].fresh_seconds == 86_400
    assert virtual_tenant(side, "fresh-fields").tenant.datasets["customers"].fresh_seconds is None


def test_senders_of_plans(side: OpenSide) -> None:
    assert senders_of([]) == set()
    assert senders_of([plan_of(side)]) == {("email", "mail")}
