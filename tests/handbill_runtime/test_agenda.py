"""What was looked at stays looked at, in memory and in the ledger; idle plans cost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from market import Market

from handbill.plan.model import CronTrigger
from handbill.plan.outline import PlanOutline
from handbill_runtime import agenda as agenda_module
from handbill_runtime.agenda import Agenda
from handbill_runtime.ledger.sqlite import SqliteLedger

START = datetime(2026, 12, 4, 14, 0, tzinfo=UTC)
"""9:00 on a Friday in New York."""
HOUR = timedelta(hours=1)
EAST, WEST, PARIS = "America/New_York", "America/Los_Angeles", "Europe/Paris"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "ledger.db")
    opened.take_lease("test", START)
    yield opened
    opened.close()


@pytest.fixture
def daily(market: Market) -> PlanOutline:
    """Every day at ten by the customer's clock."""
    market.points("trigger: {cron: '0 10 * * *'}\nreentry: always\n")
    market.publish()
    return market.active().tenants["corner"].outlines["points"]


def edited(compiled: PlanOutline, cron: str) -> PlanOutline:
    return msgspec.structs.replace(
        compiled, trigger=CronTrigger(cron=cron), digest="sha256:" + "e" * 64
    )


def names(agenda: Agenda, compiled: PlanOutline, at: datetime, *zones: str) -> list[str]:
    """What is due, marked as begun."""
    dues = agenda.due(compiled, zones, at, START)
    agenda.mark(compiled, dues)
    return [due.occurrence for due in dues]


def test_due_until_it_is_marked_and_never_again(daily: PlanOutline, ledger: SqliteLedger) -> None:
    agenda = Agenda(ledger)
    assert agenda.due(daily, (EAST,), START, START) == ()
    for _ in range(3):  # it could not begin: it stays due
        [due] = agenda.due(daily, (EAST,), START + 2 * HOUR, START)
        assert due.occurrence == "2026-12-04T10:00"
    agenda.mark(daily, [due])
    assert agenda.due(daily, (EAST,), START + 2 * HOUR, START) == ()
    assert Agenda(ledger).due(daily, (EAST,), START + 3 * HOUR, START + 3 * HOUR) == ()


def test_the_first_look_is_remembered(daily: PlanOutline, ledger: SqliteLedger) -> None:
    Agenda(ledger).due(daily, (EAST, WEST), START, START)
    for zone in (EAST, WEST):
        assert ledger.watermark("corner", "points", zone) == START
    [due] = Agenda(ledger).due(daily, (EAST, WEST), START + 2 * HOUR, START + 2 * HOUR)
    assert set(due.zones) == {EAST}


def test_zones_are_marked_each_by_its_own_instant(daily: PlanOutline, ledger: SqliteLedger) -> None:
    agenda = Agenda(ledger)
    assert names(agenda, daily, START + 5 * HOUR, EAST, WEST) == ["2026-12-04T10:00"]
    assert ledger.watermark("corner", "points", EAST) == START + HOUR
    assert ledger.watermark("corner", "points", WEST) == START + 4 * HOUR


def test_two_occurrences_at_one_instant_are_both_marked(
    daily: PlanOutline, ledger: SqliteLedger
) -> None:
    """2:00 does not exist that night and counts as 3:00 does; both are marked together."""
    hourly = edited(daily, "0 2,3 * * *")
    before = datetime(2026, 3, 8, 6, 0, tzinfo=UTC)
    agenda = Agenda(ledger)
    agenda.due(hourly, (EAST,), before, before)
    dues = agenda.due(hourly, (EAST,), before + 2 * HOUR, before)
    assert [due.occurrence for due in dues] == ["2026-03-08T02:00", "2026-03-08T03:00"]
    assert dues[0].zones == dues[1].zones
    agenda.mark(hourly, dues)
    assert Agenda(ledger).due(hourly, (EAST,), before + 3 * HOUR, before) == ()


def test_a_zone_that_is_new_joins_where_the_campaign_is(
    daily: PlanOutline, ledger: SqliteLedger
) -> None:
    agenda, long_ago = Agenda(ledger), START - timedelta(days=20)
    assert names(agenda, daily, START + 2 * HOUR, EAST) == ["2026-12-04T10:00"]
    zones = (EAST, WEST, PARIS)  # ten o'clock is over in Paris, and yet to come in the west
    assert agenda.due(daily, zones, START + 3 * HOUR, long_ago) == ()
    [due] = agenda.due(daily, zones, START + 5 * HOUR, long_ago)
    assert (due.occurrence, set(due.zones)) == ("2026-12-04T10:00", {WEST})


def test_an_edited_plan_counts_from_its_edit_also_after_a_restart(
    daily: PlanOutline, ledger: SqliteLedger
) -> None:
    agenda = Agenda(ledger)
    names(agenda, daily, START + 2 * HOUR, EAST)
    names(agenda, daily, START + 6 * HOUR, EAST)
    later = edited(daily, "0 13 * * *")  # two hours ago
    assert names(agenda, later, START + 6 * HOUR, EAST) == []
    assert names(Agenda(ledger), later, START + 7 * HOUR, EAST) == []


def test_idle_plans_are_not_looked_at(
    daily: PlanOutline, ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[datetime] = []
    original = agenda_module.due_occurrences
    monkeypatch.setattr(
        agenda_module,
        "due_occurrences",
        lambda plan, marks, now: looks.append(now) or original(plan, marks, now),  # type: ignore[func-returns-value]
    )
    agenda = Agenda(ledger)
    found = [
        agenda.due(daily, (EAST, WEST), START + timedelta(seconds=n), START) for n in range(3601)
    ]
    assert [bool(each) for each in found] == [False] * 3600 + [True]
    assert len(looks) == 2
    agenda.due(daily, (EAST,), START + timedelta(seconds=3601), START)
    assert len(looks) == 3  # other zones: another look


def test_a_paused_plan_is_not_looked_at(daily: PlanOutline, ledger: SqliteLedger) -> None:
    paused = msgspec.structs.replace(daily, status="paused", digest="sha256:" + "f" * 64)
    assert Agenda(ledger).due(paused, (EAST,), START + 2 * HOUR, START) == ()
    assert ledger.watermark("corner", "points", EAST) is None
