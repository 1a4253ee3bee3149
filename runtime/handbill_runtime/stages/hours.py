"""When a message may leave: the recipient's local hours, and how long it may wait for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from handbill.plan.decisions import (
    in_any_window,
    is_sending_hour,
    minutes_until_sending_hour,
)
from handbill.plan.model import Sender
from handbill.plan.zones import load_zone, minute_of_day, to_local, to_utc, zone_names

MAX_STEPS = 4
"""A zone change can move the hour once or twice on the way, never more."""


def is_zone(name: str) -> bool:
    return name in zone_names()


def local_of(at: datetime, zone: str) -> datetime:
    """The naive local time of an aware instant."""
    return to_local(at.astimezone(UTC).replace(tzinfo=None), load_zone(zone))


def utc_of(local: datetime, zone: str) -> datetime:
    """The aware instant of a naive local time: in a gap by the offset before, in an overlap the
    earlier."""
    return to_utc(local, load_zone(zone)).replace(tzinfo=UTC)


def local_date(at: datetime, zone: str) -> date:
    return local_of(at, zone).date()


def instant_of(text: str, zone: str) -> datetime:
    """The instant of a local date or date-time, as plans write them: `2026-12-18T12:00`."""
    return utc_of(datetime.fromisoformat(text), zone)


def next_sending_time(sender: Sender, zone: str, now: datetime) -> datetime | None:
    """`now` when it is a sending hour in `zone`, else when the next begins; None for never."""
    at = now
    for _ in range(MAX_STEPS):
        local = local_of(at, zone)
        minute = minute_of_day(local)
        wait = minutes_until_sending_hour(sender.quiet_hours, sender.windows, minute)
        if wait is None:
            return None
        if wait == 0:
            return at
        local = local.replace(second=0, microsecond=0) + timedelta(minutes=wait)
        at = max(utc_of(local, zone), at + timedelta(minutes=1))
    return at


def waiting_reason(sender: Sender, zone: str, now: datetime) -> str:
    """Why a message that cannot wait is not sent now."""
    local = local_of(now, zone)
    minute = minute_of_day(local)
    assert not is_sending_hour(sender.quiet_hours, sender.windows, minute)
    return "quiet_hours" if in_any_window(sender.quiet_hours, minute) else "outside_window"
