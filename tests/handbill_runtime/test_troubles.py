"""One tenant's trouble: noted, told once, tried again, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from market import NOON, Market, Running
from occurrences import (
    HOUR,
    tenants,
    three_tenants,
)

from handbill_runtime import engine as engine_module
from handbill_runtime import selecting as selecting_module


@pytest.fixture
def three(market: Market) -> Market:
    return three_tenants(market)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: path.unlink(), "HB940"),
        (lambda path: path.write_bytes(b"\x00\xff,no csv"), "HB941"),
        (lambda path: path.write_text("first_name\nAnn\n"), "HB941"),
        (lambda path: path.rename(path.with_suffix(".parquet")), "HB941"),
    ],
    ids=["missing", "garbage", "no id", "csv called parquet"],
)
def test_a_tenant_without_usable_data_does_not_stop_the_others(
    three: Market, running: Running, spoil: Any, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    active = three.active()
    data = three.root / "data" / "corner" / "customers.csv"
    whole = data.read_bytes()
    spoil(data)
    for seconds in range(50):
        running.tick(active, NOON + timedelta(seconds=seconds))
    assert tenants(running) == {"north", "south"}
    [trouble] = running.engine.troubles.values()
    assert (trouble.tenant, trouble.code) == ("corner", code)
    assert caplog.text.count(code) == 1
    data.with_suffix(".parquet").unlink(missing_ok=True)
    data.write_bytes(whole)
    running.tick(active, NOON + timedelta(seconds=59))
    assert tenants(running) == {"north", "south"}
    running.tick(active, NOON + timedelta(seconds=61))
    assert tenants(running) == {"corner", "north", "south"} and not running.engine.troubles


def test_a_campaign_that_fails_stops_neither_its_tenant_nor_others(
    three: Market,
    running: Running,
    mail_server: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    three.points("trigger: {at: 2026-12-05T12:00}", name="a-broken-one")
    three.publish()
    original = selecting_module.begin_occurrence

    def begin(work: Any, compiled: Any, *rest: Any) -> Any:
        if compiled.plan.campaign == "a-broken-one":
            raise KeyError("a bug")
        return original(work, compiled, *rest)

    monkeypatch.setattr(selecting_module, "begin_occurrence", begin)
    running.tick(three.active())
    assert tenants(running) == {"corner", "north", "south"}
    [trouble] = running.engine.troubles.values()
    assert (trouble.tenant, trouble.code) == ("corner", "HB950") and "a bug" in trouble.message
    assert "Traceback" in caplog.text
    monkeypatch.setattr(selecting_module, "begin_occurrence", original)
    running.tick(three.active(), NOON + timedelta(minutes=2))
    assert not running.engine.troubles
    rows = running.ledger.db.execute("SELECT DISTINCT campaign FROM runs")
    assert ("a-broken-one",) in rows.fetchall()


def test_what_is_planned_leaves_although_the_data_is_gone(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.points("trigger: {at: 2026-12-05T12:00}\nwindow: '15:00-20:00'\n")
    market.publish()
    active = market.active()
    running.tick(active)
    (market.root / "data" / "corner" / "customers.csv").unlink()
    running.tick(active, NOON + 4 * HOUR)
    assert len(mail_server.received) == 2
    assert [each.code for each in running.engine.troubles.values()] == ["HB940"]


def test_trouble_while_delivering_is_that_tenants_too(
    three: Market, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    active = three.active()
    original = engine_module.deliver_pending

    async def deliver(work: Any, *rest: Any) -> None:
        if work.tenant.tenant.name == "corner":
            raise ExceptionGroup("both", [OSError("no space left"), OSError("again")])
        await original(work, *rest)

    monkeypatch.setattr(engine_module, "deliver_pending", deliver)
    running.tick(active)
    assert tenants(running) == {"north", "south"}
    [trouble] = running.engine.troubles.values()
    assert trouble.code == "HB950" and "no space left" in trouble.message
    assert not running.engine.has_due("corner")  # not before a minute has passed
    monkeypatch.setattr(engine_module, "deliver_pending", original)
    running.clock.advance_to(NOON + timedelta(minutes=2))
    assert running.engine.has_due("corner")
    running.tick(active)
    assert tenants(running) == {"corner", "north", "south"} and not running.engine.troubles


def test_a_clock_that_is_set_back_puts_off_no_tenant(
    market: Market, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.points("trigger: {at: 2026-12-05T12:00}")
    market.publish()
    active = market.active()
    data = market.root / "data" / "corner" / "customers.csv"
    away = data.rename(data.with_name("away"))
    running.clock.advance_to(NOON + timedelta(hours=3))
    running.tick(active)
    assert running.engine.troubles
    away.rename(data)
    monkeypatch.setattr(running.clock, "_at", NOON + timedelta(minutes=1))
    running.tick(active)
    assert not running.engine.troubles
    assert running.states() == {"accepted": 2}


def test_a_provider_without_its_secret_is_trouble_until_it_is_there(
    market: Market, running: Running, http_server: Any
) -> None:
    market.customers("id,first_name,phone,consent,orders\nann,A,+15185550001,sms.promotions,1\n")
    market.points('trigger: {at: 2026-12-05T12:00}\nmessage: {sms: {body: "Hello. STOP to end"}}\n')
    market.publish()
    active = market.active()
    secret = market.root / "secret"
    words = secret.read_text()
    secret.unlink()
    running.tick(active)
    [trouble] = running.engine.troubles.values()
    assert (trouble.tenant, trouble.code) == ("corner", "HB922")
    secret.write_text(words)
    running.tick(active, NOON + timedelta(minutes=2))
    assert not running.engine.troubles
    assert len(http_server.received) == 1
