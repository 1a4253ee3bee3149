"""The resolve stage: checked documents → every tenant's effective campaigns, with their origins.

Nothing depends on the order of files. An error in a file fails exactly the tenants that it reaches;
all others go on. A broken file (one that has a place but no sound document) was reported by the
stage that found it, and is not reported again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange, has_errors
from handbill.diagnostics.merge import merge_tenants
from handbill.resolve.campaign import resolve_campaign
from handbill.resolve.catalogue import Catalogue, Found, catalogue_of
from handbill.resolve.computed import computed_fields
from handbill.resolve.layers import Layer
from handbill.resolve.links import follow_audiences
from handbill.resolve.model import (
    ResolvedCampaign,
    ResolvedChannel,
    ResolvedRepository,
    ResolvedTenant,
)
from handbill.resolve.named import expressions_of, visible
from handbill.resolve.references import find_identity_collisions, missing_name
from handbill.resolve.retailer import Source, resolve_retailer
from handbill.resolve.setting import Setting
from handbill.resolve.shared import resolve_channels, resolve_environments, sound_catalogue
from handbill.schema.contracts import ChannelContract
from handbill.schema.models.platform import PlatformDocument
from handbill.source.layout import DocumentKind, DocumentPlace
from handbill.source.located import LocatedDocument
from handbill.source.memory import FORGETFUL, Recall


def resolve_repository(
    documents: Mapping[str, LocatedDocument],
    places: Mapping[str, DocumentPlace],
    remembered: Recall = FORGETFUL,
) -> tuple[ResolvedRepository, tuple[Diagnostic, ...]]:
    """Resolve every tenant. `documents` are those that passed the schema stage; `places` has every
    file that Handbill reads, also those that did not."""
    resolution = resolve_tenants(documents, places, remembered)
    in_tenants = [finding for each in resolution.outcomes.values() for finding in each.diagnostics]
    return resolution.repository, (*resolution.diagnostics, *merge_tenants(in_tenants))


def resolve_tenants(
    documents: Mapping[str, LocatedDocument],
    places: Mapping[str, DocumentPlace],
    remembered: Recall = FORGETFUL,
    left_out: Mapping[str, Collection[str]] | None = None,
) -> Resolution:
    """The same, what was found of each tenant by itself. `left_out`: tenant → campaigns that are not
    looked at, and are not missed."""
    catalogue, found = sound_catalogue(catalogue_of(documents, places))
    channels = remembered.of_shared("channels", partial(resolve_channels, catalogue))
    contracts = {name: ChannelContract(name, each.contract) for name, each in channels.items()}
    outcomes: dict[str, TenantOutcome] = {}
    for name, tenant in catalogue.main(DocumentKind.TENANT).items():
        without = frozenset((left_out or {}).get(name, ()))
        resolve = partial(
            _resolve_tenant, catalogue, channels, contracts, tenant, remembered, without
        )
        outcomes[name] = resolve() if without else remembered.of_tenant("resolve", name, resolve)
    platform = _platform_of(catalogue)
    repository = ResolvedRepository(
        platform=PlatformDocument.model_validate(platform.value) if platform else None,
        channels=channels,
        environments=resolve_environments(catalogue),
        tenants={
            name: each.tenant for name, each in outcomes.items() if each.tenant and each.sound
        },
        failed=frozenset(name for name, each in outcomes.items() if not each.sound)
        | _headless(places, outcomes),
        partial={
            name: each.tenant for name, each in outcomes.items() if each.tenant and not each.sound
        },
    )
    return Resolution(repository, outcomes, found)


@dataclass(frozen=True, slots=True)
class Resolution:
    """`diagnostics` are about files that have a place of their own, tenants' files too; what came
    of layers is in `outcomes`."""

    repository: ResolvedRepository
    outcomes: Mapping[str, TenantOutcome]
    diagnostics: tuple[Diagnostic, ...]


def _headless(places: Mapping[str, DocumentPlace], known: Collection[str]) -> frozenset[str]:
    """Tenants whose folder has files but no tenant.yaml: failed, and not gone."""
    return frozenset(
        place.tenant for place in places.values() if place.tenant and place.tenant not in known
    )


Identity: TypeAlias = tuple[str, SourceRange, tuple[tuple[str, SourceRange], ...]]
"""A campaign's name and file, and its former names with their places."""


@dataclass(frozen=True, slots=True)
class TenantOutcome:
    """What became of a tenant: `tenant` is what of it can be looked at, None where that is nothing.

    `whole`: nothing of it is missing, whatever was found. `own` are findings about its audiences
    that a campaign which uses them may have as well.
    """

    tenant: ResolvedTenant | None
    base: tuple[Diagnostic, ...]
    in_campaigns: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    own: tuple[Diagnostic, ...] = ()
    whole: bool = False

    @property
    def identities(self) -> Mapping[str, Identity]:
        campaigns = self.tenant.campaigns if self.tenant else {}
        return {name: _identity(each) for name, each in campaigns.items()}

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        name = self.tenant.name if self.tenant else ""
        return gathered(
            name, self.base, self.in_campaigns, self.own, tuple(self.identities.values())
        )

    @property
    def sound(self) -> bool:
        return self.whole and not has_errors(self.diagnostics)


