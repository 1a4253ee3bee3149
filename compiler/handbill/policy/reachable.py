"""Whether what a plan sends can ever leave: its hours, its life and its offers against its trigger.

A message waits for a sending hour of the customer and expires. What holds is decided on an ordinary day,
without a clock change. Where customers have clocks of their own and the trigger has the tenant's, a
finding is about customers in the tenant's zone, and a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache

from handbill.plan.decisions import MINUTES_OF_DAY, is_sending_hour
from handbill.plan.model import AtTrigger, CronTrigger, Plan, PublishTrigger, Sender, Window
from handbill.policy.released import JudgedPlan
from handbill.policy.wording import listed

HOUR, MINUTE = 60, timedelta(minutes=1)
ZONES_APART = timedelta(hours=26)
"""No two clocks on earth are further apart."""
FOREVER = datetime(2200, 1, 1)


class Why(Enum):
    HOURS = "HB711"
    LIFE = "HB712"
    OFFER = "HB713"


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A send that never happens. `says` completes "NAME …"; `certain`: no customer ever gets it."""

    why: Why
    says: str
    hint: str
    certain: bool
    channel: str = ""
    notes: tuple[str, ...] = ()


def unreachable_of(judged: JudgedPlan) -> tuple[Unreachable, ...]:
    """Everything that a plan never sends, its channels by name."""
    plan = judged.plan
    lifeless = _life(plan, _one_clock(judged))
    if lifeless is not None:
        return (lifeless,)
    hours = tuple(
        found
        for channel, sender in sorted(plan.senders.items())
        for found in _hours(plan, channel, sender, _one_clock(judged))
    )
    return (*hours, *_offers(plan, _one_clock(judged)))


def _one_clock(judged: JudgedPlan) -> bool:
    """Whether the trigger's local time is the local time of every customer."""
    customers = judged.tenant.datasets.get("customers")
    own = customers is not None and any(each.name == "timezone" for each in customers.columns)
    return not own or getattr(judged.plan.trigger, "timezone", "customer") == "customer"


# ── hours ────────────────────────────────────────────────────────────────────────────────────────


def due_minutes(plan: Plan) -> tuple[int, ...] | None:
    """The local minutes of the day at which it comes due, ascending; None for any at all."""
    match plan.trigger:
        case AtTrigger(at=at):
            return (_minute(datetime.fromisoformat(at)),)
        case CronTrigger(cron=cron):
            from cronsim import CronSim

            fields = CronSim(cron, datetime(2024, 1, 1))
            return tuple(
                sorted(hour * HOUR + minute for hour in fields.hours for minute in fields.minutes)
            )
        case PublishTrigger():
            return None


def _minute(local: datetime) -> int:
    return local.hour * HOUR + local.minute


def _hours(plan: Plan, channel: str, sender: Sender, one_clock: bool) -> Iterator[Unreachable]:
    waits = waits_for(sender.quiet_hours, sender.windows)
    notes = _hours_notes(sender)
    if waits is None:
        says = f"is never sent by {channel}: quiet hours and `window` leave no minute of the day"
        yield Unreachable(Why.HOURS, says, "widen `window`", True, channel, notes)
        return
    due = due_minutes(plan) or ()
    never = [each for each in due if waits[each] * 60 > sender.expires_seconds]
    if not never:
        return
    whole = len(never) == len(due)
    opens = clock((never[0] + waits[never[0]]) % MINUTES_OF_DAY)
    times = listed(clock(each) for each in never)
    says = (
        f"is never sent by {channel}{'' if whole else f' where it comes due at {times}'}: "
        f"{f'due at {times}, ' if whole else ''}it expires before the next sending hour, {opens}"
    )
    hint = f"move the trigger to {opens}, or expires: {-(-waits[never[0]] // HOUR)} hours"
    notes = (*notes, *_own_clock(one_clock))
    yield Unreachable(Why.HOURS, says, hint, whole and one_clock, channel, notes)


def _own_clock(certain: bool) -> tuple[str, ...]:
    return () if certain else ("so it is for customers on the retailer's own clock",)


@lru_cache(maxsize=1_024)
def waits_for(quiet: tuple[Window, ...], windows: tuple[Window, ...]) -> tuple[int, ...] | None:
    """For each local minute of the day how many to wait for a sending hour; None where there is none."""
    sends = [is_sending_hour(quiet, windows, minute) for minute in range(MINUTES_OF_DAY)]
    if not any(sends):
        return None
    waits = [0] * MINUTES_OF_DAY
    for minute in reversed(range(2 * MINUTES_OF_DAY - 1)):
        here = minute % MINUTES_OF_DAY
        waits[here] = 0 if sends[here] else waits[(here + 1) % MINUTES_OF_DAY] + 1
    return tuple(waits)


