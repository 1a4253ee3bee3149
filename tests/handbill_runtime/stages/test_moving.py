"""A new release between selection and words."""

from __future__ import annotations

from typing import Any

import pytest
from corner_shop import CAMPAIGN, NOON, Shop, VirtualClock, unindent

from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages.moving import move_to_active_plan
from handbill_runtime.stages.selection import select_customers

POINTS = Occurrence("corner", "points", "")


def plan(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    work = shop.work(ledger, Drivers(), clock)
    with work.open_customers() as customers:
        select_customers(work, shop.plan(), POINTS, {"": NOON}, customers)


def edit(shop: Shop, *changes: tuple[str, str]) -> None:
    text = unindent(CAMPAIGN)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    shop.campaign("points", text)


def reasons(ledger: SqliteLedger) -> dict[str, tuple[str, str]]:
    rows = ledger.db.execute("SELECT customer, state, reason FROM messages ORDER BY 1")
    return {customer: (state, reason) for customer, state, reason in rows}


def test_the_new_plan_decides_and_reads_what_it_needs(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    plan(shop, ledger, clock)
    edit(
        shop,
        ("Double points", "{{ customer.orders }} orders so far"),
        ("everyone", "customer.orders > 0"),
    )
    shop.pending(ledger, clock)
    assert [mail["Subject"] for mail in mail_server.mails()] == ["3 orders so far"]
    assert reasons(ledger) == {
        "ann": ("accepted", ""),
        "bob": ("suppressed", "no_longer_selected"),
    }
    (digest,) = ledger.db.execute("SELECT plan FROM messages WHERE state = 'accepted'").fetchone()
    assert digest == shop.plan().digest


def test_a_new_exclude_and_a_customer_who_is_gone(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    plan(shop, ledger, clock)
    edit(
        shop,
        (
            "audience: everyone",
            "audience: {include: everyone, exclude: {new: customer.orders < 1}}",
        ),
    )
    shop.customers("id,first_name,email,consent,orders\nbob,,bob@shop.example,email.promotions,0\n")
    shop.pending(ledger, clock)
    assert mail_server.received == []
    assert set(reasons(ledger).values()) == {("suppressed", "no_longer_selected")}


def test_the_same_plan_reads_nothing(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    plan(shop, ledger, clock)
    (shop.root / "data/corner/customers.csv").unlink()
    shop.pending(ledger, clock)
    assert len(mail_server.received) == 2


@pytest.mark.parametrize("status", ["paused", "gone"])
def test_a_paused_or_withdrawn_plan_is_left_to_generation(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, status: str
) -> None:
    plan(shop, ledger, clock)
    if status == "paused":
        edit(shop, ("status: active", "status: paused"))
    else:
        shop.remove("tenants/corner/campaigns/points.yaml")
        shop.campaign("other", CAMPAIGN)
    (shop.root / "data/corner/customers.csv").unlink()
    move_to_active_plan(shop.work(ledger, Drivers(), clock), POINTS)
    assert set(reasons(ledger).values()) == {("planned", "")}
    shop.pending(ledger, clock)
    reason = "plan_paused" if status == "paused" else "plan_withdrawn"
    assert set(reasons(ledger).values()) == {("suppressed", reason)}
