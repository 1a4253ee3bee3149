"""Every occurrence once: through restarts, swaps, brakes, missing data and other tenants' trouble."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from market import NOON, Market, Running

from handbill_runtime import engine as engine_module
from handbill_runtime.clock import VirtualClock
from handbill_runtime.ledger.model import Suppression

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = datetime(2026, 12, 4, 14, 0, tzinfo=UTC)
"""9:00 on a Friday in New York."""


def subjects(mail_server: Any) -> list[str]:
    return [str(mail["Subject"]) for mail in mail_server.mails()]


def recipients(mail_server: Any) -> list[str]:
    return sorted(address for address, _ in mail_server.received)


def daily(market: Market, hour: int = 10, more: str = "", name: str = "points") -> None:
    market.points(
        f"trigger: {{cron: '0 {hour} * * *', timezone: tenant}}\nreentry: always\n{more}", name
    )


# ── once ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_due_is_sent_once(market: Market, running: Running, mail_server: Any) -> None:
    market.publish()
    active = market.active()
    for _ in range(3):
        running.tick(active)
        running.clock.advance_to(running.clock.now() + HOUR)
    running.restart()
    running.tick(active)
    assert recipients(mail_server) == ["ann@shop.example", "bob@shop.example"]


@pytest.fixture
def early(market: Market, mail_server: Any) -> Any:
    """An engine that starts on Friday at nine."""
    market.clock.at = MORNING
    opened = Running(market, MORNING)
    yield opened
    opened.close()


def test_a_cron_fires_at_each_of_its_times(
    market: Market, early: Running, mail_server: Any
) -> None:
    daily(market)
    market.publish()
    active = market.active()
    for hours in range(72):
        early.tick(active, MORNING + hours * HOUR)
    assert Counter(recipients(mail_server)) == {"ann@shop.example": 3, "bob@shop.example": 3}


def test_a_cron_that_came_due_while_the_runtime_was_down_is_run_once(
    market: Market, early: Running, mail_server: Any
) -> None:
    daily(market)
    market.publish()
    active = market.active()
    early.tick(active)  # seen at nine
    early.restart(MORNING + 3 * HOUR)  # down at ten, up at noon
    early.tick(active)
    early.tick(active)
    early.restart()
    early.tick(active)
    assert recipients(mail_server) == ["ann@shop.example", "bob@shop.example"]


def test_after_days_of_silence_only_what_has_not_expired_is_run(
    market: Market, early: Running, mail_server: Any
) -> None:
    daily(market)
    market.publish()
    active = market.active()
    early.tick(active)
    early.restart(MORNING + 5 * DAY)
    early.tick(active)
    names = early.ledger.occurrences_of("corner", "points")
    assert names == ["2026-12-08T10:00"] and len(mail_server.received) == 2


def test_missed_skip_does_not_catch_up(market: Market, early: Running, mail_server: Any) -> None:
    market.points(
        "trigger: {cron: '0 10 * * *', timezone: tenant, missed: skip}\nreentry: always\n"
    )
    market.publish()
    active = market.active()
    early.tick(active)
    early.restart(MORNING + 3 * HOUR)
    early.tick(active)
    assert mail_server.received == []
    early.tick(active, MORNING + DAY + HOUR)
    assert len(mail_server.received) == 2


def test_a_campaign_new_since_ten_waits_for_its_next_ten(
    market: Market, early: Running, mail_server: Any
) -> None:
    """The runtime has been up since nine; at noon somebody publishes a campaign for ten."""
    market.points("trigger: {at: 2027-01-01T10:00, timezone: tenant}")
    market.publish()
    early.tick(market.active())
    market.clock.at = MORNING + 3 * HOUR
    daily(market, name="new")
    market.publish()
    active = market.active()
    early.tick(active, market.clock.at + timedelta(seconds=1))
    early.restart(market.clock.at + HOUR)
    early.tick(active)
    assert mail_server.received == []
    early.tick(active, MORNING + DAY + HOUR)
    assert len(mail_server.received) == 2


def test_a_campaign_published_while_the_runtime_was_down_is_not_lost(
    market: Market, early: Running, mail_server: Any
) -> None:
    daily(market)
    market.publish()  # at nine; the runtime starts at noon, with an empty ledger
    early.tick(market.active(), MORNING + 3 * HOUR)
    assert len(mail_server.received) == 2


def test_an_edited_cron_fires_from_its_edit_on_restarted_or_not(
    market: Market, early: Running, mail_server: Any
) -> None:
    daily(market, hour=18)
    market.publish()
    early.tick(market.active())
    early.tick(market.active(), MORNING + 3 * HOUR)
    daily(market, hour=10)  # two hours ago
    market.publish()
    active = market.active()
    early.tick(active)
    early.tick(active, MORNING + 4 * HOUR)
    early.restart(MORNING + 5 * HOUR)
    early.tick(active)
    assert mail_server.received == []
    early.tick(active, MORNING + DAY + HOUR)
    assert len(mail_server.received) == 2


def test_at_whose_hour_is_edited_reaches_a_customer_once(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.publish()
    running.tick(market.active())
    market.points("trigger: {at: 2026-12-05T14:00, timezone: tenant}")
    market.publish()
    running.tick(market.active(), NOON + 3 * HOUR)
    market.points("trigger: {at: 2026-12-05T16:00, timezone: customer}")
    market.publish()
    running.tick(market.active(), NOON + 6 * HOUR)
    assert len(mail_server.received) == 2


def test_at_that_is_moved_to_a_past_hour_is_late_at_once(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.points("trigger: {at: 2026-12-05T20:00, timezone: tenant}")
    market.publish()
    running.tick(market.active())
    market.points("trigger: {at: 2026-12-05T11:00, timezone: tenant}")
    market.publish()
    running.tick(market.active())
    assert len(mail_server.received) == 2


def test_publish_fires_once_and_not_before_it_starts(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.points("trigger: {at: publish}\nstarts: 2026-12-05T13:30\n")
    market.publish()
    active = market.active()
    for minutes in range(0, 180, 15):
        running.tick(active, NOON + timedelta(minutes=minutes))
        assert len(mail_server.received) == (0 if minutes < 90 else 2)
    market.points("trigger: {at: publish}\ndescription: edited\n")
    market.publish()
    running.restart()
    running.tick(market.active())
    assert len(mail_server.received) == 2


def test_a_renamed_campaign_is_the_same_one(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.publish()
    running.tick(market.active())
    market.remove("tenants/corner/campaigns/points.yaml")
    market.points(
        "trigger: {at: 2026-12-05T12:00, timezone: tenant}\nwas: [points]\n", name="double"
    )
    market.publish()
    running.tick(market.active(), NOON + HOUR)
    running.restart()
    running.tick(market.active())
    assert len(mail_server.received) == 2
    market.remove("tenants/corner/campaigns/double.yaml")
    market.points("trigger: {at: 2026-12-05T12:00, timezone: tenant}\n", name="another")
    market.publish()
    running.tick(market.active())
    assert len(mail_server.received) == 4  # without `was` it is another campaign


def test_a_renamed_cron_goes_on_where_it_was(
    market: Market, early: Running, mail_server: Any
) -> None:
    daily(market)
    market.publish()
    early.tick(market.active())
    early.tick(market.active(), MORNING + HOUR)
    market.remove("tenants/corner/campaigns/points.yaml")
    daily(market, name="double", more="was: [points]\n")
    market.publish()
    active = market.active()
    early.restart(MORNING + 2 * HOUR)
    early.tick(active)
    assert len(mail_server.received) == 2
    early.tick(active, MORNING + DAY + HOUR)
    assert len(mail_server.received) == 4


# ── paused ───────────────────────────────────────────────────────────────────────────────────────


def test_a_paused_campaign_sends_nothing(market: Market, early: Running, mail_server: Any) -> None:
    daily(market, more="status: paused\n")
    market.publish()
    active = market.active()
    for hours in range(30):
        early.tick(active, MORNING + hours * HOUR)
    assert early.states() == {} and mail_server.received == []


def test_what_waits_when_a_campaign_is_paused_is_not_sent(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.points("trigger: {at: 2026-12-05T12:00, timezone: tenant}\nwindow: '15:00-20:00'\n")
    market.publish()
    running.tick(market.active())
    assert running.states() == {"planned": 2}
    market.points(
        """
        trigger: {at: 2026-12-05T12:00, timezone: tenant}
        window: "15:00-20:00"
        status: paused
        """
    )
    market.publish()
    running.tick(market.active(), NOON + 4 * HOUR)
    assert running.reasons() == {"plan_paused": 2} and mail_server.received == []


# ── zones ────────────────────────────────────────────────────────────────────────────────────────

COAST_TO_COAST = """
    id,first_name,email,consent,orders,timezone
    ann,Ann,ann@shop.example,email.promotions,3,America/New_York
    bob,Bob,bob@shop.example,email.promotions,9,America/Los_Angeles
    cat,Cat,cat@shop.example,email.promotions,5,America/New_York
    dan,Dan,dan@shop.example,email.promotions,8,America/Los_Angeles
    eve,Eve,eve@shop.example,email.promotions,7,
    """


def test_each_customer_is_due_by_their_own_clock(
    market: Market, running: Running, mail_server: Any
) -> None:
    market.customers(COAST_TO_COAST)
    market.points("trigger: {at: 2026-12-05T12:00}")
    market.publish()
    active = market.active()
    running.tick(active)
    at_home = ["ann@shop.example", "cat@shop.example", "eve@shop.example"]
    assert recipients(mail_server) == at_home  # who has no zone has the shop's
    running.tick(active, NOON + 2 * HOUR)
    assert len(mail_server.received) == 3
    running.restart(NOON + 3 * HOUR)
    running.tick(active)
    assert len(mail_server.received) == 5


def test_a_limit_holds_over_all_zones_of_an_occurrence(
    market: Market, early: Running, mail_server: Any
) -> None:
    """Ten o'clock comes three hours later in the west; what the east left of the limit is theirs."""
    market.customers(COAST_TO_COAST)
    market.points(
        """
        trigger: {cron: "0 10 * * *"}
        reentry: always
        audience: {include: everyone, rank: customer.orders, limit: 4}
        """
    )
    market.publish()
    active = market.active()
    for hours in range(6):
        early.tick(active, MORNING + hours * HOUR)
        early.restart()
    assert recipients(mail_server) == [
        "ann@shop.example", "bob@shop.example", "cat@shop.example", "eve@shop.example",
    ]  # fmt: skip
    rows = early.ledger.db.execute("SELECT customer FROM selections WHERE reason = 'limit'")
    assert [customer for (customer,) in rows] == ["dan"]
    for hours in range(24, 30):  # tomorrow counts anew
        early.tick(active, MORNING + hours * HOUR)
    assert len(mail_server.received) == 8