def _hours_notes(sender: Sender) -> tuple[str, ...]:
    quiet = ", ".join(f"{clock(each.start)}-{clock(each.end)}" for each in sender.quiet_hours)
    allowed = ", ".join(f"{clock(each.start)}-{clock(each.end)}" for each in sender.windows)
    notes = [f"quiet hours {quiet}"] if quiet else []
    return (*notes, *([f"window {allowed}"] if allowed else []))


def clock(minute: int) -> str:
    return f"{minute // HOUR:02}:{minute % HOUR:02}"


# ── starts, ends and offers ──────────────────────────────────────────────────────────────────────


def first_due(plan: Plan) -> datetime | None:
    """The first local time of the tenant at which it can come due; None where nobody knows."""
    starts = None if plan.starts is None else datetime.fromisoformat(plan.starts)
    match plan.trigger:
        case AtTrigger(at=at):
            return datetime.fromisoformat(at)
        case CronTrigger(cron=cron):
            return None if starts is None else _next(cron, starts)
        case PublishTrigger():
            return starts


def _next(cron: str, starts: datetime) -> datetime:
    from cronsim import CronSim

    return next(CronSim(cron, starts - MINUTE), FOREVER)


def _life(plan: Plan, one_clock: bool) -> Unreachable | None:
    """A campaign that is due only where it does not live."""
    due = first_due(plan)
    starts = None if plan.starts is None else datetime.fromisoformat(plan.starts)
    ends = None if plan.ends is None else datetime.fromisoformat(plan.ends)
    if due is None:
        return None
    slack = ZONES_APART if getattr(plan.trigger, "timezone", "tenant") == "customer" else None
    if starts is not None and due < starts:
        certain = slack is None or starts - due > slack
        says = f"is never sent: it comes due at {due:%Y-%m-%dT%H:%M}, before it starts"
        notes = _own_clock(certain)
        return Unreachable(Why.LIFE, says, f"starts: {due:%Y-%m-%dT%H:%M}", certain, "", notes)
    if ends is not None and due >= ends:
        certain = slack is None or due - ends >= slack
        says = f"is never sent: it comes due at {due:%Y-%m-%dT%H:%M} first, and has ended by then"
        later = due + timedelta(days=1)
        notes = _own_clock(certain)
        return Unreachable(Why.LIFE, says, f"ends: {later:%Y-%m-%dT%H:%M}", certain, "", notes)
    if ends is not None and isinstance(plan.trigger, AtTrigger):
        return _ends_while_it_waits(plan, due, ends, one_clock)
    return None


def _ends_while_it_waits(
    plan: Plan, due: datetime, ends: datetime, one_clock: bool
) -> Unreachable | None:
    first = first_sent(plan, due)
    if first is None or first < ends:
        return None
    says = f"is never sent: it comes due at {due:%Y-%m-%dT%H:%M}, and ends before a sending hour"
    later = first + timedelta(hours=1)
    notes = _own_clock(one_clock)
    return Unreachable(Why.LIFE, says, f"ends: {later:%Y-%m-%dT%H:%M}", one_clock, "", notes)


def first_sent(plan: Plan, due: datetime) -> datetime | None:
    """The first local time, from `due` on, at which some channel sends; None for never."""
    waits = [waits_for(each.quiet_hours, each.windows) for each in plan.senders.values()]
    known = [each[_minute(due)] for each in waits if each is not None]
    return due + min(known) * MINUTE if known else None


def _offers(plan: Plan, one_clock: bool) -> Iterator[Unreachable]:
    """Offers that are over before anything is sent with them."""
    due = first_due(plan)
    if due is None:
        return
    first = (first_sent(plan, due) if one_clock else due) or due
    latest: dict[str, str] = {}
    for variant in plan.variants:
        for choice in variant.offers:
            if choice.not_after is not None:
                latest[choice.offer] = max(choice.not_after, latest.get(choice.offer, ""))
    for offer, last in sorted(latest.items()):
        if first.date().isoformat() > last:
            says = f"never sends the offer `{offer}`: it is over on {last}, and the first message "
            says += f"leaves at {first:%Y-%m-%dT%H:%M}"
            hint = f"valid: {{to: {first:%Y-%m-%d}}} in the offer, or an earlier trigger"
            yield Unreachable(Why.OFFER, says, hint, True)
