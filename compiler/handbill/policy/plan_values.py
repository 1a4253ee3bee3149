"""The values of `plan` for one compiled campaign; sizes are computed only where a policy reads one."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeAlias

from handbill.language.bounds.rendering import extent_of
from handbill.language.bounds.sms import segments_of
from handbill.language.expressions.reads import Path
from handbill.lower.sizes import KILOBYTE, Size, assumptions_of, sizes_of
from handbill.plan.ir import Const
from handbill.plan.model import AtTrigger, CronTrigger, Parts, Plan, PublishTrigger, Trigger
from handbill.plan.values import Value
from handbill.policy.released import JudgedPlan
from handbill.policy.vocabulary import PLAN

HOUR, SMS = 3_600, "sms"
Reading: TypeAlias = Callable[[JudgedPlan], Value]
READ_AT_ONCE = frozenset({"sms_segments", "push_bytes", "html_kb"})


def plan_values(judged: JudgedPlan, wanted: Collection[Path]) -> dict[Path, Value]:
    """Path → value, for those of `wanted` that are of the plan."""
    names = {path[1] for path in wanted if path[0] == PLAN}
    values = {name: READINGS[name](judged) for name in names - READ_AT_ONCE}
    if names & READ_AT_ONCE:
        values |= _sizes(judged, sizes_of(judged.plan, judged.tenant, judged.channels))
    return {(PLAN, name): value for name, value in values.items()}


def _sizes(judged: JudgedPlan, sizes: Mapping[str, Size]) -> dict[str, Value]:
    """The largest of each kind, 0 where no channel has it."""
    push = sizes.get("push")
    html = max((size.html or 0 for size in sizes.values()), default=0)
    return {
        "sms_segments": max(
            (_segments(judged, name, size) for name, size in sizes.items()), default=0
        ),
        "push_bytes": (push and push.payload) or 0,
        "html_kb": -(-html // KILOBYTE),
    }


def _segments(judged: JudgedPlan, channel: str, size: Size) -> int:
    """Of the channel's texts. One named `sms` is counted though its contract sets no limit."""
    if size.segments is not None or channel != SMS:
        return size.segments or 0
    assumptions = assumptions_of(judged.plan)
    contract = judged.channels[channel]
    texts = [
        ops
        for parts in _contents(judged.plan, channel)
        for name, ops in parts.items()
        if name in contract.parts and contract.parts[name].kind == "text"
    ]
    return max((segments_of(extent_of(ops, assumptions)).most for ops in texts), default=0)


def _contents(plan: Plan, channel: str) -> Iterator[Parts]:
    for variant in plan.variants:
        for by_channel in variant.messages.values():
            if channel in by_channel:
                yield from by_channel[channel].locales.values()


def _subject_length(judged: JudgedPlan) -> int:
    """Characters of the longest subject, over variants and locales."""
    assumptions = assumptions_of(judged.plan)
    lengths = [
        extent_of(parts["subject"], assumptions).high.characters
        for channel in judged.plan.senders
        for parts in _contents(judged.plan, channel)
        if "subject" in parts
    ]
    return max(lengths, default=0)


def is_for_everyone(plan: Plan) -> bool:
    """Whether its audience takes every customer; a limit or an exclusion takes fewer."""
    audience = plan.audience
    included = isinstance(audience.include, Const) and audience.include.value is True
    return included and not audience.exclude and audience.limit is None


def _offers(plan: Plan) -> tuple[str, ...]:
    return tuple(sorted({each.offer for variant in plan.variants for each in variant.offers}))


def _kind(trigger: Trigger) -> str:
    match trigger:
        case AtTrigger():
            return "at"
        case CronTrigger():
            return "cron"
        case PublishTrigger():
            return "publish"


def _day(local: str | None) -> datetime.date | None:
    return None if local is None else datetime.datetime.fromisoformat(local).date()


def _sends_on(trigger: Trigger) -> datetime.date | None:
    return _day(trigger.at) if isinstance(trigger, AtTrigger) else None


def _expires_hours(plan: Plan) -> int:
    """Of the channel that waits longest, rounded up."""
    return max((-(-each.expires_seconds // HOUR) for each in plan.senders.values()), default=0)


READINGS: Mapping[str, Reading] = {
    "tenant": lambda judged: judged.plan.tenant,
    "campaign": lambda judged: judged.plan.campaign,
    "status": lambda judged: judged.status,
    "category": lambda judged: judged.plan.category.name,
    "class": lambda judged: judged.plan.category.kind,
    "priority": lambda judged: judged.plan.priority,
    "channels": lambda judged: tuple(sorted(judged.plan.senders)),
    "locales": lambda judged: judged.plan.locales,
    "variants": lambda judged: len(judged.plan.variants),
    "offers": lambda judged: _offers(judged.plan),
    "fields": lambda judged: tuple(".".join(need.path) for need in judged.plan.fields),
    "everyone": lambda judged: is_for_everyone(judged.plan),
    "exclusions": lambda judged: tuple(sorted(judged.plan.audience.exclude)),
    "limit": lambda judged: judged.plan.audience.limit,
    "subject_length": _subject_length,
    "trigger": lambda judged: _kind(judged.plan.trigger),
    "recurring": lambda judged: isinstance(judged.plan.trigger, CronTrigger),
    "timezone": lambda judged: getattr(judged.plan.trigger, "timezone", "customer"),
    "missed": lambda judged: getattr(judged.plan.trigger, "missed", "late"),
    "sends_on": lambda judged: _sends_on(judged.plan.trigger),
    "starts": lambda judged: _day(judged.plan.starts),
    "ends": lambda judged: _day(judged.plan.ends),
    "reentry": lambda judged: judged.plan.reentry.again,
    "holdout": lambda judged: judged.plan.holdout.across,
    "campaign_holdout": lambda judged: judged.plan.holdout.campaign,
    "caps": lambda judged: len(judged.plan.caps),
    "deliver": lambda judged: judged.plan.deliver.mode,
    "expires_hours": lambda judged: _expires_hours(judged.plan),
}
"""With READ_AT_ONCE exhaustive over the record of `plan`; a test says so."""
