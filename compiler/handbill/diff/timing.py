"""When a campaign is sent: what is written about it, and the next times as of the diff's moment."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from handbill.diff import written
from handbill.diff.model import TimingChange
from handbill.diff.settings import changed_fields
from handbill.plan.model import CronTrigger, Plan, PublishTrigger
from handbill.plan.zones import Occurrence, load_zone, occurrences, to_local, to_utc

SHOWN = 3
"""Next occurrences that are told."""
AHEAD = datetime.timedelta(days=366)
"""How far ahead they are looked for."""
_STEP = datetime.timedelta(days=31)
CUSTOMERS = "each customer's zone"


def timing_change(
    before: Plan | None, after: Plan | None, at: datetime.datetime, always: bool = False
) -> TimingChange | None:
    """None where nothing of it differs; with `always` the next times are told all the same.

    `at` is naive UTC. A side that is None, or not active, sends nothing.
    """
    fields = changed_fields(_fields(before), _fields(after))
    if not fields and not always:
        return None
    shown = after or before
    assert shown is not None
    return TimingChange(
        fields=fields,
        next_before=next_times(before, at),
        next_after=next_times(after, at),
        zone=zone_of(shown),
    )


def _fields(plan: Plan | None) -> Mapping[str, str]:
    if plan is None:
        return {}
    fields = {"trigger": written.trigger(plan.trigger)}
    if not isinstance(plan.trigger, PublishTrigger):
        fields["trigger.timezone"] = plan.trigger.timezone
        fields["trigger.missed"] = plan.trigger.missed
    return {
        **fields,
        "starts": plan.starts or "",
        "ends": plan.ends or "",
        "timezone": plan.timezone,
    }


def zone_of(plan: Plan) -> str:
    """Whose clock its times are of."""
    if isinstance(plan.trigger, PublishTrigger) or plan.trigger.timezone == "tenant":
        return plan.timezone
    return CUSTOMERS


def next_times(plan: Plan | None, at: datetime.datetime, most: int = SHOWN) -> tuple[str, ...]:
    """The next local times at which an active plan is due, by the tenant's clock where each customer
    has their own; within its `starts` and `ends`, and a year ahead at most."""
    if plan is None or plan.status != "active":
        return ()
    zone = load_zone(plan.timezone)
    first, last = at, at + AHEAD
    if plan.starts:
        start = to_utc(datetime.datetime.fromisoformat(plan.starts), zone)
        first = max(first, start - datetime.timedelta(microseconds=1))
        last = max(last, start + AHEAD)
    if plan.ends:
        end = to_utc(datetime.datetime.fromisoformat(plan.ends), zone)
        last = min(last, end - datetime.timedelta(microseconds=1))
    found = _first_of(plan, first, last, most)
    return tuple(to_local(one.instant, zone).isoformat(timespec="minutes") for one in found)


def _first_of(
    plan: Plan, first: datetime.datetime, last: datetime.datetime, most: int
) -> list[Occurrence]:
    """A frequent trigger is not followed through a whole year."""
    found: list[Occurrence] = []
    step = _STEP if isinstance(plan.trigger, CronTrigger) else AHEAD
    while first < last and len(found) < most:
        until = min(first + step, last)
        found += occurrences(plan.trigger, plan.timezone, first, until)
        first = until
    return found[:most]
