"""The names that a tenant's rules and templates may use, and what each stands for."""

from __future__ import annotations

from collections.abc import Mapping

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
from handbill.plan.generated_links import GENERATED_LINK
from handbill.plan.ir import Field
from handbill.plan.types import DateType
from handbill.resolve.model import ResolvedCampaign, ResolvedTenant
from handbill.schema.models.tenant import Brand

RUN = Record({"date": Member(DateType(), required=True)})


def campaign_scope(
    campaign: ResolvedCampaign,
    tenant: ResolvedTenant,
    vocabulary: Vocabulary,
    logo: str | None = None,
) -> Scope:
    """`customer`, `run`, `tenant`, `brand`, `campaign` and `audiences`: what rules may use, and
    messages too. `logo` is the address of the brand's."""
    document = tenant.document
    roots: dict[str, Root] = {
        "customer": RecordRoot(vocabulary.customer, vocabulary.datasets),
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
        "campaign": campaign_constants(campaign),
    }
    audiences = {
        name: NamedAudience(
            audience.traced.text(("include",)),
            {each: audience.traced.text(("exclude", each)) for each in audience.document.exclude},
        )
        for name, audience in campaign.audiences.items()
    }
    return Scope(
        roots,
        audiences=audiences,
        locale=document.locale,
        currency=document.currency,
        timezone=document.timezone,
    )


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
