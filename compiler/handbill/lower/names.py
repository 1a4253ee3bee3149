"""The names that a tenant's rules and templates may use, and what each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handbill.language.expressions.checked import value_of
from handbill.language.scope import (
    Constant,
    ConstantRoot,
    NamedAudience,
    RecordRoot,
    Root,
    Scope,
    ValueRoot,
)
from handbill.language.vocabulary.vocabulary import Member, Record, Vocabulary
from handbill.lower.computed import computed_sources
from handbill.plan.generated_links import GENERATED_LINK
from handbill.plan.ir import Field
from handbill.plan.types import DateType
from handbill.resolve.model import ResolvedAudience, ResolvedCampaign, ResolvedTenant
from handbill.schema.models.tenant import Brand

RUN = Record({"date": Member(DateType(), required=True)})


def tenant_scope(tenant: ResolvedTenant, vocabulary: Vocabulary, logo: str | None = None) -> Scope:
    """`customer`, `run`, `tenant`, `brand` and `audiences`: what every rule of the tenant may use.

    `logo` is the address of the brand's.
    """
    document = tenant.document
    roots: dict[str, Root] = {
        "customer": RecordRoot(vocabulary.customer, vocabulary.datasets, computed_sources(tenant)),
        "run": RecordRoot(RUN),
        "tenant": ConstantRoot(
            {
                "id": tenant.name,
                "name": document.name,
                "locale": document.locale,
                "timezone": document.timezone,
                "currency": document.currency,
            }
        ),
        "brand": ConstantRoot(_brand(document.brand or Brand(), logo)),
    }
    return Scope(
        roots,
        audiences=_named(tenant.audiences),
        locale=document.locale,
        currency=document.currency,
        timezone=document.timezone,
    )


def campaign_scope(
    campaign: ResolvedCampaign,
    tenant: ResolvedTenant,
    vocabulary: Vocabulary,
    logo: str | None = None,
) -> Scope:
    """The tenant's names with `campaign` and the audiences that its blueprint brings: what the
    campaign's rules may use, and its messages too."""
    scope = tenant_scope(tenant, vocabulary, logo).binding("campaign", campaign_constants(campaign))
    return replace(scope, audiences=_named(campaign.audiences))


def _named(audiences: Mapping[str, ResolvedAudience]) -> dict[str, NamedAudience]:
    return {
        name: NamedAudience(
            audience.traced.text(("include",)),
            {each: audience.traced.text(("exclude", each)) for each in audience.document.exclude},
        )
        for name, audience in audiences.items()
    }


def _brand(brand: Brand, logo: str | None) -> Mapping[str, Constant]:
    return {
        "colors": dict(brand.colors or {}),
        "site": brand.site,
        "postal_address": brand.postal_address,
        "logo": logo,
    }


def message_roots(channel: str) -> Mapping[str, Root]:
    """What only a message has; rules select customers before there is one."""
    url = GENERATED_LINK
    return {
        "channel": ConstantRoot(channel),
        "unsubscribe_url": ValueRoot(value_of(Field(("unsubscribe_url",), url), url)),
        "view_url": ValueRoot(value_of(Field(("view_url",), url), url)),
    }


def campaign_constants(campaign: ResolvedCampaign) -> ConstantRoot:
    effective = campaign.effective
    values: Mapping[str, Constant] = {
        "name": campaign.name,
        "category": effective.category,
        "tags": list(effective.tags),
    }
    return ConstantRoot(values)
