"""Time zones and the occurrences of triggers, from one zone database: the tzdata wheel's.

The system's database may be older than the one that a plan was checked with, so it is never read.
Instants are naive `datetime`s in UTC, local times naive `datetime`s of a zone. A local time that a
clock change skips is taken with the offset before the change; one that it repeats is the earlier.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import assert_never

from handbill.plan.model import AtTrigger, CronTrigger, PublishTrigger, Trigger

UTC = "UTC"
_LONGEST_CHANGE = datetime.timedelta(hours=26)
"""No clock was ever moved further: Samoa skipped a day."""


class ZoneError(ValueError):
    """No such time zone."""


class CronError(ValueError):
    """Not a five-field cron expression."""


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One firing of a trigger in one zone."""

    instant: datetime.datetime
    """Naive, UTC."""
    name: str
    """The declared local date-time, `2026-11-24T10:00`; empty for a trigger that fires once."""


@cache
def zone_names() -> frozenset[str]:
    """The names in the zone database (the IANA names, links included)."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("ascii").split())


@cache
def load_zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name; raises ZoneError."""
    if name not in zone_names():
        raise ZoneError(f"no time zone is called {name}")
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return zoneinfo.ZoneInfo.from_file(file, key=name)


def known_zone(name: str | None, home: str = UTC) -> zoneinfo.ZoneInfo:
    """The zone of that name; `home` where it is missing or no zone's."""
    return load_zone(name if name is not None and name in zone_names() else home)


def to_utc(local: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """The instant of a local time: in a gap by the offset before it, in an overlap the earlier."""
    aware = local.replace(tzinfo=zone, fold=0)
    return aware.astimezone(datetime.UTC).replace(tzinfo=None)


def to_local(instant: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    local = instant.replace(tzinfo=datetime.UTC).astimezone(zone)
    return local.replace(tzinfo=None, fold=0)


def minute_of_day(local: datetime.datetime) -> int:
    return local.hour * 60 + local.minute


def occurrences(
    trigger: Trigger, zone: str, after: datetime.datetime, until: datetime.datetime
) -> tuple[Occurrence, ...]:
    """When the trigger fires in the zone, after `after` and up to `until` (instants), in order.

    `publish` has no time of its own: nothing here. Raises ZoneError and CronError.
    """
    match trigger:
        case AtTrigger():
            local = datetime.datetime.fromisoformat(trigger.at)
            found = [Occurrence(to_utc(local, load_zone(zone)), "")]
        case CronTrigger():
            found = list(_cron_occurrences(trigger.cron, load_zone(zone), after, until))
        case PublishTrigger():
            return ()
        case _:
            assert_never(trigger)
    return tuple(sorted(one for one in found if after < one.instant <= until))


def _cron_occurrences(
    cron: str, zone: zoneinfo.ZoneInfo, after: datetime.datetime, until: datetime.datetime
) -> Iterator[Occurrence]:
    """Local times that match, widened by a clock change where one is near."""
    first = to_local(after, zone) - _margin(after, zone)
    last = to_local(until, zone) + _margin(until, zone)
    for local in _matching(cron, first):
        if local > last:
            return
        name = local.isoformat(timespec="minutes")
        yield Occurrence(to_utc(local, zone), name)


def _margin(instant: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.timedelta:
    """A clock change can move a local time across the edge of a window only when it is near."""
    offsets = {
        to_local(at, zone) - at
        for at in (instant - _LONGEST_CHANGE, instant, instant + _LONGEST_CHANGE)
    }
    return datetime.timedelta(0) if len(offsets) == 1 else _LONGEST_CHANGE


def _matching(cron: str, after: datetime.datetime) -> Iterator[datetime.datetime]:
    """Local times that match the expression, after `after`."""
    from cronsim import CronSim, CronSimError

    if len(cron.split()) != 5:
        raise CronError(f"not five fields: {cron}")
    try:
        yield from CronSim(cron, after)
    except CronSimError as error:
        raise CronError(f"{error}: {cron}") from error
