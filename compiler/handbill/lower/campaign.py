"""One resolved campaign → its plan: everything decided that can be decided before sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.language.reasoning.claims import Claims
from handbill.language.scope import ConstantRoot
from handbill.language.vocabulary.vocabulary import Vocabulary
from handbill.lower.assets import assets_of, bound_parts
from handbill.lower.audience import lower_audience
from handbill.lower.beginnings import check_beginnings
from handbill.lower.category import lower_category
from handbill.lower.compiling import Compiling
from handbill.lower.content import Written, lower_parts
from handbill.lower.datasets import CUSTOMERS, check_references
from handbill.lower.fields import carried
from handbill.lower.judging import Place
from handbill.lower.limits import check_limits
from handbill.lower.localised import chain_of, fallbacks, unknown_locales
from handbill.lower.names import campaign_scope, message_roots
from handbill.lower.offers import Alternative, lower_choices, offer_alternatives, offer_root
from handbill.lower.parameters import parameter_constants
from handbill.lower.recipient import Recipient
from handbill.lower.senders import lower_sender
from handbill.lower.tables import ReadTable
from handbill.lower.templates import TemplateLibrary
from handbill.lower.terms import rates, reentry, trigger
from handbill.plan.cases import CASES_VERSION
from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import (
    PLAN_FORMAT,
    Audience,
    Channel,
    Content,
    Deliver,
    Holdout,
    Plan,
    Variant,
)
from handbill.plan.types import StringType
from handbill.resolve.model import (
    ResolvedCampaign,
    ResolvedRepository,
    ResolvedTenant,
    ResolvedVariant,
)
from handbill.resolve.traced import Traced
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
    channels: Mapping[str, Channel] = field(default_factory=dict)
    """Those without errors, with their vendors' requests."""
    logo: str | None = None
    """The symbolic address of the brand's logo."""


def lower_campaign(
    campaign: ResolvedCampaign, lowering: TenantLowering, claims: list[Claims] | None = None
) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """The plan, or None with the reasons. Drafts are lowered too: they are checked, not released.

    `claims` gathers what a plan takes for granted about customers.
    """
    scope = campaign_scope(campaign, lowering.tenant, lowering.vocabulary, lowering.logo)
    scope = replace(scope, decisions=[])
    brand = lowering.tenant.document.brand
    domains = tuple((brand and brand.link_domains) or ())
    address = (brand and brand.postal_address) or ""
    traced, listed = lowering.tenant.traced, ("brand", "link_domains")
    at = traced.range(listed) if listed in traced else None
    start = Compiling(scope, lowering.templates, lowering.tenant.name, domains, address, at)
    start.add(unknown_locales(campaign.traced, (("locales",),)))
    compiling = _with_parameters(start, campaign.params, campaign.traced, lowering)
    audience, selected = lower_audience(campaign, compiling)
    channels = _channels(campaign)
    variants = tuple(
        _lower_variant(variant, campaign, lowering, selected)
        for _, variant in sorted(campaign.variants.items())
    )
    if audience is None or has_errors(start.found):
        return None, tuple(start.found)
    contracts = {name: each.contract for name, each in lowering.repository.channels.items()}
    check_beginnings(campaign, variants, contracts, start)
    plan = _plan(campaign, lowering.tenant, audience, variants, channels)
    start.add(check_references(plan.fields, lowering.tenant, lowering.vocabulary))
    if claims is not None:
        claims.append(_claims(campaign, lowering, start))
    return (None if has_errors(start.found) else plan), tuple(start.found)


def _claims(campaign: ResolvedCampaign, lowering: TenantLowering, start: Compiling) -> Claims:
    claims, decisions = tuple(start.claims), tuple(start.scope.decisions or ())
    return Claims(campaign.tenant, campaign.name, lowering.vocabulary, claims, decisions)


def _plan(
    campaign: ResolvedCampaign,
    tenant: ResolvedTenant,
    audience: Audience,
    variants: tuple[Variant, ...],
    channels: tuple[str, ...],
) -> Plan:
    effective, experiment = campaign.effective, campaign.effective.experiment
    salt = (experiment.name if experiment else None) or campaign.identity
    audience, variants, fields = carried(audience, variants)
    return Plan(
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
        fields=fields,
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
        fallbacks=fallbacks(_locales(effective, tenant), tenant.document),
        assets=assets_of(variants),
    )


def _with_parameters(
    compiling: Compiling, params: Mapping[str, Value], traced: Traced, lowering: TenantLowering
) -> Compiling:
    constants, findings = parameter_constants(params, traced, lowering.tables)
    compiling.add(findings)
    return compiling.binding("params", ConstantRoot(constants))


def _locales(effective: EffectiveCampaign, tenant: ResolvedTenant) -> tuple[str, ...]:
    document = tenant.document
    return tuple(dict.fromkeys(effective.locales or document.locales or [document.locale]))


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
    compiling = _with_parameters(compiling, variant.params, variant.traced, lowering)
    alternatives = offer_alternatives(variant)
    choices = lower_choices(alternatives, compiling)
    messages: dict[str, dict[str, Content]] = {}
    for name, by_channel in sorted(variant.effective.messages.items()):
        contents = {
            channel: _lower_content(
                variant, campaign, name, channel, alternatives, lowering, compiling
            )
            for channel in sorted(by_channel)
        }
        messages[name] = contents
    return Variant(name=variant.name, weight=variant.weight, offers=choices, messages=messages)


def _lower_content(
    variant: ResolvedVariant,
    campaign: ResolvedCampaign,
    message: str,
    channel: str,
    alternatives: tuple[Alternative, ...],
    lowering: TenantLowering,
    compiling: Compiling,
) -> Content:
    locales = _locales(variant.effective, lowering.tenant)
    contract = lowering.repository.channels[channel].contract
    kind = campaign.category.class_
    written = Written(
        variant.effective.messages[message][channel],
        ("messages", message, channel),
        variant.traced,
        locales,
        variant.effective.links,
        tuple(contract.must_have.get(kind, ())) if kind else (),
    )
    for root, value in message_roots(channel).items():
        compiling = compiling.binding(root, value)
    contents = {}
    for locale in locales:
        here = compiling.in_locale(locale, chain_of(locale, lowering.tenant.document))
        if alternatives:
            here = here.binding("offer", offer_root(alternatives, here, locales))
        parts = bound_parts(lower_parts(contract.parts, written, here), contract.parts)
        place = Place(written.parts, written.path, written.traced)
        recipient = _recipient(channel, campaign, lowering)
        check_limits(parts, contract, lowering.channels.get(channel), place, recipient, here)
        contents[locale] = parts
    return Content(locales=contents)


def _recipient(channel: str, campaign: ResolvedCampaign, lowering: TenantLowering) -> Recipient:
    sender = lower_sender(channel, campaign, lowering.tenant)
    customers = lowering.tenant.document.data.get(CUSTOMERS)
    column = ((customers and customers.address) or {}).get(channel, "")
    member = lowering.vocabulary.customer.fields.get(column)
    address = member.type if member is not None else None
    return Recipient(
        lowering.tenant.name,
        campaign.name,
        sender.sender,
        sender.workspace,
        address if isinstance(address, StringType) else StringType(0),
        column,
    )
