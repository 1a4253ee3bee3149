"""A run's summary for people (a table per tenant and channel) and for programs."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from handbill.cli.counts import how_many

if TYPE_CHECKING:
    from handbill_runtime.summary import ChannelSummary, TenantSummary
    from handbill_runtime.troubles import Trouble

SUMMARY_VERSION = 1


def summary_json(summary: Mapping[str, TenantSummary], troubles: Collection[Trouble] = ()) -> str:
    """`{"version": 1, "tenants": {NAME: …}, "troubles": […]}`; counts of customers, and below
    channels of messages."""
    tenants: dict[str, Any] = {}
    for name, tenant in summary.items():
        tenants[name] = {**_plain(tenant), "campaigns": sorted(tenant.campaigns)}
    document = {
        "version": SUMMARY_VERSION,
        "tenants": tenants,
        "troubles": [_plain(trouble) for trouble in troubles],
    }
    return json.dumps(document, indent=2, sort_keys=True)


def _plain(value: Any) -> Any:
    """Dataclasses and mappings as dictionaries. (`dataclasses.asdict` cannot copy a Counter.)"""
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return value


def summary_table(summary: Mapping[str, TenantSummary]) -> str:
    """Plain aligned text."""
    if not summary:
        return "nothing was due"
    return "\n\n".join(_tenant(name, tenant) for name, tenant in summary.items())


def _tenant(name: str, tenant: TenantSummary) -> str:
    lines = [
        f"{name}: {how_many(len(tenant.campaigns), 'campaign')},"
        f" {how_many(tenant.considered, 'customer')} considered",
        f"  {'selected':<14}{tenant.selected:>7}",
    ]
    for title, reasons in (
        ("excluded", tenant.excluded),
        ("held out", tenant.held_out),
        ("suppressed", tenant.suppressed),
    ):
        if reasons:
            lines.append(f"  {title:<14}{sum(reasons.values()):>7}  {_reasons(reasons)}")
    lines.append(f"  {'not included':<14}{tenant.not_included:>7}")
    if tenant.quarantined:
        rows = sum(tenant.quarantined.values())
        lines.append(f"  {'quarantined':<14}{rows:>7}  {_reasons(tenant.quarantined)}")
    lines.extend(_channel(channel, each) for channel, each in sorted(tenant.channels.items()))
    return "\n".join(lines)


def _channel(name: str, channel: ChannelSummary) -> str:
    parts = [f"{channel.accepted} accepted"]
    for number, word in ((channel.uncertain, "uncertain"), (channel.waiting, "waiting")):
        if number:
            parts.append(f"{number} {word}")
    for reasons, word in ((channel.failed, "failed"), (channel.suppressed, "suppressed")):
        if reasons:
            parts.append(f"{sum(reasons.values())} {word} ({_reasons(reasons)})")
    return f"  → {name:<12}{channel.planned:>7}  {', '.join(parts)}"


def _reasons(reasons: Mapping[str, int]) -> str:
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{reason} {count}" for reason, count in ordered)
