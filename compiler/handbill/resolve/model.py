"""What resolving makes of the documents: every tenant's campaigns, merged and traced.

Everything is frozen, typed and in one piece: later stages never look at a layer again, and ask
`traced` where a value came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.resolve.layers import Layer as Layer
from handbill.resolve.layers import Origin as Origin
from handbill.resolve.traced import Traced as Traced
from handbill.schema.models.audience import AudienceDocument
from handbill.schema.models.channel import ChannelDocument, VendorDocument
from handbill.schema.models.effective import EffectiveCampaign
from handbill.schema.models.environment import EnvironmentDocument
from handbill.schema.models.offer import OfferDocument
from handbill.schema.models.platform import CategoryDocument, PlatformDocument
from handbill.schema.models.tenant import TenantDocument
from handbill.source.located import LocatedDocument, Value

ONLY = "only"
"""The one variant of a campaign without an experiment."""


@dataclass(frozen=True, slots=True)
class ResolvedChannel:
    """`documents` holds the vendors' files by vendor, for the places of their templates."""

    name: str
    contract: ChannelDocument
    vendors: Mapping[str, VendorDocument]
    document: LocatedDocument = field(repr=False)
    documents: Mapping[str, LocatedDocument] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResolvedAudience:
    """A named audience. `root` is the folder it comes from."""

    name: str
    root: str
    document: AudienceDocument
    traced: Traced


@dataclass(frozen=True, slots=True)
class ResolvedOffer:
    """An offer as one campaign gives it, the campaign's parameters filled in."""

    name: str
    root: str
    document: OfferDocument
    traced: Traced


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """What holds for one channel of a campaign: the campaign's own word, else the channel's.

    Each is traced at ("channels", CHANNEL, "window" | "expires" | "limits", …). `caps` count this
    channel's messages only; `quiet_hours` are those of every layer.
    """

    window: str | None
    expires: str
    quiet_hours: tuple[str, ...] = ()
    caps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """The limits of a campaign as far as other layers than the platform wrote them; `quiet_hours` by channel."""

    category: str | None
    caps: tuple[str, ...]
    quiet_hours: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ResolvedVariant:
    """The campaign with one alternative's changes laid over it. Weights are relative."""

    name: str
    weight: int
    effective: EffectiveCampaign
    params: Mapping[str, Value]
    offers: Mapping[str, ResolvedOffer]
    """Every offer that this variant's `offer` names."""
    traced: Traced


@dataclass(frozen=True, slots=True)
class ResolvedCampaign:
    """One campaign of one tenant. `root` is the folder of its file: the tenant's, or its group's.

    `effective` is the campaign without any variant's changes (where only the variants have messages,
    it is the first of them). There is always a variant: `only`, of weight 1, where no experiment is.
    """

    tenant: str
    name: str
    root: str
    identity: str
    """The name that its sends are remembered under: the oldest of `was`, or its own."""
    blueprint: str | None
    category: CategoryDocument
    effective: EffectiveCampaign
    rules: Mapping[str, ChannelRules]
    """Channel → rules, for every channel that some variant has a message on."""
    params: Mapping[str, Value]
    audiences: Mapping[str, ResolvedAudience]
    """Every named audience that its expressions may use."""
    variants: Mapping[str, ResolvedVariant]
    traced: Traced
    own_limits: OwnLimits | None = None
    """None where a layer takes limits away."""


@dataclass(frozen=True, slots=True)
class ResolvedTenant:
    """`document` holds brand and categories of all layers; its limits, lock and holdout are left
    out, because every campaign carries the limits that hold for it.

    `holdout` is the share held out of all marketing, the largest of platform, group and tenant.
    `audiences` are those that every campaign sees: the tenant's, its group's, the platform's.
    """

    name: str
    document: TenantDocument
    group: str | None
    holdout: str
    audiences: Mapping[str, ResolvedAudience]
    campaigns: Mapping[str, ResolvedCampaign]
    traced: Traced
    computed: Traced = field(default_factory=lambda: Traced({}))
    """Computed fields, by path: ("customer", "display_name")."""


@dataclass(frozen=True, slots=True)
class ResolvedRepository:
    """`tenants` have no errors. `failed` names the others; `partial` has what of them is sound, so
    that later stages can report on it. Nothing of `partial` may be released.

    `platform` is None when handbill.yaml is broken; then every tenant failed.
    """

    platform: PlatformDocument | None
    channels: Mapping[str, ResolvedChannel]
    environments: Mapping[str, EnvironmentDocument]
    tenants: Mapping[str, ResolvedTenant]
    failed: frozenset[str]
    partial: Mapping[str, ResolvedTenant]
