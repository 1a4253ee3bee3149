"""What some runs came to, per tenant and channel: selected, held out, accepted, failed, and why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handbill_runtime.stages.report import RunReport


@dataclass(slots=True)
class ChannelSummary:
    """Messages of one channel. `suppressed` and `failed` are reason → messages."""

    planned: int = 0
    accepted: int = 0
    uncertain: int = 0
    waiting: int = 0
    suppressed: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class TenantSummary:
    """Customers: everyone considered is in exactly one of these numbers. The mappings are reason →
    customers."""

    campaigns: set[str] = field(default_factory=set)
    considered: int = 0
    not_included: int = 0
    selected: int = 0
    excluded: Counter[str] = field(default_factory=Counter)
    held_out: Counter[str] = field(default_factory=Counter)
    suppressed: Counter[str] = field(default_factory=Counter)
    channels: dict[str, ChannelSummary] = field(default_factory=dict)
    quarantined: Mapping[str, int] = field(default_factory=dict)
    """Reason → rows of the data that could not be used, at the last run."""


def summarize(reports: Iterable[RunReport]) -> dict[str, TenantSummary]:
    """By tenant, in order of name."""
    summary: dict[str, TenantSummary] = {}
    for report in sorted(reports, key=lambda each: each.occurrence.tenant):
        tenant = summary.setdefault(report.occurrence.tenant, TenantSummary())
        tenant.campaigns.add(report.campaign)
        tenant.considered += report.considered
        tenant.not_included += report.not_included
        tenant.selected += report.selected
        tenant.excluded.update(report.excluded)
        tenant.held_out.update(report.held_out)
        tenant.suppressed.update(report.suppressed)
        tenant.quarantined = report.quarantined
        for name, channel in report.channels.items():
            mine = tenant.channels.setdefault(name, ChannelSummary())
            mine.planned += channel.planned
            mine.accepted += channel.accepted
            mine.uncertain += channel.uncertain
            mine.waiting += channel.waiting
            mine.suppressed.update(channel.suppressed)
            mine.failed.update(channel.failed)
    return summary