def test_a_zone_that_is_new_in_the_data_joins_in(
    market: Market, early: Running, mail_server: Any
) -> None:
    market.points('trigger: {cron: "0 10 * * *"}\nreentry: always\n')
    market.publish()
    active = market.active()
    early.tick(active, MORNING + HOUR)
    assert len(mail_server.received) == 2
    market.customers(COAST_TO_COAST)
    early.tick(active, MORNING + 2 * HOUR)
    assert len(mail_server.received) == 2  # it is too early in the west, and over in the east
    early.restart(MORNING + 4 * HOUR)
    early.tick(active)
    assert recipients(mail_server)[-2:] == ["bob@shop.example", "dan@shop.example"]


def test_data_is_read_for_its_zones_only_when_it_changed(
    market: Market, early: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.points('trigger: {cron: "0 10 * * *"}\nreentry: always\n')
    market.publish()
    active = market.active()
    reads: list[str] = []
    original = engine_module.open_customers

    def counted(tenant: Any, *rest: Any, **named: Any) -> Any:
        reads.append(tenant.tenant.name)
        return original(tenant, *rest, **named)

    monkeypatch.setattr("handbill_runtime.residence.open_customers", counted)
    monkeypatch.setattr("handbill_runtime.engine.open_customers", counted)
    for minutes in range(55):
        early.tick(active, MORNING + timedelta(minutes=minutes))
    assert len(reads) == 1
    market.customers(COAST_TO_COAST)
    early.tick(active, MORNING + timedelta(minutes=56))
    early.tick(active, MORNING + timedelta(minutes=57))
    assert len(reads) == 2


# ── one tenant's trouble ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
def three(market: Market) -> Market:
    for name in ("north", "south"):
        market.tenant(name)
        market.points("trigger: {at: 2026-12-05T12:00}", tenant=name)
    market.points("trigger: {at: 2026-12-05T12:00}")
    market.publish()
    return market


def tenants(running: Running) -> set[str]:
    rows = running.ledger.db.execute("SELECT DISTINCT tenant FROM messages WHERE state='accepted'")
    return {name for (name,) in rows}


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
    original = engine_module.begin_occurrence

    def begin(work: Any, compiled: Any, *rest: Any) -> Any:
        if compiled.plan.campaign == "a-broken-one":
            raise KeyError("a bug")
        return original(work, compiled, *rest)

    monkeypatch.setattr(engine_module, "begin_occurrence", begin)
    running.tick(three.active())
    assert tenants(running) == {"corner", "north", "south"}
    [trouble] = running.engine.troubles.values()
    assert (trouble.tenant, trouble.code) == ("corner", "HB950") and "a bug" in trouble.message
    assert "Traceback" in caplog.text
    monkeypatch.setattr(engine_module, "begin_occurrence", original)
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


def test_instants_are_those_of_all_tenants_in_order(three: Market, running: Running) -> None:
    three.tenant("west", "America/Los_Angeles")
    three.points("trigger: {cron: '0 8 * * *', timezone: tenant}\nreentry: always\n", tenant="west")
    (three.root / "data" / "south" / "customers.csv").unlink()
    three.publish()
    found = running.engine.instants(three.active(), MORNING, MORNING + 2 * DAY)
    assert found == [MORNING + 2 * HOUR, MORNING + 26 * HOUR, NOON]
    assert [each.tenant for each in running.engine.troubles.values()] == ["south"]


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


def test_the_log_says_what_begins(
    market: Market, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    market.publish()
    running.tick(market.active())
    assert "corner/points" in caplog.text


def test_a_clock_that_is_set_back_puts_off_no_tenant(market: Market, running: Running) -> None:
    market.points("trigger: {at: 2026-12-05T12:00}")
    market.publish()
    active = market.active()
    data = market.root / "data" / "corner" / "customers.csv"
    away = data.rename(data.with_name("away"))
    running.clock.advance_to(NOON + timedelta(hours=3))
    running.tick(active)
    assert running.engine.troubles
    away.rename(data)
    running.engine.clock = VirtualClock(NOON + timedelta(minutes=1))
    running.tick(active)
    assert not running.engine.troubles
    assert running.states() == {"accepted": 2}
