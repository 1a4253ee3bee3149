"""Which occurrences are due: every trigger, in tenants' and customers' zones, through clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
import pytest

from handbill.plan.ir import Const
from handbill.plan.model import (
    Audience,
    Category,
    Deliver,
    Holdout,
    Plan,
    PublishTrigger,
    Reentry,
    Sender,
    Trigger,
)
from handbill.plan.types import BoolType
from handbill_runtime.schedule import (
    ALL_ZONES,
    HORIZON,
    Due,
    due_occurrences,
    needs_zones,
    next_look,
    zones_of,
)

NEW_YORK, CHICAGO, PHOENIX, PARIS = (
    "America/New_York", "America/Chicago", "America/Phoenix", "Europe/Paris",
)  # fmt: skip
DAY = timedelta(days=1)


def plan(trigger: str, *, status: Literal["active", "paused"] = "active", **more: Any) -> Plan:
    """A plan of New York with this trigger, written as in the JSON of a release."""
    return Plan(
        format=1,
        operations=1,
        cases="1",
        tenant="corner",
        campaign="points",
        identity="points",
        status=status,
        category=Category(
            name="promotions", kind="marketing", consent="opt_in", sms_consent="opt_in"
        ),
        timezone=NEW_YORK,
        trigger=msgspec.json.decode(trigger, type=Trigger),
        audience=Audience(include=Const(type=BoolType(), value=True)),
        fields=(),
        reentry=Reentry(again="always"),
        holdout=Holdout(),
        salt="points",
        variants=(),
        deliver=Deliver(mode="first", order=("email",)),
        senders={"email": Sender(providers=("mail",), sender="", expires_seconds=86_400)},
        locales=("en-US",),
        **more,
    )


def at(time: str, timezone: str = "tenant", missed: str = "late") -> str:
    return f'{{"kind": "at", "at": "{time}", "timezone": "{timezone}", "missed": "{missed}"}}'


def cron(expression: str, timezone: str = "tenant", missed: str = "late") -> str:
    return f'{{"kind": "cron", "cron": "{expression}", "timezone": "{timezone}", "missed": "{missed}"}}'


PUBLISH = '{"kind": "publish"}'


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(given: Plan, after: str | None, now: str, *zones: str, **how: Any) -> list[Due]:
    watermark = None if after is None else utc(after)
    watermarks = dict.fromkeys(zones or (ALL_ZONES,), watermark)
    return list(due_occurrences(given, watermarks, utc(now), **how))


# ── at ───────────────────────────────────────────────────────────────────────────────────────────


def test_at_is_due_once_its_hour_has_come() -> None:
    given = plan(at("2026-12-05T10:00"))  # 15:00 UTC
    assert due(given, None, "2026-12-05T14:59:59") == []
    [found] = due(given, None, "2026-12-05T15:00")
    assert (found.occurrence, found.zones) == ("", {ALL_ZONES: utc("2026-12-05T15:00")})
    assert due(given, "2026-12-05T15:00", "2026-12-05T15:01") == []


def test_at_by_the_customers_clock_is_due_zone_by_zone() -> None:
    given = plan(at("2026-12-05T10:00", "customer"))
    zones = (PARIS, NEW_YORK, CHICAGO)
    assert due(given, None, "2026-12-05T08:59", *zones) == []
    [paris] = due(given, None, "2026-12-05T09:00", *zones)
    assert set(paris.zones) == {PARIS}
    [all_] = due(given, None, "2026-12-05T16:00", *zones)
    assert all_.zones == {
        PARIS: utc("2026-12-05T09:00"),
        NEW_YORK: utc("2026-12-05T15:00"),
        CHICAGO: utc("2026-12-05T16:00"),
    }


@pytest.mark.parametrize(
    ("missed", "late", "is_due"),
    [
        ("late", timedelta(hours=23), True),
        ("late", timedelta(hours=25), False),  # its messages would have expired
        ("skip", timedelta(minutes=4), True),  # a busy moment is not a miss
        ("skip", timedelta(minutes=6), False),
    ],
)
def test_what_was_missed_is_late_or_skipped(missed: str, late: timedelta, is_due: bool) -> None:
    given = plan(at("2026-12-05T10:00", missed=missed))
    now = (utc("2026-12-05T15:00") + late).replace(tzinfo=None).isoformat()
    assert bool(due(given, None, now)) is is_due
    assert due(given, None, now, catch_up=True)  # a clock that is taken back misses nothing


def test_at_moved_to_later_is_due_again_and_the_ledger_decides() -> None:
    given = plan(at("2026-12-05T12:00"))
    assert due(given, "2026-12-05T15:00", "2026-12-05T17:00")


# ── cron ─────────────────────────────────────────────────────────────────────────────────────────


def test_cron_is_due_at_each_local_time_since_the_watermark() -> None:
    given = plan(cron("0 10 * * *"))
    found = due(given, "2026-12-04T15:00", "2026-12-05T16:00")
    assert [one.occurrence for one in found] == ["2026-12-05T10:00"]
    found = due(given, "2026-12-04T14:59", "2026-12-05T14:58", catch_up=True)
    assert [one.occurrence for one in found] == ["2026-12-04T10:00"]


def test_only_what_has_not_expired_is_caught_up_with() -> None:
    given = plan(cron("0 10 * * *"))
    found = due(given, "2026-11-20T00:00", "2026-12-05T16:00")
    assert [one.occurrence for one in found] == ["2026-12-05T10:00"]
    skipping = plan(cron("0 10 * * *", missed="skip"))
    assert due(skipping, "2026-11-20T00:00", "2026-12-05T16:00") == []
    assert len(due(given, "2026-11-20T00:00", "2026-12-05T16:00", catch_up=True)) == 16


def test_cron_without_a_watermark_is_not_due() -> None:
    assert due(plan(cron("* * * * *")), None, "2026-12-05T16:00") == []


def test_one_occurrence_gathers_the_zones_that_are_due_together() -> None:
    given = plan(cron("0 10 * * *", "customer"))
    found = due(given, "2026-12-05T14:00", "2026-12-05T17:00", NEW_YORK, CHICAGO, PHOENIX)
    assert [(one.occurrence, set(one.zones)) for one in found] == [
        ("2026-12-05T10:00", {NEW_YORK, CHICAGO, PHOENIX})
    ]
    assert found[0].zones[PHOENIX] == utc("2026-12-05T17:00")


def test_occurrences_come_in_order_of_time() -> None:
    given = plan(cron("0 8,10 * * *", "customer"))
    found = due(given, "2026-12-05T12:00", "2026-12-05T17:00", NEW_YORK, PHOENIX)
    assert [one.occurrence for one in found] == ["2026-12-05T08:00", "2026-12-05T10:00"]
    instants = [min(one.zones.values()) for one in found]
    assert instants == sorted(instants)


# ── clock changes: 8 March and 1 November 2026 in New York ───────────────────────────────────────


def test_a_local_time_that_is_skipped_counts_by_the_offset_before() -> None:
    given = plan(cron("30 2 * * *"))
    [gap] = due(given, "2026-03-08T05:00", "2026-03-08T12:00")
    assert (gap.occurrence, gap.zones[ALL_ZONES]) == ("2026-03-08T02:30", utc("2026-03-08T07:30"))


def test_a_local_time_that_comes_twice_fires_once_and_early() -> None:
    given = plan(cron("30 1 * * *"))
    [overlap] = due(given, "2026-11-01T04:00", "2026-11-01T12:00")
    assert overlap.zones[ALL_ZONES] == utc("2026-11-01T05:30")  # the first half past one
    assert due(given, "2026-11-01T05:30", "2026-11-01T12:00") == []


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_each_day_has_one_occurrence_whatever_the_clocks_do(day: str) -> None:
    given = plan(cron("0 10 * * *", "customer"))
    start = utc(f"{day}T00:00") - 2 * DAY
    names: list[str] = []
    watermarks: dict[str, datetime | None] = dict.fromkeys((NEW_YORK, PHOENIX, PARIS), start)
    seen: set[tuple[str, str]] = set()
    now = start
    while now < start + 4 * DAY:  # a runtime that looks every quarter of an hour
        now += timedelta(minutes=15)
        for one in due_occurrences(given, watermarks, now):
            for zone, instant in one.zones.items():
                assert (one.occurrence, zone) not in seen
                seen.add((one.occurrence, zone))
                watermarks[zone] = instant
            names.append(one.occurrence)
    by_zone = {zone: sorted(n for n, z in seen if z == zone) for zone in watermarks}
    assert {len(each) for each in by_zone.values()} == {4}


# ── publish, starts and ends, status ─────────────────────────────────────────────────────────────


def test_publish_is_due_until_it_was_handled() -> None:
    given = plan(PUBLISH)
    [found] = due(given, None, "2026-12-05T15:00")
    assert (found.occurrence, found.zones) == ("", {ALL_ZONES: utc("2026-12-05T15:00")})
    assert due(given, "2026-12-05T15:00", "2027-12-05T15:00") == []


def test_a_campaign_lives_from_starts_until_before_ends() -> None:
    given = plan(cron("0 10 * * *"), starts="2026-12-03T10:00", ends="2026-12-05T10:00")
    found = due(given, "2026-12-01T00:00", "2026-12-10T00:00", catch_up=True)
    assert [one.occurrence for one in found] == ["2026-12-03T10:00", "2026-12-04T10:00"]
    publish = plan(PUBLISH, starts="2026-12-03T10:00")
    assert due(publish, None, "2026-12-03T14:59") == []
    assert due(publish, None, "2026-12-03T15:00")


def test_ends_in_the_repeated_hour_is_the_first_time_it_strikes() -> None:
    given = plan(cron("45 * * * *"), ends="2026-11-01T01:30")
    found = due(given, "2026-11-01T03:00", "2026-11-01T09:00", catch_up=True)
    assert [one.occurrence for one in found] == ["2026-10-31T23:45", "2026-11-01T00:45"]


def test_a_paused_campaign_has_nothing_due() -> None:
    for trigger in (PUBLISH, at("2026-12-05T10:00"), cron("* * * * *")):
        given = plan(trigger, status="paused")
        assert due(given, "2026-12-05T14:00", "2026-12-05T15:00", catch_up=True) == []


# ── which zones, and when to look again ──────────────────────────────────────────────────────────


def test_zones_matter_only_by_the_customers_clock() -> None:
    theirs, ours = plan(cron("0 9 * * *", "customer")), plan(cron("0 9 * * *"))
    assert needs_zones(theirs) and zones_of(theirs, [PARIS, CHICAGO]) == (CHICAGO, PARIS)
    assert not needs_zones(ours) and zones_of(ours, [PARIS]) == (ALL_ZONES,)
    assert not needs_zones(plan(PUBLISH)) and zones_of(plan(PUBLISH), []) == (ALL_ZONES,)


@pytest.mark.parametrize(
    "given",
    [
        plan(at("2026-12-05T10:07", "customer")),
        plan(cron("*/25 9-11 * * *", "customer")),
        plan(cron("7 10 5 12 *")),
        plan(cron("0 10 * * *"), starts="2026-12-05T09:30", ends="2026-12-06T00:00"),
        plan(PUBLISH, starts="2026-12-05T10:21"),
    ],
    ids=["at", "cron", "yearly", "starts", "publish"],
)
def test_nothing_falls_due_before_the_next_look(given: Plan) -> None:
    """Looking only when told to finds at once what looking every minute finds."""
    zones = zones_of(given, [NEW_YORK, CHICAGO, PARIS])
    start = utc("2026-12-05T07:58:30")
    watermark = None if isinstance(given.trigger, PublishTrigger) else start
    now, looked, found = start, 0, None
    while now < start + timedelta(hours=10):
        found = due_occurrences(given, dict.fromkeys(zones, watermark), now)
        if found:
            break
        following = next_look(given, zones, now)
        assert now < following <= now + HORIZON
        for minute in range(0, int((following - now).total_seconds()), 60):
            between = now + timedelta(seconds=minute)
            assert not due_occurrences(given, dict.fromkeys(zones, watermark), between)
        now, looked = following, looked + 1
    assert found and looked < 12
    assert now == min(instant for one in found for instant in one.zones.values())
