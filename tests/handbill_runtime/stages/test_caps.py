"""Caps over rolling periods, across campaigns and channels."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from corner_shop import CAMPAIGN, NOON, Shop, VirtualClock, unindent

from handbill.plan.model import Rate
from handbill_runtime.ledger.model import Touch
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages.caps import Caps

CAPPED = """
    categories:
      promotions: {class: marketing}
      service: {class: transactional, consent: none}
    limits: {per_customer: 2 per 7 days}
    """


def campaigns(shop: Shop, *names: str, category: str = "promotions") -> None:
    shop.write("handbill.yaml", CAPPED)
    for name in names:
        shop.campaign(name, unindent(CAMPAIGN).replace("promotions", category))


def sent(shop: Shop, ledger: SqliteLedger, clock: VirtualClock, name: str) -> tuple[int, int]:
    channel = shop.go(ledger, clock, name).channels["email"]
    return channel.accepted, channel.suppressed.get("cap", 0)


def test_the_third_in_a_week_is_suppressed_and_the_next_week_is_free(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    campaigns(shop, "one", "two", "three", "four", "five")
    assert sent(shop, ledger, clock, "one") == (2, 0)
    clock.at += timedelta(days=1)
    assert sent(shop, ledger, clock, "two") == (2, 0)
    assert sent(shop, ledger, clock, "three") == (0, 2)
    clock.at = NOON + timedelta(days=7) - timedelta(seconds=1)
    assert sent(shop, ledger, clock, "four") == (0, 2)
    clock.at = NOON + timedelta(days=7)
    assert sent(shop, ledger, clock, "five") == (2, 0)


def test_service_messages_neither_count_nor_are_capped(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    campaigns(shop, "service1", "service2", "service3", category="service")
    campaigns(shop, "one")
    for name in ("service1", "service2", "service3", "one"):
        assert sent(shop, ledger, clock, name) == (2, 0)


def test_one_batch_counts_itself(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    shop.write("handbill.yaml", CAPPED.replace("2 per", "1 per"))
    shop.campaign(
        "points",
        """
        category: promotions
        status: active
        trigger: {at: 2026-12-05T12:00}
        audience: everyone
        deliver: {mode: all, order: [email, sms]}
        message:
          email: {subject: "Double points", template: mail.html}
          sms: {body: "Double points. Reply STOP to end"}
        """,
    )
    shop.customers("""
        id,first_name,email,phone,consent,orders
        ann,Ann,ann@shop.example,+15185550101,email.promotions|sms.promotions,1
        """)
    report = shop.go(ledger, clock)
    assert report.channels["email"].accepted == 1
    assert report.channels["sms"].suppressed == {"cap": 1}


@pytest.mark.parametrize(
    ("channel", "cap", "forbidden"),
    [("email", "all", True), ("email", "own", True), ("sms", "own", False), ("sms", "all", True)],
)
def test_a_channels_cap_counts_the_channel(
    shop: Shop, channel: str, cap: str, forbidden: bool
) -> None:
    from types import SimpleNamespace

    plan = shop.plan().plan
    one = (Rate(count=1, seconds=3600),)
    email = msgspec.structs.replace(plan.senders["email"], caps=one if cap == "own" else ())
    plan = msgspec.structs.replace(plan, senders={"email": email}, caps=one if cap == "all" else ())
    caps = Caps({}, NOON)
    message = SimpleNamespace(customer="ann", channel="email")
    assert not caps.forbid(plan, message)  # type: ignore[arg-type]
    caps.take(SimpleNamespace(customer="ann", channel=channel))  # type: ignore[arg-type]
    assert caps.forbid(plan, message) is forbidden  # type: ignore[arg-type]


def test_the_edge_of_a_period(shop: Shop) -> None:
    plan = msgspec.structs.replace(shop.plan().plan, caps=(Rate(count=1, seconds=60),))
    from types import SimpleNamespace

    message = SimpleNamespace(customer="ann", channel="email")
    for seconds, forbidden in ((59, True), (60, False)):
        touches = {"ann": [Touch("email", NOON - timedelta(seconds=seconds))]}
        assert Caps(touches, NOON).forbid(plan, message) is forbidden  # type: ignore[arg-type]
