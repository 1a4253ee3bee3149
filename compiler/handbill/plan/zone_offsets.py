"""A zone's offsets as a table: what the SQL back end computes with instead of a zone function.

The instants of change come from the zone's own file (RFC 8536) and, after the last that it lists,
from looking where its standing rule changes the offset; the offsets at them from `zoneinfo`, so the
table says what zones.py says.
"""

from __future__ import annotations

import datetime
import struct
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from handbill.plan.values import DATETIME_MAXIMUM, DATETIME_MINIMUM
from handbill.plan.zones import load_zone, to_local

_EPOCH = datetime.datetime(1970, 1, 1)
_SECOND = datetime.timedelta(seconds=1)
_LOOK_EVERY = datetime.timedelta(days=20)
"""No standing rule has two changes within as many days."""
_YEARS = tuple(datetime.timedelta(weeks=weeks) for weeks in (52, 53))
_HEADER = struct.Struct(">4s1s15x6l")


@dataclass(frozen=True, slots=True)
class Offset:
    """From `since` (naive UTC) on, local time is UTC plus `seconds`."""

    since: datetime.datetime
    seconds: int


@cache
def offsets(zone: str) -> tuple[Offset, ...]:
    """The zone's offsets from 1900 to 2199; the first counts for every instant before, too."""
    loaded = load_zone(zone)
    listed = [at for at in _listed_changes(zone) if DATETIME_MINIMUM < at <= DATETIME_MAXIMUM]
    last = listed[-1] if listed else DATETIME_MINIMUM
    table = [Offset(DATETIME_MINIMUM, _offset(DATETIME_MINIMUM, loaded))]
    for at in (*listed, *_standing_changes(loaded, last)):
        seconds = _offset(at, loaded)
        if seconds != table[-1].seconds:
            table.append(Offset(at, seconds))
    return tuple(table)


def _offset(instant: datetime.datetime, zone: zoneinfo.ZoneInfo) -> int:
    return round((to_local(instant, zone) - instant) / _SECOND)


def _listed_changes(zone: str) -> list[datetime.datetime]:
    """The instants of change in the 64-bit part of the zone's file."""
    data = resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()
    first = _counts(data, 0)
    at = _HEADER.size + _block(first, 4)
    times = _counts(data, at)[3]
    seconds = struct.unpack_from(f">{times}q", data, at + _HEADER.size)
    return [_EPOCH + second * _SECOND for second in seconds if abs(second) < 2**34]


def _counts(data: bytes, at: int) -> tuple[int, ...]:
    magic, _, *counts = _HEADER.unpack_from(data, at)
    assert magic == b"TZif"
    return tuple(counts)


def _block(counts: tuple[int, ...], width: int) -> int:
    """The size of a data block whose times have `width` bytes."""
    utc, standard, leaps, times, types, letters = counts
    return times * width + times + types * 6 + letters + leaps * (width + 4) + standard + utc


def _standing_changes(
    zone: zoneinfo.ZoneInfo, since: datetime.datetime
) -> Iterator[datetime.datetime]:
    """Changes after `since`: one in every stretch at whose ends the offset differs. A rule names a
    weekday, so most come whole weeks after the change of the year before; else it is searched."""
    before, offset = since, _offset(since, zone)
    latest: list[datetime.datetime] = []
    while before < DATETIME_MAXIMUM:
        after = min(before + _LOOK_EVERY, DATETIME_MAXIMUM)
        changed = _offset(after, zone)
        if changed != offset:
            guesses = (at + year for at in latest[-2:-1] for year in _YEARS)
            found = next(
                (
                    guess
                    for guess in guesses
                    if before < guess <= after
                    and _offset(guess, zone) != offset
                    and _offset(guess - _SECOND, zone) == offset
                ),
                None,
            )
            latest.append(found or _searched(zone, before, after))
            yield latest[-1]
        before, offset = after, changed


def _searched(
    zone: zoneinfo.ZoneInfo, low: datetime.datetime, high: datetime.datetime
) -> datetime.datetime:
    """The change between two instants with different offsets, by halving."""
    offset = _offset(low, zone)
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0) if middle.microsecond else middle
        if _offset(middle, zone) == offset:
            low = middle
        else:
            high = middle
    return high
