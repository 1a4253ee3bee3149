"""What is odd about a period: campaigns that reach nobody, starve, expire, overlap, or are over."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handbill.cli.counts import how_many
from handbill.cli.rehearsal.simulation import Rehearsed
from handbill.cli.simulate.model import CampaignOutcome, Finding, FindingKind
from handbill.plan.model import AtTrigger, Plan, PublishTrigger
from handbill.plan.zones import load_zone, occurrences, to_local
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.stages.hours import instant_of

OVERLAPPING = 0.2
"""Share of the smaller campaign's customers who get both within a day, from which on it is told."""
LEAST = 10
"""Messages below which a share says nothing."""
LOOKED_AHEAD = datetime.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A campaign of whose planned messages at least `share` are suppressed for one of `reasons`."""

    kind: FindingKind
    reasons: tuple[str, ...]
    share: float
    words: str


HELD_BACK = (
    HeldBack("starves", ("cap",), 0.5, "caps hold back"),
    HeldBack("expires", ("expired", "quiet_hours", "outside_window"), 0.5, "its hours let expire"),
)


def find_oddities(
    active: ActiveRelease,
    campaigns: Sequence[CampaignOutcome],
    rehearsed: Rehearsed,
    begin: datetime.datetime,
    end: datetime.datetime,
) -> Iterator[Finding]:
    """By tenant and campaign; what went wrong comes first."""
    for trouble in rehearsed.troubles:
        says = f"{trouble.message} ({trouble.code}): {trouble.hint}"
        yield Finding(kind="trouble", tenant=trouble.tenant, campaigns=(), says=says)
    for outcome in campaigns:
        yield from _of_outcome(outcome)
    had = {(outcome.tenant, outcome.campaign) for outcome in campaigns}
    troubled = {trouble.tenant for trouble in rehearsed.troubles}
    for tenant, compiled in sorted(active.tenants.items()):
        for name, each in sorted(compiled.plans.items()):
            if (tenant, name) not in had and tenant not in troubled:
                yield from _of_silent(each.plan, begin, end)
    yield from _overlaps(active, campaigns, rehearsed.together)


def _of_outcome(outcome: CampaignOutcome) -> Iterator[Finding]:
    def finding(kind: FindingKind, says: str) -> Finding:
        return Finding(kind=kind, tenant=outcome.tenant, campaigns=(outcome.campaign,), says=says)

    if not outcome.selected:
        reasons = _largest(outcome.left_out)
        yield finding(
            "never_reaches",
            f"it selects none of {_considered(outcome)}" + (f": {reasons}" if reasons else ""),
        )
        return
    planned = sum(each.planned for each in outcome.channels.values())
    sent = sum(each.sent + each.waiting for each in outcome.channels.values())
    for held in HELD_BACK:
        lost = sum(_suppressed(outcome, reason) for reason in held.reasons)
        if planned >= LEAST and lost >= held.share * planned:
            yield finding(held.kind, f"{held.words} {lost} of its {how_many(planned, 'message')}")
            return
    if not sent:
        reasons_of = {reason for each in outcome.channels.values() for reason in each.suppressed}
        lost_to = _largest({reason: _suppressed(outcome, reason) for reason in reasons_of})
        yield finding(
            "never_reaches", f"none of its {how_many(planned, 'message')} leaves: {lost_to}"
        )


def _considered(outcome: CampaignOutcome) -> str:
    """Customers, who are considered again at each of its times."""
    times = len(outcome.occurrences)
    often = f" considered at {times} times" if times > 1 else ""
    return how_many(outcome.considered, "customer") + often


def _suppressed(outcome: CampaignOutcome, reason: str) -> int:
    return sum(each.suppressed.get(reason, 0) for each in outcome.channels.values())


def _largest(reasons: Mapping[str, int]) -> str:
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{reason} {count}" for reason, count in ordered[:3])


# ── campaigns of which nothing falls due ─────────────────────────────────────────────────────────


def _of_silent(plan: Plan, begin: datetime.datetime, end: datetime.datetime) -> Iterator[Finding]:
    if plan.status != "active":
        return
    ended = plan.ends is not None and instant_of(plan.ends, plan.timezone) <= begin
    if ended:
        yield _silent(plan, "over", f"it ended {plan.ends}")
        return
    following = _next(plan, end)
    if following is not None:
        yield _silent(plan, "not_due", f"nothing falls due; the next time is {following}")
    elif isinstance(plan.trigger, AtTrigger):
        yield _silent(plan, "over", f"its only time was {plan.trigger.at}")
    else:
        yield _silent(plan, "over", "nothing falls due in the year that follows either")


def _silent(plan: Plan, kind: FindingKind, says: str) -> Finding:
    return Finding(kind=kind, tenant=plan.tenant, campaigns=(plan.campaign,), says=says)


def _next(plan: Plan, end: datetime.datetime) -> str | None:
    """The first time after the period at which it lives, local to the tenant; None within a year."""
    starts = instant_of(plan.starts, plan.timezone) if plan.starts is not None else None
    if isinstance(plan.trigger, PublishTrigger):
        return plan.starts if starts is not None and starts > end else None
    after = max(end, starts - datetime.timedelta(minutes=1)) if starts is not None else end
    naive = after.astimezone(datetime.UTC).replace(tzinfo=None)
    zone = load_zone(plan.timezone)
    for month in range(12):
        since = naive + month * LOOKED_AHEAD / 12
        found = occurrences(plan.trigger, plan.timezone, since, since + LOOKED_AHEAD / 12)
        for each in found:
            local = to_local(each.instant, zone).isoformat(timespec="minutes")
            return local if plan.ends is None or local < plan.ends else None
    return None


# ── campaigns that meet the same customers ───────────────────────────────────────────────────────


def _overlaps(
    active: ActiveRelease,
    campaigns: Sequence[CampaignOutcome],
    together: Mapping[tuple[str, str, str], int],
) -> Iterator[Finding]:
    selected = {(each.tenant, each.campaign): each.selected for each in campaigns}
    for (tenant, first, second), customers in together.items():
        names = tuple(_campaign(active, tenant, identity) for identity in (first, second))
        smaller = min(selected.get((tenant, name), 0) for name in names)
        if customers >= LEAST and customers >= OVERLAPPING * smaller:
            yield Finding(
                kind="overlaps",
                tenant=tenant,
                campaigns=names,
                says=f"{how_many(customers, 'customer')} get both within a day",
            )


def _campaign(active: ActiveRelease, tenant: str, identity: str) -> str:
    compiled = active.tenants[tenant].by_identity(identity)
    return identity if compiled is None else compiled.plan.campaign
