"""Delivering: in order of priority, through swaps, brakes and stops."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from market import NOON, Market, Running
from occurrences import (
    DAY,
    HOUR,
    MORNING,
    daily,
    recipients,
    subjects,
    three_tenants,
)

from handbill_runtime.ledger.model import Suppression


@pytest.fixture
def three(market: Market) -> Market:
    return three_tenants(market)


# ── order ────────────────────────────────────────────────────────────────────────────────────────


def test_where_caps_are_short_the_higher_priority_is_sent(
    market: Market, running: Running, mail_server: Any
) -> None:
    """Both are due at noon; by name the other would go first."""
    for name, priority in (("a-low", 10), ("b-high", 90)):
        market.points(
            f"""
            trigger: {{at: 2026-12-05T12:00}}
            priority: {priority}
            limits: {{per_customer: 1 per 1 day}}
            message: {{email: {{subject: "{name}", template: mail.html}}}}
            """,
            name,
        )
    market.remove("tenants/corner/campaigns/points.yaml")
    market.publish()
    running.tick(market.active())
    assert subjects(mail_server) == ["b-high", "b-high"]
    assert running.reasons() == {"cap": 2}


# ── a swap while a run is delivered ──────────────────────────────────────────────────────────────


class Swapping:
    """Hands out the first release until `after` mails have arrived, then what `change` published."""

    def __init__(self, market: Market, mail_server: Any, after: int, change: Any) -> None:
        market.crowd(220)
        market.points(SWAPPED.format(subject="old", status="active"))
        market.publish()
        self.first = market.active()
        self.current = self.first
        self.after = after

        def on_data(address: str) -> str:
            if len(mail_server.received) + 1 == after:
                change()
                market.publish()
                self.current = market.active()
            return "250 queued"

        mail_server.on_data = on_data

    def deliver(self, running: Running) -> None:
        async def work() -> None:
            running.engine.select_due(self.current)
            while await running.engine.deliver(lambda: self.current, "corner"):
                running.engine.select_due(self.current)

        running.doing(work)


SWAPPED = """
    trigger: {{at: 2026-12-05T12:00}}
    status: {status}
    message: {{email: {{subject: "{subject}", template: mail.html}}}}
    """


def test_a_swap_in_mid_run_never_mixes_releases_within_it(
    market: Market, running: Running, mail_server: Any
) -> None:
    def change() -> None:
        market.points(SWAPPED.format(subject="new", status="active"))
        market.points(SWAPPED.format(subject="other", status="active"), name="other")

    swapping = Swapping(market, mail_server, after=70, change=change)
    swapping.deliver(running)
    assert swapping.current is not swapping.first
    old = swapping.first.tenants["corner"].plans["points"].digest
    other = swapping.current.tenants["corner"].plans["other"].digest
    recorded = dict(running.ledger.db.execute("SELECT id, plan FROM messages").fetchall())
    said = {
        str(mail["Message-ID"]).strip("<>").split("@")[0]: str(mail["Subject"])
        for mail in mail_server.mails()
    }
    assert len(said) == len(mail_server.received) == 440
    assert Counter((recorded[message], subject) for message, subject in said.items()) == {
        (old, "old"): 220,
        (other, "other"): 220,
    }


def test_the_next_occurrence_is_of_the_new_release(
    market: Market, early: Running, mail_server: Any
) -> None:
    daily(market)
    market.publish()
    early.tick(market.active(), MORNING + HOUR)
    daily(market, more='message: {email: {subject: "new", template: mail.html}}\n')
    market.publish()
    early.tick(market.active(), MORNING + HOUR + DAY)
    assert Counter(subjects(mail_server)) == {"Double points": 2, "new": 2}


def test_pausing_reaches_a_run_at_once(market: Market, running: Running, mail_server: Any) -> None:
    def pause() -> None:
        market.points(SWAPPED.format(subject="old", status="paused"))

    Swapping(market, mail_server, after=70, change=pause).deliver(running)
    assert len(mail_server.received) <= 100  # the batch that was on its way
    assert running.states() == {
        "accepted": len(mail_server.received),
        "suppressed": 220 - len(mail_server.received),
    }
    assert set(running.reasons()) == {"plan_paused"}


def test_withdrawing_reaches_a_run_at_once(
    market: Market, running: Running, mail_server: Any
) -> None:
    def withdraw() -> None:
        market.points("trigger: {at: 2027-12-05T12:00}", name="other")
        market.remove("tenants/corner/campaigns/points.yaml")

    Swapping(market, mail_server, after=70, change=withdraw).deliver(running)
    assert len(mail_server.received) <= 100
    assert set(running.reasons()) == {"plan_withdrawn"}


def test_another_environment_reaches_a_run_at_once(
    market: Market, running: Running, mail_server: Any
) -> None:
    def seeds_only() -> None:
        market.recipients = "seeds"
        market.environment()

    Swapping(market, mail_server, after=70, change=seeds_only).deliver(running)
    assert len(mail_server.received) <= 100
    assert set(running.reasons()) == {"not_a_recipient"}


def test_a_provider_that_was_renamed_holds_up_no_run(
    market: Market, running: Running, mail_server: Any
) -> None:
    """The old plan's provider is in the new environment no more: the run goes over to the new."""

    def rename() -> None:
        for path, old, new in (
            ("environments/test.yaml", "  mail:", "  post:"),
            ("tenants/corner/tenant.yaml", "provider: mail", "provider: post"),
        ):
            file = market.root / "repository" / path
            assert old in file.read_text()
            file.write_text(file.read_text().replace(old, new))

    Swapping(market, mail_server, after=70, change=rename).deliver(running)
    assert running.states() == {"accepted": 220}
    assert len(mail_server.received) == 220


