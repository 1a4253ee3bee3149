"""A new release between selection and words."""

from __future__ import annotations

from typing import Any

import pytest
from corner_shop import CAMPAIGN, NOON, Shop, VirtualClock, unindent

from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.model import Occurrence, Suppression
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


def test_consent_refusal_and_address_are_asked_again(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    head = "id,first_name,email,consent,declined,orders"
    shop.customers(f"""
        {head}
        ann,Ann,ann@shop.example,email.promotions,,1
        bob,Bob,bob@shop.example,email.promotions,,1
        cat,Cat,cat@shop.example,email.promotions,,1
        dan,Dan,dan@shop.example,email.promotions,,1
        eve,Eve,eve@shop.example,email.promotions,,1
        """)
    plan(shop, ledger, clock)
    shop.customers(f"""
        {head}
        ann,Ann,new@shop.example,email.promotions,,1
        bob,Bob,bob@shop.example,email.promotions,email.promotions,1
        cat,Cat,,email.promotions,,1
        dan,Dan,dan@shop.example,,,1
        eve,Eve,New@shop.example,email.promotions,,1
        """)
    edit(shop, ("Double points", "Triple points"))
    shop.pending(ledger, clock)
    assert [mail["To"] for mail in mail_server.mails()] == ["new@shop.example"]
    assert reasons(ledger) == {
        "ann": ("accepted", ""),
        "bob": ("suppressed", "no_consent"),
        "cat": ("suppressed", "no_address"),
        "dan": ("suppressed", "no_consent"),
        "eve": ("suppressed", "duplicate_address"),
    }
    row = ledger.db.execute("SELECT address, address_key FROM messages WHERE customer = 'ann'")
    assert row.fetchone() == ("new@shop.example", "new@shop.example")


def test_a_new_holdout_holds_out(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    plan(shop, ledger, clock)
    edit(shop, ("status: active", "status: active\nholdout: 100%"))
    shop.pending(ledger, clock)
    assert mail_server.received == []
    assert set(reasons(ledger).values()) == {("suppressed", "held_out_campaign")}


def test_a_suppressed_new_address_is_left_alone(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    plan(shop, ledger, clock)
    dead = Suppression(
        "corner", "email", "address", "dead@shop.example", "bounced", "everything", NOON
    )
    ledger.suppress([dead])
    shop.customers("""
        id,first_name,email,consent,orders
        ann,Ann,dead@shop.example,email.promotions,3
        bob,Bob,bob@shop.example,email.promotions,3
        """)
    edit(shop, ("Double points", "Triple points"))
    shop.pending(ledger, clock)
    assert [mail["To"] for mail in mail_server.mails()] == ["bob@shop.example"]
    assert reasons(ledger)["ann"] == ("suppressed", "suppressed")


def test_what_becomes_marketing_asks_for_consent_and_says_how_to_stop(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    shop.customers("""
        id,first_name,email,consent,orders
        ann,Ann,ann@shop.example,email.promotions,3
        bob,Bob,bob@shop.example,,3
        """)
    edit(shop, ("category: promotions", "category: service"))
    plan(shop, ledger, clock)
    assert len(reasons(ledger)) == 2
    edit(shop)
    shop.pending(ledger, clock)
    (mail,) = mail_server.mails()
    assert mail["To"] == "ann@shop.example"
    assert mail["List-Unsubscribe"]
    assert reasons(ledger)["bob"] == ("suppressed", "no_consent")
    query = "SELECT marketing FROM messages WHERE customer = 'ann'"
    assert ledger.db.execute(query).fetchone() == (1,)


def test_both_channels_of_a_customer_move(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    shop.customers("""
        id,first_name,email,phone,consent,orders
        ann,Ann,ann@shop.example,+15185550101,email.promotions|sms.promotions,3
        """)
    both = (
        "template: mail.html}",
        'template: mail.html}\n  sms: {body: "Double points. Reply STOP"}\ndeliver: {mode: all}',
    )
    edit(shop, both)
    plan(shop, ledger, clock)
    edit(shop, both, ('Double points"', 'Triple points"'))
    move_to_active_plan(shop.work(ledger, Drivers(), clock), POINTS)
    rows = ledger.db.execute("SELECT channel, state, reason, plan FROM messages ORDER BY 1")
    assert rows.fetchall() == [
        (channel, "planned", "", shop.plan().digest) for channel in ("email", "sms")
    ]


def test_a_channel_that_the_new_plan_lacks(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    plan(shop, ledger, clock)
    edit(shop, ('email: {subject: "Double points", template: mail.html}', 'sms: {body: "Hi STOP"}'))
    shop.pending(ledger, clock)
    assert set(reasons(ledger).values()) == {("suppressed", "plan_withdrawn")}
