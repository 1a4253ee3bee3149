"""A period in one go: everything at its own time, waits included, and reported as it ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from market import NOON, Market, Running

from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.replay import replay, run_once

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = datetime(2026, 12, 4, 14, 0, tzinfo=UTC)
POINTS = Occurrence("corner", "points", "")


@pytest.fixture
def week(market: Market) -> Any:
    opened = Running(market, MORNING, start=MORNING)
    yield opened
    opened.close()


def test_each_occurrence_is_run_at_its_own_time(
    market: Market, week: Running, mail_server: Any
) -> None:
    market.points("trigger: {cron: '0 10 * * *', timezone: tenant}\nreentry: always\n")
    market.points("trigger: {at: 2026-12-06T08:00}", "sunday")
    market.publish()
    active = market.active()
    until = MORNING + 7 * DAY
    reports = week.doing(lambda: replay(week.engine, week.clock, active, until))
    assert week.clock.now() == until
    days = {report.occurrence.name for report in reports.values()}
    assert days == {"", *(f"2026-12-{day:02}T10:00" for day in range(4, 11))}
    runs = week.ledger.db.execute("SELECT due_at, started_at FROM runs").fetchall()
    assert len(runs) == 8 and all(due == started for due, started in runs)
    sent = {mail["Date"].datetime.astimezone(UTC) for mail in mail_server.mails()}
    assert sent == {MORNING + HOUR + n * DAY for n in range(7)} | {MORNING + 47 * HOUR}


def test_what_waits_for_an_hour_in_between_is_sent_at_that_hour_and_counted(
    market: Market, week: Running, mail_server: Any
) -> None:
    market.points("trigger: {at: 2026-12-04T10:00}\nwindow: '15:00-20:00'\n")
    market.publish()
    active = market.active()
    reports = week.doing(lambda: replay(week.engine, week.clock, active, MORNING + DAY))
    [report] = reports.values()
    channel = report.channels["email"]
    assert (channel.accepted, channel.waiting) == (2, 0)
    assert {mail["Date"].datetime.astimezone(UTC) for mail in mail_server.mails()} == {
        MORNING + 6 * HOUR
    }


def test_what_a_provider_puts_off_is_tried_again_in_time(
    market: Market, week: Running, mail_server: Any
) -> None:
    answers = iter(["451 later", "451 later"])
    mail_server.on_data = lambda address: next(answers, "250 queued")
    market.points("trigger: {at: 2026-12-04T10:00}")
    market.publish()
    active = market.active()
    reports = week.doing(lambda: replay(week.engine, week.clock, active, MORNING + DAY))
    assert [report.channels["email"].accepted for report in reports.values()] == [2]


def test_again_it_sends_nothing_more(market: Market, week: Running, mail_server: Any) -> None:
    market.points("trigger: {cron: '0 10 * * *', timezone: tenant}\nreentry: always\n")
    market.publish()
    active = market.active()
    week.doing(lambda: replay(week.engine, week.clock, active, MORNING + 3 * DAY))
    week.close()
    again = Running(market, MORNING, start=MORNING)
    reports = again.doing(lambda: replay(again.engine, again.clock, active, MORNING + 3 * DAY))
    assert reports == {} and len(mail_server.received) == 6
    again.close()


def test_a_tenant_without_data_does_not_stop_the_others(
    market: Market, week: Running, mail_server: Any
) -> None:
    market.tenant("north")
    for tenant in ("corner", "north"):
        market.points("trigger: {at: 2026-12-04T10:00}", tenant=tenant)
    market.publish()
    active = market.active()
    (market.root / "data" / "corner" / "customers.csv").unlink()
    reports = week.doing(lambda: replay(week.engine, week.clock, active, MORNING + DAY))
    assert {report.occurrence.tenant for report in reports.values()} == {"north"}
    assert [each.code for each in week.engine.troubles.values()] == ["HB940"]


def test_messages_of_a_tenant_that_is_gone_hold_up_nobody(
    market: Market, week: Running, mail_server: Any
) -> None:
    """Its planned mails stay due for ever; others wait for three in the afternoon."""
    market.tenant("north")
    for tenant in ("corner", "north"):
        market.points("trigger: {at: 2026-12-04T10:00}\nwindow: '15:00-20:00'\n", tenant=tenant)
    market.publish()
    everyone = market.active()
    week.tick(everyone, MORNING + HOUR)
    market.remove("tenants/north/campaigns/points.yaml")
    market.remove("tenants/north/tenant.yaml")
    for path in sorted((market.root / "repository/tenants/north").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    market.publish()
    active = market.active()
    assert set(active.tenants) == {"corner"}
    week.doing(lambda: replay(week.engine, week.clock, active, MORNING + DAY))
    assert len(mail_server.received) == 2


def test_quarantined_rows_are_in_the_report(market: Market, week: Running) -> None:
    market.points("trigger: {at: 2026-12-04T10:00}\naudience: customer.orders >= 0\n")
    market.customers("id,first_name,email,consent,orders\nann,Ann,a@b.example,,many\n")
    market.publish()
    active = market.active()
    reports = week.doing(lambda: replay(week.engine, week.clock, active, MORNING + DAY))
    [report] = reports.values()
    assert sum(report.quarantined.values()) == 1


def test_stopping_ends_it_where_it_is(market: Market, week: Running, mail_server: Any) -> None:
    market.points("trigger: {cron: '0 10 * * *', timezone: tenant}\nreentry: always\n")
    market.publish()
    active = market.active()
    week.engine.stopping = lambda: len(mail_server.received) >= 4
    week.doing(lambda: replay(week.engine, week.clock, active, MORNING + 7 * DAY))
    assert len(mail_server.received) == 4
    assert week.clock.now() == MORNING + HOUR + DAY


def test_once_is_what_is_due_now(market: Market, running: Running, mail_server: Any) -> None:
    market.points("trigger: {at: 2026-12-05T18:00, timezone: tenant}", "later")
    market.publish()
    active = market.active()
    reports = running.doing(lambda: run_once(running.engine, active))
    assert set(reports) == {POINTS} and running.clock.now() == NOON
    assert running.doing(lambda: run_once(running.engine, active)) == {}


def test_what_an_earlier_time_left_is_reported_when_it_is_delivered(
    market: Market, running: Running
) -> None:
    market.points("trigger: {at: 2026-12-05T12:00}\nwindow: '15:00-20:00'\n")
    market.publish()
    active = market.active()
    first = running.doing(lambda: run_once(running.engine, active))
    assert first[POINTS].channels["email"].waiting == 2
    running.restart(NOON + 4 * HOUR)
    second = running.doing(lambda: run_once(running.engine, active))
    assert second[POINTS].channels["email"].accepted == 2
