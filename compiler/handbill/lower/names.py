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
from handbill.plan.ir import Field
from handbill.plan.types import DateType, StringType
from handbill.resolve.model import ResolvedCampaign, ResolvedTenant
from handbill.schema.models.tenant import Brand

URL_MAXIMUM = 2_000
RUN = Record({"date": Member(DateType(), required=True)})


def campaign_scope(
    campaign: ResolvedCampaign, tenant: ResolvedTenant, vocabulary: Vocabulary
) -> Scope:
    """`customer`, `run`, `tenant`, `brand`, `campaign` and `audiences`: what rules may use, and
    messages too."""
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
        "brand": ConstantRoot(_brand(document.brand or Brand())),
        "campaign": campaign_constants(campaign),
    }
    audiences = {
        name: NamedAudience(
            audience.traced.text(("include",)),
            {each: audience.traced.text(("exclude", each)) for each in audience.document.exclude},
        )
        for name, audience in campaign.audiences.items()
    }
    return Scope(roots, audiences=audiences, locale=document.locale, currency=document.currency)


def _brand(brand: Brand) -> Mapping[str, Constant]:
    return {
        "colors": dict(brand.colors or {}),
        "site": brand.site,
        "postal_address": brand.postal_address,
    }


def message_roots(channel: str) -> Mapping[str, Root]:
    """What only a message has; rules select customers before there is one."""
    url = StringType(URL_MAXIMUM)
    return {
        "channel": ConstantRoot(channel),
        "unsubscribe_url": ValueRoot(value_of(Field(("unsubscribe_url",), url), url)),
    }


def campaign_constants(campaign: ResolvedCampaign) -> ConstantRoot:
    effective = campaign.effective
    values: Mapping[str, Constant] = {
        "name": campaign.name,
        "category": effective.category,
        "tags": list(effective.tags),
    }
    return ConstantRoot(values)
