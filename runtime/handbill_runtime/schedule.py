"""Which occurrences of a plan are due: pure arithmetic over triggers, zones and watermarks.

A watermark says for one campaign and zone up to which instant everything was handled. A campaign
that has none is new here: what it was due for earlier is caught up with only for `at`, and only
while its messages would not have expired.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handbill.plan.model import AtTrigger, Plan, PublishTrigger
from handbill.plan.zones import load_zone, occurrences, to_local

ALL_ZONES = ""
"""The zone of what is due for all customers at once, in the tenant's own time."""
GRACE = timedelta(minutes=5)
"""Later than this, an occurrence was missed, and `missed: skip` skips it."""
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """One occurrence of a campaign: zone → the instant at which it was due there."""

    occurrence: str
    zones: Mapping[str, datetime]


def zones_of(plan: Plan, zones: Collection[str]) -> tuple[str, ...]:
    """The zones in which the plan's trigger is looked at: each of the customers', or all as one."""
    if isinstance(plan.trigger, PublishTrigger) or plan.trigger.timezone == "tenant":
        return (ALL_ZONES,)
    return tuple(sorted(zones))


def due_occurrences(
    plan: Plan,
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


def _due_in(
    plan: Plan, zone: str, watermark: datetime | None, now: datetime, catch_up: bool
) -> list[tuple[str, datetime]]:
    if isinstance(plan.trigger, PublishTrigger):
        found = [("", now)] if watermark is None else []
    else:
        after = watermark or (BEGINNING if isinstance(plan.trigger, AtTrigger) else now)
        named = zone or plan.timezone
        found = [
            (each.name, each.instant.replace(tzinfo=UTC))
            for each in occurrences(plan.trigger, named, _naive(after), _naive(now))
            if catch_up or not _missed(plan, each.instant.replace(tzinfo=UTC), now)
        ]
    return [each for each in found if _within_life(plan, each[1])]


def _missed(plan: Plan, instant: datetime, now: datetime) -> bool:
    """Whether it is too late for this occurrence: it may not be late, or all of it has expired."""
    trigger = plan.trigger
    if not isinstance(trigger, PublishTrigger) and trigger.missed == "skip":
        return now - instant > GRACE
    longest = max((sender.expires_seconds for sender in plan.senders.values()), default=0)
    return now - instant > timedelta(seconds=longest)


def _within_life(plan: Plan, instant: datetime) -> bool:
    """Whether a campaign that starts and ends (local times of the tenant) lives at `instant`."""
    local = to_local(_naive(instant), load_zone(plan.timezone)).isoformat(timespec="minutes")
    return (plan.starts is None or plan.starts <= local) and (
        plan.ends is None or local < plan.ends
    )


def _naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)
