"""One resolved campaign → its plan: everything decided that can be decided before sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.language.scope import ConstantRoot
from handbill.language.vocabulary import Vocabulary
from handbill.lower.audience import lower_audience
from handbill.lower.category import lower_category
from handbill.lower.compiling import Compiling
from handbill.lower.content import Written, lower_parts
from handbill.lower.fields import fields_read
from handbill.lower.names import campaign_scope
from handbill.lower.offers import Alternative, lower_choices, offer_alternatives, offer_root
from handbill.lower.parameters import parameter_constants
from handbill.lower.senders import lower_sender
from handbill.lower.tables import ReadTable
from handbill.lower.templates import TemplateLibrary
from handbill.lower.terms import rates, reentry, trigger
from handbill.plan.cases import CASES_VERSION
from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import PLAN_FORMAT, Content, Deliver, Holdout, Plan, Variant
from handbill.resolve.model import (
    ResolvedCampaign,
    ResolvedRepository,
    ResolvedTenant,
    ResolvedVariant,
)
from handbill.schema.models.effective import EffectiveCampaign
from handbill.schema.scalars import parse_share
from handbill.source.located import Value


@dataclass(frozen=True, slots=True)
class TenantLowering:
    """What all campaigns of one tenant are lowered with."""

    repository: ResolvedRepository
    tenant: ResolvedTenant
    vocabulary: Vocabulary
    tables: Mapping[str, ReadTable]
    templates: TemplateLibrary


def lower_campaign(
    campaign: ResolvedCampaign, lowering: TenantLowering
) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """The plan, or None with the reasons. Drafts are lowered too: they are checked, not released."""
    scope = campaign_scope(campaign, lowering.tenant, lowering.vocabulary)
    start = Compiling(scope, lowering.templates, lowering.tenant.name)
    compiling = _with_parameters(start, campaign, campaign.params, lowering)
    audience, selected = lower_audience(campaign, compiling)
    channels = _channels(campaign)
    variants = tuple(
        _lower_variant(variant, campaign, lowering, selected)
        for _, variant in sorted(campaign.variants.items())
    )
    if audience is None or has_errors(start.found):
        return None, tuple(start.found)
    effective, tenant = campaign.effective, lowering.tenant
    experiment = effective.experiment
    salt = (experiment.name if experiment else None) or campaign.identity
    plan = Plan(
        format=PLAN_FORMAT,
        operations=OPERATION_SET,
        cases=CASES_VERSION,
        tenant=tenant.name,
        campaign=campaign.name,
        identity=campaign.identity,
        status="paused" if effective.status == "paused" else "active",
        category=lower_category(effective.category, campaign.category),
        priority=effective.priority,
        timezone=tenant.document.timezone,
        starts=effective.starts,
        ends=effective.ends,
        trigger=trigger(effective.trigger),
        audience=audience,
        fields=fields_read(audience, *variants),
        reentry=reentry(effective.reentry),
        caps=rates(effective.limits.per_customer),
        holdout=Holdout(
            across=parse_share(tenant.holdout), campaign=parse_share(effective.holdout)
        ),
        salt=f"experiment/{tenant.name}/{salt}",
        variants=variants,
        deliver=Deliver(mode=effective.deliver.mode, order=_order(effective, tenant, channels)),
        senders={channel: lower_sender(channel, campaign, tenant) for channel in channels},
        locales=_locales(effective, tenant),
    )
    return plan, tuple(start.found)


def _with_parameters(
    compiling: Compiling,
    campaign: ResolvedCampaign,
    params: Mapping[str, Value],
    lowering: TenantLowering,
) -> Compiling:
    constants, findings = parameter_constants(params, campaign.traced, lowering.tables)
    compiling.add(findings)
    return compiling.binding("params", ConstantRoot(constants))


def _locales(effective: EffectiveCampaign, tenant: ResolvedTenant) -> tuple[str, ...]:
    document = tenant.document
    return tuple(effective.locales or document.locales or [document.locale])


def _order(
    effective: EffectiveCampaign, tenant: ResolvedTenant, channels: tuple[str, ...]
) -> tuple[str, ...]:
    """The campaign's order, else the tenant's; channels that it leaves out come last, by name."""
    wanted = effective.deliver.order or tenant.document.channel_order
    first = [channel for channel in dict.fromkeys(wanted) if channel in channels]
    return (*first, *sorted(set(channels) - set(first)))


def _channels(campaign: ResolvedCampaign) -> tuple[str, ...]:
    """Every channel that some variant has a message on."""
    return tuple(
        sorted(
            {
                channel
                for variant in campaign.variants.values()
                for by_channel in variant.effective.messages.values()
                for channel in by_channel
            }
        )
    )


def _lower_variant(
    variant: ResolvedVariant,
    campaign: ResolvedCampaign,
    lowering: TenantLowering,
    compiling: Compiling,
) -> Variant:
    compiling = compiling.binding("variant", ConstantRoot(variant.name))
    compiling = _with_parameters(compiling, campaign, variant.params, lowering)
    alternatives = offer_alternatives(variant)
    choices = lower_choices(alternatives, compiling)
    messages: dict[str, dict[str, Content]] = {}
    for name, by_channel in sorted(variant.effective.messages.items()):
        contents = {
            channel: _lower_content(variant, name, channel, alternatives, lowering, compiling)
            for channel in sorted(by_channel)
        }
        messages[name] = contents
    return Variant(name=variant.name, weight=variant.weight, offers=choices, messages=messages)


def _lower_content(
    variant: ResolvedVariant,
    message: str,
    channel: str,
    alternatives: tuple[Alternative, ...],
    lowering: TenantLowering,
    compiling: Compiling,
) -> Content:
    locales = _locales(variant.effective, lowering.tenant)
    contract = lowering.repository.channels[channel].contract.parts
    written = Written(
        variant.effective.messages[message][channel],
        ("messages", message, channel),
        variant.traced,
        locales,
    )
    compiling = compiling.binding("channel", ConstantRoot(channel))
    contents = {}
    for locale in locales:
        here = compiling.in_locale(locale)
        if alternatives:
            here = here.binding("offer", offer_root(alternatives, here, locales))
        contents[locale] = lower_parts(contract, written, here)
    return Content(locales=contents)
