"""Which occurrences of a plan are due: pure arithmetic over triggers, zones and watermarks.

A watermark says for one campaign and zone up to which instant everything was handled. `at` and
`publish` fire once, so for them any watermark that a run left means: done, unless `at` was moved to
later. What came due while nobody looked (a runtime that was down, a paused campaign) is caught up
with as `missed` says, and never once its messages would have expired.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from handbill.plan.model import AtTrigger, CronTrigger, Plan, PublishTrigger
from handbill.plan.outline import PlanOutline
from handbill.plan.zones import load_zone, occurrences, to_utc

Scheduled: TypeAlias = Plan | PlanOutline

ALL_ZONES = ""
"""The zone of what is due for all customers at once, in the tenant's own time."""
GRACE = timedelta(minutes=5)
"""Later than this, an occurrence was missed, and `missed: skip` skips it."""
HORIZON = timedelta(hours=1)
"""How far `next_look` looks ahead."""
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """One occurrence of a campaign: zone → the instant at which it was due there."""

    occurrence: str
    zones: Mapping[str, datetime]


def needs_zones(plan: Scheduled) -> bool:
    """Whether each customer is due by their own clock."""
    return not isinstance(plan.trigger, PublishTrigger) and plan.trigger.timezone == "customer"


def zones_of(plan: Scheduled, zones: Collection[str]) -> tuple[str, ...]:
    """The zones in which the plan's trigger is looked at: each of the customers', or all as one."""
    return tuple(sorted(zones)) if needs_zones(plan) else (ALL_ZONES,)


def due_occurrences(
    plan: Scheduled,
    watermarks: Mapping[str, datetime | None],
    now: datetime,
    catch_up: bool = False,
) -> tuple[Due, ...]:
    """What is due in each zone of `watermarks` after its watermark and up to `now`, in order.

    With `catch_up` also what was missed: for a clock that will be taken back to it.
    """
    if plan.status != "active":
        return ()
    by_name: dict[str, dict[str, datetime]] = {}
    for zone, watermark in watermarks.items():
        for name, instant in _due_in(plan, zone, watermark, now, catch_up):
            by_name.setdefault(name, {})[zone] = instant
    dues = (Due(name, zones) for name, zones in by_name.items())
    return tuple(sorted(dues, key=lambda due: (min(due.zones.values()), due.occurrence)))


def next_look(plan: Scheduled, zones: Collection[str], now: datetime) -> datetime:
    """Until when nothing new falls due in these zones: at most HORIZON away, and later than `now`.

    For a plan of which nothing is due at `now`.
    """
    limit = now + HORIZON
    if isinstance(plan.trigger, PublishTrigger):
        instants = [] if plan.starts is None else [_instant(plan.starts, plan.timezone)]
    else:
        instants = [
            instant
            for zone in zones
            for _, instant in _firings(plan, zone, now, limit)
            if _within_life(plan, instant)
        ]
    return min((instant for instant in instants if now < instant <= limit), default=limit)


def _due_in(
    plan: Scheduled, zone: str, watermark: datetime | None, now: datetime, catch_up: bool
) -> list[tuple[str, datetime]]:
    if isinstance(plan.trigger, PublishTrigger):
        found = [("", now)] if watermark is None else []
    else:
        beginning = BEGINNING if isinstance(plan.trigger, AtTrigger) else now
        found = [
            (name, instant)
            for name, instant in _firings(plan, zone, watermark or beginning, now)
            if catch_up or not _missed(plan, plan.trigger, instant, now)
        ]
    return [each for each in found if _within_life(plan, each[1])]


def _firings(
    plan: Scheduled, zone: str, after: datetime, until: datetime
) -> list[tuple[str, datetime]]:
    return [
        (each.name, each.instant.replace(tzinfo=UTC))
        for each in occurrences(plan.trigger, zone or plan.timezone, _naive(after), _naive(until))
    ]


def _missed(
    plan: Scheduled, trigger: AtTrigger | CronTrigger, instant: datetime, now: datetime
) -> bool:
    """Whether it is too late for this occurrence: it may not be late, or all of it has expired."""
    if trigger.missed == "skip":
        return now - instant > GRACE
    return now - instant > timedelta(seconds=_late_seconds(plan))


def _late_seconds(plan: Scheduled) -> int:
    if isinstance(plan, PlanOutline):
        return plan.late_seconds
    return max((sender.expires_seconds for sender in plan.senders.values()), default=0)


def _within_life(plan: Scheduled, instant: datetime) -> bool:
    """Whether a campaign that starts and ends (local times of the tenant) lives at `instant`."""
    return (plan.starts is None or _instant(plan.starts, plan.timezone) <= instant) and (
        plan.ends is None or instant < _instant(plan.ends, plan.timezone)
    )


def _instant(local: str, zone: str) -> datetime:
    return to_utc(datetime.fromisoformat(local), load_zone(zone)).replace(tzinfo=UTC)


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)
