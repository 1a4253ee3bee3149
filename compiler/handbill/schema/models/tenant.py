"""tenants/T/tenant.yaml and groups/G/group.yaml."""

from __future__ import annotations

from pydantic import Field

from handbill.schema.models.campaign import CampaignFields
from handbill.schema.models.environment import Recipient
from handbill.schema.models.limits import Limits, Links
from handbill.schema.models.platform import AddedCategory
from handbill.schema.models.review import Owners
from handbill.schema.models.values import (
    Currency,
    Document,
    Domain,
    Duration,
    FieldName,
    FieldPath,
    FilePath,
    Label,
    Locale,
    Name,
    Prose,
    Share,
    Timezone,
    WebUrl,
)


class Brand(Document):
    """Constants of every template: `{{ brand.colors.primary }}`."""

    colors: dict[FieldName, Label | None] | None = None
    logo: FilePath | None = None
    """A picture below `assets/`: `{{ brand.logo }}` is its address."""
    site: WebUrl | None = None
    postal_address: Prose | None = None
    link_domains: list[Domain] | None = None


class TenantChannel(Document):
    """How a tenant sends on one channel. A list of providers is tried in order."""

    provider: Name | list[Name]
    from_: Prose | None = Field(default=None, alias="from")
    workspace: Prose | None = None


class TenantDataset(Document):
    """A table typed by schemas/data/NAME. `file` is a table in git; without it the data is read from
    the environment's data root, and `fresh` is how old it may be. `address`: channel → field."""

    key: FieldName | list[FieldName]
    file: FilePath | None = None
    fresh: Duration | None = None
    address: dict[Name, FieldName] | None = None


class RetailerDefaults(Document):
    """What a group and a tenant may both write."""

    brand: Brand | None = None
    categories: dict[Name, AddedCategory | None] | None = None
    limits: Limits | None = None
    links: Links | None = None
    holdout: Share | None = None
    lock: list[FieldPath] = Field(default_factory=list)
    owners: Owners | None = None
    """Who approves what changes its plans; the group's, else the platform's, when absent."""
    blueprints: dict[Name, CampaignFields | None] = Field(default_factory=dict)
    """Defaults for the campaigns that use a blueprint: the members', or the tenant's own."""


class GroupDocument(RetailerDefaults):
    name: Prose


class TenantDocument(RetailerDefaults):
    name: Prose
    locale: Locale
    timezone: Timezone
    currency: Currency
    group: Name | None = None
    locales: list[Locale] | None = Field(default=None, min_length=1)
    """Languages that every text needs; [locale] when absent."""
    locale_fallback: dict[Locale, list[Locale]] = Field(default_factory=dict)
    """Locale → the locales whose texts stand in where it has none of its own, in order."""
    channels: dict[Name, TenantChannel] = Field(min_length=1)
    channel_order: list[Name] = Field(default_factory=lambda: ["push", "email", "sms"])
    data: dict[Name, TenantDataset]
    seeds: list[Recipient] = Field(default_factory=list)
