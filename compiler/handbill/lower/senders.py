"""How a campaign sends on each of its channels: provider, sender, and when it may."""

from __future__ import annotations

from collections.abc import Iterable

from handbill.lower.terms import rates, windows
from handbill.plan.model import Sender
from handbill.resolve.model import ResolvedCampaign, ResolvedRepository, ResolvedTenant
from handbill.schema.models.channel import ChannelDefaults
from handbill.schema.models.platform import SenderChoice
from handbill.schema.scalars import parse_duration


def lower_sender(
    channel: str,
    campaign: ResolvedCampaign,
    tenant: ResolvedTenant,
    repository: ResolvedRepository,
) -> Sender:
    """The category's own choice before the tenant's; the campaign's times before the channel's."""
    effective = campaign.effective
    defaults = repository.channels[channel].contract.defaults or ChannelDefaults()
    base = tenant.document.channels[channel]
    category = tenant.categories[effective.category]
    choice = (category.channels or {}).get(channel) or SenderChoice()
    window = effective.window or defaults.window
    expires = effective.expires
    if "expires" not in effective.model_fields_set and defaults.expires:
        expires = defaults.expires
    limits = defaults.limits
    quiet: list[str | None] = [*effective.limits.quiet_hours.get(channel, ())]
    quiet += (limits.quiet_hours or {}).values() if limits else ()
    return Sender(
        providers=_providers(choice.provider or base.provider),
        sender=choice.from_ or base.from_ or "",
        workspace=choice.workspace or base.workspace or "",
        windows=windows([window]),
        quiet_hours=windows(quiet),
        expires_seconds=parse_duration(expires),
        caps=rates([limits.per_customer]) if limits and limits.per_customer else (),
    )


def _providers(written: str | Iterable[str]) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)
