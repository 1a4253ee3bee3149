"""What may have changed since a message was planned, looked at once more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from corner_shop import NOON, Shop, VirtualClock

from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.model import Occurrence, State, Suppression
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages.compiled import CompiledPlan
from handbill_runtime.stages.gate import Gate, Hold, Stop
from handbill_runtime.stages.selection import select_customers

POINTS = Occurrence("corner", "points", "")


def planned(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    work = shop.work(ledger, Drivers(), clock)
    with work.open_customers() as customers:
        select_customers(work, shop.plan(), POINTS, {"": NOON}, customers)


def answer(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> Any:
    """The gate's answer for Ann's message."""
    messages = ledger.due(POINTS, State.PLANNED, NOON + timedelta(days=30), 50)
    (ann,) = [message for message in messages if message.customer == "ann"]
    gate = Gate.read(shop.work(ledger, Drivers(), clock), messages, clock.now())
    return gate.check(ann)


def change(shop: Shop, **changes: object) -> None:
    compiled = shop.plan()
    compiled.plan = msgspec.structs.replace(compiled.plan, **changes)


def with_sender(shop: Shop, **changes: object) -> None:
    sender = msgspec.structs.replace(shop.plan().plan.senders["email"], **changes)
    change(shop, senders={"email": sender})


def test_open(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    planned(shop, ledger, clock)
    assert isinstance(answer(shop, ledger, clock), CompiledPlan)


def test_paused_withdrawn_ended(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    planned(shop, ledger, clock)
    change(shop, status="paused")
    assert answer(shop, ledger, clock) == Stop("plan_paused")
    change(shop, status="active", ends="2026-12-05T12:00")
    assert answer(shop, ledger, clock) == Stop("expired")
    change(shop, ends="2026-12-05T12:01")
    assert isinstance(answer(shop, ledger, clock), CompiledPlan)
    change(shop, senders={})
    assert answer(shop, ledger, clock) == Stop("plan_withdrawn")
    change(shop, identity="another")
    assert answer(shop, ledger, clock) == Stop("plan_withdrawn")


def test_late(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    planned(shop, ledger, clock)
    clock.at = NOON + timedelta(hours=24)
    assert isinstance(answer(shop, ledger, clock), CompiledPlan)
    clock.at += timedelta(seconds=1)
    assert answer(shop, ledger, clock) == Stop("expired")


@pytest.mark.parametrize("subject", [("customer", "ann"), ("address", "ann@shop.example")])
def test_unsubscribed_since(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, subject: Any
) -> None:
    planned(shop, ledger, clock)
    ledger.suppress([Suppression("corner", "email", *subject, "unsubscribed", "marketing", NOON)])
    assert answer(shop, ledger, clock) == Stop("unsubscribed")


def test_an_environment_that_became_a_rehearsal(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    planned(shop, ledger, clock)
    rehearsal = Shop(shop.root, shop.mail_url, shop.http_url, recipients="seeds")
    assert answer(rehearsal, ledger, clock) == Stop("not_a_recipient")


def test_hours(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    from handbill.plan.model import Window

    planned(shop, ledger, clock)
    with_sender(shop, quiet_hours=(Window(start=720, end=800),))
    assert answer(shop, ledger, clock) == Hold(datetime(2026, 12, 5, 18, 20, tzinfo=UTC))
    with_sender(shop, quiet_hours=(), windows=(Window(start=0, end=660),))
    assert answer(shop, ledger, clock) == Hold(datetime(2026, 12, 6, 5, 0, tzinfo=UTC))
    clock.at = NOON + timedelta(hours=18)  # 06:00, one window later, and six hours left
    with_sender(shop, windows=(Window(start=780, end=800),))
    assert answer(shop, ledger, clock) == Stop("outside_window")
    with_sender(shop, windows=(), quiet_hours=(Window(start=0, end=1439),))
    assert answer(shop, ledger, clock) == Stop("quiet_hours")