def test_a_withdrawn_tenant_stops_at_once(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.tenant("north")
    market.points("trigger: {at: 2027-12-05T12:00}", tenant="north")

    def withdraw() -> None:
        shutil.rmtree(market.root / "repository" / "tenants" / "corner")

    Swapping(market, mail_server, after=70, change=withdraw).deliver(running)
    assert len(mail_server.received) <= 100 and running.states()["planned"] >= 120


def test_an_urgent_campaign_overtakes_a_long_run(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.crowd(220)
    market.points(SWAPPED.format(subject="long", status="active"))
    market.points(
        """
        trigger: {at: 2026-12-05T12:30}
        priority: 99
        message: {email: {subject: "urgent", template: mail.html}}
        """,
        "urgent",
    )
    market.publish()
    active = market.active()

    async def ticking() -> None:
        while len(mail_server.received) < 60:
            await asyncio.sleep(0)
        running.clock.advance_to(NOON + HOUR)
        running.engine.select_due(active)

    async def work() -> None:
        running.engine.select_due(active)
        tick = asyncio.create_task(ticking())
        while await running.engine.deliver(lambda: active, "corner"):
            pass
        await tick

    running.doing(work)
    order = subjects(mail_server)
    assert Counter(order) == {"long": 220, "urgent": 220}
    assert order.index("urgent") <= 100 and order[-1] == "long"


def test_stopping_ends_between_batches_and_the_next_process_goes_on(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.crowd(220)
    market.points(SWAPPED.format(subject="old", status="active"))
    market.publish()
    active = market.active()
    running.engine.stopping = lambda: len(mail_server.received) >= 60
    running.tick(active)
    assert running.states()["accepted"] == len(mail_server.received) == 100
    assert set(running.states()) <= {"accepted", "claimed", "planned"}
    running.restart()
    running.tick(active)
    assert running.states() == {"accepted": 220}
    assert max(Counter(recipients(mail_server)).values()) == 1


def test_an_engine_that_stops_begins_nothing(market: Market, running: Running) -> None:
    market.publish()
    running.engine.stopping = lambda: True
    running.tick(market.active())
    assert running.states() == {}


def test_a_slow_provider_is_left_in_the_middle_of_its_pause(
    market: Market, running: Running, mail_server: Any
) -> None:
    """A rate of one a minute: without interruption the run would take hours."""
    market.rate = "50 per 1 hour"
    market.environment()
    market.crowd(220)
    market.points(SWAPPED.format(subject="old", status="active"))
    market.publish()
    stop_at = NOON + timedelta(minutes=90)
    running.engine.stopping = lambda: running.clock.now() >= stop_at
    running.tick(market.active())
    assert len(mail_server.received) == 100
    assert running.clock.now() == stop_at


# ── instants ─────────────────────────────────────────────────────────────────────────────────────


def test_unsubscribing_between_selection_and_delivery_counts(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.publish()
    active = market.active()
    running.engine.select_due(active)
    running.ledger.suppress(
        [Suppression("corner", "email", "customer", "ann", "unsubscribed", "marketing", NOON)]
    )
    running.tick(active)
    assert recipients(mail_server) == ["bob@shop.example"]
    assert running.reasons() == {"unsubscribed": 1}
