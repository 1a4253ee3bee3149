"""What a change means later: the first send that it touches, where that is on none of today's hours.

Today is the retailer's own, as of the diff's moment. A change of which something is sent today needs no
forecast. That an active campaign is never sent, because all its times are over, is told as well.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from handbill.diff.matching import Pair
from handbill.diff.model import Forecast
from handbill.diff.timing import next_times, zone_of
from handbill.plan.model import Plan, PublishTrigger
from handbill.plan.zones import load_zone, to_local

ASKED = 50
"""Campaigns of one entry whose next times are looked up."""


Outlook: TypeAlias = tuple[Forecast | bool | None, ...]
"""Of the first campaigns of one entry, each: True where something of it is sent today, None where nothing
is sent within a year. Nothing is said of those behind one that is sent today."""


def is_settled(outlook: Sequence[Forecast | bool | None]) -> bool:
    """Whether no further campaign has to be looked at."""
    return len(outlook) >= ASKED or True in outlook[-1:]


def longer(one: Outlook, other: Outlook) -> Outlook:
    """The outlook of an entry of which `one` is about the first campaigns, `other` about the next."""
    return one if is_settled(one) else (*one, *other)[:ASKED]


def in_order(outlooks: Iterable[Outlook]) -> tuple[Forecast, ...]:
    """At most one for each entry: of its campaign that is touched first, and none where one of them is
    touched today."""
    found = (_first(outlook) for outlook in outlooks)
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.at))


def _first(outlook: Outlook) -> Forecast | None:
    later = [each for each in outlook if isinstance(each, Forecast)]
    return None if True in outlook[-1:] else min(later, key=lambda each: each.at, default=None)


def forecast_of(pair: Pair, at: datetime.datetime) -> Forecast | bool | None:
    """True where something of it is sent today, None where nothing is sent within a year. `at` is
    naive UTC."""
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
