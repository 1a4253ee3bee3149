"""What a change means later: the first send that it touches, where that is on none of today's hours.

Today is the retailer's own, as of the diff's moment. A change of which something is sent today needs no
forecast. That an active campaign is never sent, because all its times are over, is told as well.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from handbill.diff.matching import Pair
from handbill.diff.model import Entry, Forecast, Subject
from handbill.diff.timing import next_times, zone_of
from handbill.plan.model import Plan, PublishTrigger
from handbill.plan.zones import load_zone, to_local

ASKED = 50
"""Campaigns of one entry whose next times are looked up."""


def forecasts_of(
    entries: Sequence[Entry], pairs: Mapping[Subject, Pair], at: datetime.datetime
) -> tuple[Forecast, ...]:
    """At most one for each entry: of its campaign that is touched first. `at` is naive UTC."""
    found = (_forecast(entry, pairs, at) for entry in entries)
    ordered = sorted((each for each in found if each is not None), key=lambda each: each.at)
    return tuple(ordered)


def _forecast(
    entry: Entry, pairs: Mapping[Subject, Pair], at: datetime.datetime
) -> Forecast | None:
    later: list[Forecast] = []
    for subject in entry.subjects[:ASKED]:
        pair = pairs.get(subject)
        told = None if pair is None else _of_pair(pair, at)
        if told is None:
            continue
        if isinstance(told, bool):
            return None  # one of them is touched today
        later.append(told)
    if not later:
        return None
    return min(later, key=lambda each: each.at)


def _of_pair(pair: Pair, at: datetime.datetime) -> Forecast | bool | None:
    """True where something of it is sent today, None where nothing is sent within a year."""
    before = None if pair.draft_before else pair.before
    after = None if pair.draft_after else pair.after
    times_before, times_after = next_times(before, at), next_times(after, at)
    first = min((*times_before[:1], *times_after[:1]), default=None)
    shown = after or before
    if shown is None:
        return None
    if first is None:
        return _never(pair, after, at)
    today = to_local(at, load_zone(shown.timezone)).date().isoformat()
    if first[:10] <= today:
        return True
    says = "; ".join(_says(times_before, times_after, after))
    return Forecast(subject=pair.subject, at=first, zone=zone_of(shown), says=says)


def _never(pair: Pair, after: Plan | None, at: datetime.datetime) -> Forecast | None:
    """Of what is active and has no time to come; `publish` has none of its own."""
    if after is None or after.status != "active" or isinstance(after.trigger, PublishTrigger):
        return None
    now = to_local(at, load_zone(after.timezone)).isoformat(timespec="minutes")
    says = "it is active, but none of its times is still to come: it is never sent"
    return Forecast(subject=pair.subject, at=now, zone=zone_of(after), says=says)


def _says(before: Sequence[str], after: Sequence[str], plan: Plan | None) -> Iterator[str]:
    if not after:
        yield "it would have been sent then, and is not any more"
        return
    if not before:
        yield "its first send"
    elif before[0] == after[0]:
        yield "its first send with the change"
    elif after[0] < before[0]:
        yield f"its next send, which was to be at {before[0]}"
    else:
        yield f"it would have been sent then; its next send is at {after[0]}"
    if len(after) == 1 and plan is not None and plan.ends:
        yield f"and its last: it ends {plan.ends}"
