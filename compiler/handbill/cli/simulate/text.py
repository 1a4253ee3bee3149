"""A simulation for a terminal: a table of days and channels per tenant, then what is odd."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from handbill.cli.counts import how_many
from handbill.cli.simulate.model import CampaignOutcome, Finding, Send, Simulation

SIGNS = {
    "trouble": "!",
    "never_reaches": "!",
    "starves": "!",
    "expires": "!",
    "overlaps": "~",
    "over": "-",
    "not_due": "-",
}
"""In front of a finding: something to mend, to think about, to know."""


def render_text(simulation: Simulation) -> str:
    """Lines with a line break each."""
    total = sum(send.messages for send in simulation.sends)
    tenants = [name for name in simulation.zones if _concerns(simulation, name)]
    lines = [
        f"{simulation.begin} to {simulation.end}: {how_many(total, 'message')} of "
        f"{how_many(len({send.tenant for send in simulation.sends}), 'retailer')}, nothing sent",
        f"{simulation.label} {simulation.digest[:19]}, from an empty ledger: who got what before is "
        "not known",
    ]
    for tenant in tenants:
        lines += ["", f"{tenant} ({simulation.zones[tenant]})", *_tenant(simulation, tenant)]
    return "\n".join(lines) + "\n"


def _concerns(simulation: Simulation, tenant: str) -> bool:
    having = {each.tenant for each in simulation.campaigns}
    return tenant in having | {each.tenant for each in simulation.findings}


def _tenant(simulation: Simulation, tenant: str) -> Iterator[str]:
    sends = [send for send in simulation.sends if send.tenant == tenant]
    yield from _days(sends)
    for campaign in simulation.campaigns:
        if campaign.tenant == tenant:
            yield from _campaign(campaign)
    if quarantined := simulation.quarantined.get(tenant):
        rows = how_many(sum(quarantined.values()), "row")
        yield f"  {rows} of its customers cannot be used{_reasons(quarantined)}"
    for finding in simulation.findings:
        if finding.tenant == tenant:
            yield _finding(finding)


def _days(sends: Sequence[Send]) -> Iterator[str]:
    """`Thu 3 Dec  10:00  email 412, push 80`, an hour a line."""
    by_hour: dict[str, Counter[str]] = {}
    for send in sends:
        by_hour.setdefault(send.hour, Counter())[send.channel] += send.messages
    before = ""
    for hour, channels in sorted(by_hour.items()):
        at = datetime.datetime.strptime(hour, "%Y-%m-%dT%H")
        day = f"{at:%a} {at.day:>2} {at:%b}"
        shown = ", ".join(f"{channel} {count}" for channel, count in sorted(channels.items()))
        yield f"  {day if day != before else '':<10}  {at:%H:%M}  {shown}"
        before = day


def _campaign(campaign: CampaignOutcome) -> Iterator[str]:
    times = campaign.occurrences
    when = times[0] if len(times) == 1 else f"{len(times)} times from {times[0]}"
    considered = (
        how_many(campaign.considered, "customer")
        if len(times) == 1
        else f"{campaign.considered} considered"
    )
    yield (
        f"  {campaign.campaign} ({when}): {campaign.selected} of {considered}"
        f"{_reasons(campaign.left_out)}"
    )
    for name, channel in campaign.channels.items():
        waiting = f", {channel.waiting} waiting" if channel.waiting else ""
        yield (
            f"    → {name} {channel.sent} of {channel.planned}{waiting}"
            f"{_reasons(channel.suppressed)}"
        )


def _reasons(reasons: Mapping[str, int]) -> str:
    ordered = sorted(
        ((reason, count) for reason, count in reasons.items() if reason != "not included"),
        key=lambda item: (-item[1], item[0]),
    )
    return f" ({', '.join(f'{reason} {count}' for reason, count in ordered)})" if ordered else ""


def _finding(finding: Finding) -> str:
    names = " and ".join(finding.campaigns)
    return f"  {SIGNS[finding.kind]} {names}{': ' if names else ''}{finding.says}"
