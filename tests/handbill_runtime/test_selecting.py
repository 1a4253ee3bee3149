"""Every occurrence once: through restarts, edits, pauses and time zones."""

from __future__ import annotations

import logging
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
    three_tenants,
)

from handbill_runtime import engine as engine_module


@pytest.fixture
def three(market: Market) -> Market:
    return three_tenants(market)


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


def test_instants_are_those_of_all_tenants_in_order(three: Market, running: Running) -> None:
    three.tenant("west", "America/Los_Angeles")
    three.points("trigger: {cron: '0 8 * * *', timezone: tenant}\nreentry: always\n", tenant="west")
    (three.root / "data" / "south" / "customers.csv").unlink()
    three.publish()
    found = running.engine.instants(three.active(), MORNING, MORNING + 2 * DAY)
    assert found == [MORNING + 2 * HOUR, MORNING + 26 * HOUR, NOON]
    assert [each.tenant for each in running.engine.troubles.values()] == ["south"]


def test_the_log_says_what_begins(
    market: Market, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    market.publish()
    running.tick(market.active())
    assert "corner/points" in caplog.text


def test_told_to_stop_within_a_large_audience_it_goes_on_with_the_rest_later(
    market: Market, running: Running, mail_server: Any
) -> None:
    count = 2_300
    market.customers(
        "id,first_name,email,consent,orders\n"
        + "".join(f"c{n:04d},,c{n}@shop.example,,1\n" for n in range(count))
    )
    market.points("trigger: {at: 2026-12-05T12:00}")
    market.publish()
    active = market.active()
    looked = iter([False, False, False, True])  # told to stop after two chunks of customers
    running.engine.stopping = lambda: next(looked, True)
    running.engine.select_due(active)
    query = "SELECT count(*), count(DISTINCT customer) FROM selections"
    assert running.ledger.db.execute(query).fetchone() == (2_000, 2_000)
    assert not running.engine.troubles
    running.restart()
    running.tick(active)
    assert running.ledger.db.execute(query).fetchone() == (count, count)
    assert running.ledger.db.execute("SELECT DISTINCT complete FROM runs").fetchall() == [(1,)]
