"""What a rehearsed period came to, as a report: sends by local hour, campaigns, findings."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from handbill.cli.rehearsal.simulation import Rehearsed
from handbill.cli.simulate.findings import find_oddities
from handbill.cli.simulate.model import CampaignOutcome, ChannelOutcome, Send, Simulation
from handbill.diff.model import Side
from handbill.plan.model import Plan, Tenant
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.stages.hours import local_of
from handbill_runtime.stages.report import RunReport


def read_simulation(
    side: Side,
    active: ActiveRelease,
    rehearsed: Rehearsed,
    begin: datetime.datetime,
    end: datetime.datetime,
) -> Simulation:
    """The whole report; `begin` and `end` are the period's aware UTC instants."""
    tenants = {name: each.tenant for name, each in active.tenants.items()}
    campaigns = tuple(_campaigns(active, rehearsed))
    return Simulation(
        label=side.label,
        digest=side.digest or "",
        begin=_utc(begin),
        end=_utc(end),
        zones={name: tenant.timezone for name, tenant in sorted(tenants.items())},
        sends=tuple(_sends(active, tenants, rehearsed)),
        campaigns=campaigns,
        quarantined={
            occurrence.tenant: dict(report.quarantined)
            for occurrence, report in rehearsed.reports.items()
            if report.quarantined
        },
        findings=tuple(find_oddities(active, campaigns, rehearsed, begin, end)),
    )


def _utc(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%MZ")


def _sends(
    active: ActiveRelease, tenants: Mapping[str, Tenant], rehearsed: Rehearsed
) -> Iterator[Send]:
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for each in rehearsed.leaving:
        hour = local_of(each.at, tenants[each.tenant].timezone).strftime("%Y-%m-%dT%H")
        campaign = _name(active, each.tenant, each.identity)
        counts[each.tenant, hour, campaign, each.channel] += each.messages
    for (tenant, hour, campaign, channel), messages in sorted(counts.items()):
        yield Send(tenant=tenant, campaign=campaign, channel=channel, hour=hour, messages=messages)


def _name(active: ActiveRelease, tenant: str, identity: str) -> str:
    compiled = active.tenants[tenant].by_identity(identity)
    return identity if compiled is None else compiled.plan.campaign


def _campaigns(active: ActiveRelease, rehearsed: Rehearsed) -> Iterator[CampaignOutcome]:
    """Those of which something fell due, in order."""
    reports: dict[tuple[str, str], list[RunReport]] = {}
    for occurrence, report in rehearsed.reports.items():
        name = _name(active, occurrence.tenant, occurrence.identity)
        reports.setdefault((occurrence.tenant, name), []).append(report)
    for (tenant, campaign), found in sorted(reports.items()):
        plan = active.tenants[tenant].plans[campaign].plan
        yield CampaignOutcome(
            tenant=tenant,
            campaign=campaign,
            occurrences=tuple(_occurrence(plan, report) for report in found),
            considered=sum(report.considered for report in found),
            selected=sum(report.selected for report in found),
            left_out=_left_out(found),
            channels=_channels(found),
        )


def _occurrence(plan: Plan, report: RunReport) -> str:
    return report.occurrence.name or getattr(plan.trigger, "at", "when published")


def _left_out(reports: Sequence[RunReport]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for report in reports:
        if report.not_included:
            counts["not included"] += report.not_included
        for reasons in (report.excluded, report.held_out, report.suppressed):
            counts.update(reasons)
    return dict(sorted(counts.items()))


def _channels(reports: Sequence[RunReport]) -> Mapping[str, ChannelOutcome]:
    found: dict[str, ChannelOutcome] = {}
    for channel in sorted({name for report in reports for name in report.channels}):
        parts = [report.channels[channel] for report in reports if channel in report.channels]
        suppressed: Counter[str] = Counter()
        for part in parts:
            suppressed.update(part.suppressed)
            suppressed.update(part.failed)
        found[channel] = ChannelOutcome(
            planned=sum(part.planned for part in parts),
            sent=sum(part.accepted for part in parts),
            waiting=sum(part.waiting for part in parts),
            suppressed=dict(sorted(suppressed.items())),
        )
    return found
