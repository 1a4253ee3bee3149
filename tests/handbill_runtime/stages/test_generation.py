"""Words, frozen; offers, ended; plans, changed in mid-run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from corner_shop import CAMPAIGN, NOON, Shop, VirtualClock, unindent

from handbill.plan.model import Channel, PartContract
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.model import Message, Occurrence, State
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages.delivery import deliver_batch
from handbill_runtime.stages.generation import contract_breach, generate_batch
from handbill_runtime.stages.selection import select_customers

POINTS = Occurrence("corner", "points", "")


def plan(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    work = shop.work(ledger, Drivers(), clock)
    with work.open_customers() as customers:
        select_customers(work, shop.plan(), POINTS, {"": NOON}, customers)


def generate(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> dict[str, Message]:
    work = shop.work(ledger, Drivers(), clock)
    generate_batch(work, ledger.due(POINTS, State.PLANNED, clock.now(), 50))
    return messages(ledger)


def messages(ledger: SqliteLedger) -> dict[str, Message]:
    ids = [row[0] for row in ledger.db.execute("SELECT id FROM messages")]
    found = [message for one in ids if (message := ledger.message(one)) is not None]
    return {message.customer: message for message in found}


def edit(shop: Shop, change: Callable[[str], str]) -> None:
    shop.campaign("points", change(unindent(CAMPAIGN)))


def test_a_claimed_body_is_frozen(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    plan(shop, ledger, clock)
    ann = generate(shop, ledger, clock)["ann"]
    assert ann.state is State.CLAIMED
    body = msgspec.json.decode(ann.body)
    assert body["subject"] == "Double points"
    assert "Hello Ann" in body["html"]
    edit(shop, lambda text: text.replace("Double points", "Triple points"))
    shop.pending(ledger, clock)
    assert {mail["Subject"] for mail in mail_server.mails()} == {"Double points"}


def test_a_plan_that_is_gone_takes_its_messages_with_it(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    plan(shop, ledger, clock)
    generate(shop, ledger, clock)
    shop.remove("tenants/corner/campaigns/points.yaml")
    shop.campaign("other", CAMPAIGN)
    shop.pending(ledger, clock)
    assert {message.reason for message in messages(ledger).values()} == {"plan_withdrawn"}
    assert mail_server.received == []


OFFER = """
    reward: {percent: 10}
    valid: {from: 2026-12-01, to: 2026-12-05}
    summary: "10% off"
    terms: "Until Saturday."
    """


def with_offer(shop: Shop) -> None:
    shop.write("tenants/corner/offers/ten.yaml", OFFER)
    edit(
        shop,
        lambda text: text.replace("Double points", "{{ offer.summary }} today") + "offer: ten\n",
    )


def test_an_offer_is_sent_until_its_last_day_ends(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    with_offer(shop)
    plan(shop, ledger, clock)
    clock.at = NOON + timedelta(hours=11, minutes=59)  # 23:59 on the fifth in New York
    found = generate(shop, ledger, clock)
    assert msgspec.json.decode(found["ann"].body)["subject"] == "10% off today"
    assert found["ann"].expires_at == NOON + timedelta(hours=12)  # not a minute into the sixth
    clock.at += timedelta(minutes=2)
    shop.pending(ledger, clock)
    assert messages(ledger)["ann"].reason == "expired"


def test_an_offer_that_ended_is_not_sent(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    with_offer(shop)
    plan(shop, ledger, clock)
    clock.at = NOON + timedelta(hours=12)
    found = generate(shop, ledger, clock)
    assert (found["ann"].state, found["ann"].reason) == (State.SUPPRESSED, "offer_ended")


@pytest.mark.parametrize("offer", [False, True])
def test_the_last_instant_is_not_too_late(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, offer: bool
) -> None:
    if offer:
        shop.write("tenants/corner/offers/ten.yaml", OFFER)
    more = "expires: 6 hours\n" + ("offer: ten\n" if offer else "")
    edit(shop, lambda text: text + more)
    plan(shop, ledger, clock)
    clock.at = NOON + timedelta(hours=6)
    found = generate(shop, ledger, clock)
    assert found["ann"].expires_at == clock.at
    assert (found["ann"].state, found["ann"].reason) == (State.CLAIMED, "")


def test_a_content_that_fails_stops_nobody_else(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(shop, ledger, clock)
    compiled = shop.plan()
    render = compiled.render

    def broken(variant: str, channel: str, locale: str, row: Any, context: Any) -> Any:
        if row == ("Ann",):
            raise ZeroDivisionError
        return render(variant, channel, locale, row, context)

    monkeypatch.setattr(compiled, "render", broken)
    found = generate(shop, ledger, clock)
    assert (found["ann"].state, found["ann"].reason) == (State.SUPPRESSED, "render_failed")
    assert found["bob"].state is State.CLAIMED


def test_contracts_are_kept() -> None:
    channel = Channel(
        name="sms",
        parts={
            "body": PartContract(kind="text", maximum=10, required=True),
            "ttl": PartContract(kind="int", maximum=9),
        },
        vendors={},
        max_bytes=14,
    )
    assert contract_breach(channel, {"body": "Hi"}) is None
    assert contract_breach(channel, {"body": "Hi", "ttl": "86400"}) is None
    assert contract_breach(channel, {"body": " "}) == "incomplete"
    assert contract_breach(channel, {}) == "incomplete"
    assert contract_breach(channel, {"body": "x" * 11}) == "too_long"
    assert contract_breach(channel, {"body": "é" * 8}) == "too_long"
    assert contract_breach(channel, {"body": "Hi", "text": "of no contract " * 9}) is None
    assert contract_breach(None, {"body": ""}) is None
    sms = Channel(name="sms", parts={"body": PartContract(kind="text", max_segments=1)}, vendors={})
    assert contract_breach(sms, {"body": "x" * 160}) is None
    assert contract_breach(sms, {"body": "x" * 161}) == "too_long"
    assert contract_breach(sms, {"body": "x" * 70 + "’"}) == "too_long"


def test_held_in_quiet_hours_then_claimed(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    edit(shop, lambda text: text + 'window: "13:00-14:00"\nexpires: 2 days\n')
    plan(shop, ledger, clock)
    found = generate(shop, ledger, clock)
    assert found["ann"].state is State.PLANNED
    assert found["ann"].due_at == NOON + timedelta(hours=1)
    clock.at = NOON + timedelta(hours=1)
    generate(shop, ledger, clock)
    clock.at = NOON + timedelta(hours=2)  # the window closed before it left

    async def deliver() -> None:
        async with Drivers() as drivers:
            work = shop.work(ledger, drivers, clock)
            await deliver_batch(work, ledger.due(POINTS, State.CLAIMED, clock.now(), 50))

    asyncio.run(deliver())
    assert messages(ledger)["ann"].due_at == NOON + timedelta(hours=25)
    assert mail_server.received == []