def gathered(
    tenant: str,
    base: Iterable[Diagnostic],
    in_campaigns: Mapping[str, Iterable[Diagnostic]],
    own: Iterable[Diagnostic],
    identities: Iterable[Identity],
) -> tuple[Diagnostic, ...]:
    """All that was found while resolving one tenant, from its parts."""
    campaigns = [each for _, found in sorted(in_campaigns.items()) for each in found]
    collisions = [replace(each, tenant=tenant) for each in find_identity_collisions(identities)]
    return (*base, *campaigns, *(each for each in own if each not in campaigns), *collisions)


def _resolve_tenant(
    catalogue: Catalogue,
    channels: Mapping[str, ResolvedChannel],
    contracts: Mapping[str, ChannelContract],
    tenant: Found,
    remembered: Recall,
    left_out: frozenset[str],
) -> TenantOutcome:
    name = tenant.place.name
    sources, missing = _sources(catalogue, tenant)
    if sources is None:
        return TenantOutcome(None, missing)
    retailer, found = resolve_retailer(name, sources)
    found = tuple(replace(each, tenant=name) for each in found)
    if retailer is None:
        return TenantOutcome(None, found)
    setting = Setting(retailer, catalogue, channels, contracts)
    if any(channel not in channels for channel in setting.sends_on):
        return TenantOutcome(None, found)
    campaigns, in_campaigns, complete = _campaigns(setting, remembered, left_out)
    own = tuple(replace(each, tenant=name) for each in _own_audiences(setting))
    computed, complete_fields = computed_fields(catalogue, name, retailer.group)
    return TenantOutcome(
        ResolvedTenant(
            name=name,
            document=retailer.document,
            group=retailer.group,
            holdout=retailer.holdout,
            audiences=setting.audiences(),
            campaigns=campaigns,
            traced=retailer.traced,
            computed=computed,
        ),
        found,
        in_campaigns,
        own,
        whole=complete and complete_fields and tenant.place.root not in catalogue.broken,
    )


def _platform_of(catalogue: Catalogue) -> LocatedDocument | None:
    platform = catalogue.main(DocumentKind.PLATFORM).get("platform")
    return platform.document if platform else None


def _sources(
    catalogue: Catalogue, tenant: Found
) -> tuple[tuple[Source, ...] | None, tuple[Diagnostic, ...]]:
    """Platform, group and tenant as layers; None where one of them is broken or missing."""
    platform, document = _platform_of(catalogue), tenant.document
    if document is None:
        return None, ()
    named = document.value.get("group") if isinstance(document.value, dict) else None
    groups = catalogue.main(DocumentKind.GROUP)
    if named is not None and named not in groups:
        hint = f"write groups/{named}/group.yaml"
        where = document.range_of(("group",))
        found = missing_name("HB438", "group", str(named), groups, where, hint)
        return None, (replace(found, tenant=tenant.place.name),)
    group = groups.get(str(named))
    if platform is None or (group is not None and group.document is None):
        return None, ()
    layers = [Source(Layer.PLATFORM, "", platform)]
    if group is not None and group.document is not None:
        layers.append(Source(Layer.GROUP, group.place.root, group.document))
    return (*layers, Source(Layer.TENANT, tenant.place.root, document)), ()


def _campaigns(
    setting: Setting, remembered: Recall, left_out: frozenset[str]
) -> tuple[dict[str, ResolvedCampaign], dict[str, tuple[Diagnostic, ...]], bool]:
    """The tenant's campaigns, what was found, and whether all of them are there."""
    files = {name: each for name, each in _campaign_files(setting).items() if name not in left_out}
    campaigns: dict[str, ResolvedCampaign] = {}
    diagnostics: dict[str, tuple[Diagnostic, ...]] = {}
    for name, layers in sorted(files.items()):
        sources = [
            Source(Layer.CAMPAIGN, each.place.root, each.document)
            for each in layers
            if each.document is not None
        ]
        if len(sources) < len(layers):
            continue
        resolve = partial(resolve_campaign, setting, name, sources)
        campaign, found = remembered.of_campaign("resolve campaign", setting.tenant, name, resolve)
        diagnostics[name] = found
        if campaign is not None:
            campaigns[name] = campaign
    return campaigns, diagnostics, len(campaigns) == len(files)


def _campaign_files(setting: Setting) -> dict[str, list[Found]]:
    """Campaign name → its files, the group's before the tenant's own."""
    roots = [f"groups/{setting.retailer.group}"] if setting.retailer.group else []
    files: dict[str, list[Found]] = {}
    for root in (*roots, f"tenants/{setting.tenant}"):
        for name, found in setting.catalogue.named(DocumentKind.CAMPAIGN, root).items():
            files.setdefault(name, []).append(found)
    return files


def _own_audiences(setting: Setting) -> list[Diagnostic]:
    """Names that the tenant's own audiences lack, whether a campaign uses them yet or not."""
    audiences = setting.audiences()
    known = visible(setting.catalogue, DocumentKind.AUDIENCE, setting.shelves())
    own = [each for each in audiences.values() if each.root == f"tenants/{setting.tenant}"]
    texts = [origin.text for audience in own for origin in expressions_of(audience)]
    return follow_audiences(setting.tenant, texts, known, audiences)[0]


def _identity(campaign: ResolvedCampaign) -> Identity:
    return (
        campaign.name,
        SourceRange(f"{campaign.root}/campaigns/{campaign.name}.yaml", 1, 1, 1, 1),
        tuple(
            (old, campaign.traced.range(("was", index)))
            for index, old in enumerate(campaign.effective.was)
        ),
    )
