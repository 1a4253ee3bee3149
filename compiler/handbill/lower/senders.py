"""How a campaign sends on each of its channels: provider, sender, and when it may."""

from __future__ import annotations

from handbill.lower.terms import rates, windows
from handbill.plan.model import Sender
from handbill.resolve.model import ResolvedCampaign, ResolvedTenant
from handbill.schema.models.platform import SenderChoice
from handbill.schema.scalars import parse_duration


def lower_sender(channel: str, campaign: ResolvedCampaign, tenant: ResolvedTenant) -> Sender:
    """The category's own provider and sender come before the tenant's."""
    rules = campaign.rules[channel]
    base = tenant.document.channels[channel]
    choice = (campaign.category.channels or {}).get(channel) or SenderChoice()
    provider = choice.provider or base.provider
    return Sender(
        providers=(provider,) if isinstance(provider, str) else tuple(provider),
        sender=choice.from_ or base.from_ or "",
        workspace=choice.workspace or base.workspace or "",
        windows=windows([rules.window]),
        quiet_hours=windows(rules.quiet_hours),
        expires_seconds=parse_duration(rules.expires),
        caps=rates(rules.caps),
    )
