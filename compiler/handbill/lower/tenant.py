"""One tenant → its Tenant object and all its plans and tables, as canonical bytes under digests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.language.reasoning.claims import Claims
from handbill.language.vocabulary.vocabulary import Vocabulary
from handbill.lower.brand import brand_logo
from handbill.lower.campaign import TenantLowering, lower_campaign
from handbill.lower.computed import check_computed_fields
from handbill.lower.datasets import check_datasets, lower_dataset, read_tables, record_of
from handbill.lower.localised import check_locales
from handbill.lower.names import tenant_scope
from handbill.lower.shared import Shared
from handbill.lower.tables import ReadTable
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Dataset, Digest, Object, Tenant
from handbill.resolve.model import ResolvedCampaign, ResolvedTenant
from handbill.source.memory import FORGETFUL, Recall
from handbill.source.watched import Unit, stopped, working_on


@dataclass(frozen=True, slots=True)
class LoweredTenant:
    """`objects` is digest → canonical bytes, the tenant's own among them."""

    digest: Digest
    objects: Mapping[Digest, bytes]
    drafts: Mapping[str, bytes] = field(default_factory=dict)
    """Campaign → plan, of drafts: nothing of the tenant links to them."""
    assets: Mapping[str, str] = field(default_factory=dict)
    """Name → path of the pictures that its plans show, but for those of drafts."""
    claims: tuple[Claims, ...] = ()
    """What the campaigns, drafts too, take for granted about customers."""


def lower_tenant(
    tenant: ResolvedTenant, shared: Shared, remembered: Recall = FORGETFUL
) -> tuple[LoweredTenant | None, tuple[Diagnostic, ...]]:
    """None where anything of the tenant has an error: a tenant is released whole."""
    begun = begin_tenant(tenant, shared)
    return begun.finish(lower_campaigns(begun, remembered))


@dataclass(frozen=True, slots=True)
class BegunTenant:
    """A tenant but for its campaigns; `lowering` is what they are lowered with, None where nothing
    can be."""

    tenant: ResolvedTenant
    channels: tuple[str, ...]
    lowering: TenantLowering | None
    found: tuple[Diagnostic, ...]

    def finish(
        self, campaigns: Mapping[str, LoweredCampaign]
    ) -> tuple[LoweredTenant | None, tuple[Diagnostic, ...]]:
        """The tenant with these campaigns, which are all that it has. Plans whose bytes are kept
        elsewhere are linked, and are not among its objects or drafts."""
        lowering, found = self.lowering, list(self.found)
        if lowering is None:
            return None, self.found
        objects: dict[Digest, bytes] = {}
        plans: dict[str, Digest] = {}
        drafts: dict[str, bytes] = {}
        assets: dict[str, str] = {}
        unreadable: dict[str, Diagnostic] = {}
        claims: list[Claims] = []
        for name, made in sorted(campaigns.items()):
            found.extend(made.findings)
            unreadable |= made.unreadable
            claims.extend(made.claims)
            digest = made.digest
            if digest is None:
                continue
            if not made.draft:
                assets |= made.assets
                plans[name] = digest
            if made.plan is not None and made.draft:
                drafts[name] = made.plan
            elif made.plan is not None:
                objects[digest] = made.plan
        found.extend(each for _, each in sorted(unreadable.items()))
        mine = tuple(replace(each, tenant=self.tenant.name) for each in found)
        if has_errors(mine):
            return None, mine
        datasets = _datasets(self.tenant, lowering.vocabulary, lowering.tables, objects)
        lowered = _tenant(self.tenant, self.channels, datasets, plans, assets)
        return LoweredTenant(_keep(lowered, objects), objects, drafts, assets, tuple(claims)), mine


def begin_tenant(tenant: ResolvedTenant, shared: Shared) -> BegunTenant:
    """All of a tenant that is no campaign: its vocabulary, tables, brand, locales and fields."""
    channels = tuple(shared.repository.channels)
    vocabulary, in_vocabulary = shared.vocabulary_of(tenant.name)
    if has_errors(in_vocabulary):
        found = tuple(replace(each, tenant=tenant.name) for each in in_vocabulary)
        return BegunTenant(tenant, channels, None, found)
    tables, in_tables = read_tables(tenant, vocabulary, shared.tree, shared.paths)
    templates = shared.templates_of(tenant.group)
    logo, in_brand = brand_logo(tenant, templates)
    lowering = TenantLowering(
        shared.repository, tenant, vocabulary, tables, templates, shared.channels, logo
    )
    fields = check_computed_fields(tenant, tenant_scope(tenant, vocabulary, logo), vocabulary)
    found = (
        *in_vocabulary,
        *check_datasets(tenant, vocabulary),
        *in_tables,
        *in_brand,
        *check_locales(tenant),
        *fields,
    )
    return BegunTenant(tenant, channels, lowering, found)


def lower_campaigns(
    begun: BegunTenant, remembered: Recall = FORGETFUL
) -> dict[str, LoweredCampaign]:
    """Every campaign that the tenant was resolved with."""
    if begun.lowering is None:
        return {}
    tenant, key = begun.tenant, remembered.key_of(begun.tenant.name)
    return {
        name: remembered.of_campaign(
            "lower campaign", tenant.name, name, partial(_lower, campaign, begun.lowering, key)
        )
        for name, campaign in sorted(tenant.campaigns.items())
    }


@dataclass(frozen=True, slots=True)
class LoweredCampaign:
    """The plan's canonical bytes, or None where there are errors. `unreadable`: templates."""

    plan: bytes | None
    findings: tuple[Diagnostic, ...]
    unreadable: Mapping[str, Diagnostic]
    claims: tuple[Claims, ...] = ()
    assets: Mapping[str, str] = field(default_factory=dict)
    """Name → path of the pictures that the plan shows."""
    draft: bool = False
    kept: Digest | None = None
    """The plan's digest, where its bytes are kept elsewhere and `plan` is None."""

    @property
    def digest(self) -> Digest | None:
        """The plan's; None where there are errors."""
        return self.kept if self.plan is None else digest_of(self.plan)


def _lower(campaign: ResolvedCampaign, lowering: TenantLowering, key: str) -> LoweredCampaign:
    unit = Unit(f"{campaign.root}/campaigns/{campaign.name}.yaml", f"{campaign.tenant} {key}")
    if (found := stopped(unit)) is not None:
        return LoweredCampaign(None, (found,), {})
    claims: list[Claims] = []
    lowering = replace(lowering, templates=replace(lowering.templates, unreadable={}))
    with working_on(unit):
        plan, findings = lower_campaign(campaign, lowering, claims)
    data = None if plan is None else canonical_bytes(plan)
    unreadable = dict(lowering.templates.unreadable)
    shown = () if plan is None else plan.assets
    assets = lowering.templates.assets.paths_of(shown)
    draft = campaign.effective.status == "draft"
    return LoweredCampaign(data, findings, unreadable, tuple(claims), assets, draft)


def _keep(object_: Object, objects: dict[Digest, bytes]) -> Digest:
    data = canonical_bytes(object_)
    digest = digest_of(data)
    objects[digest] = data
    return digest


def _datasets(
    tenant: ResolvedTenant,
    vocabulary: Vocabulary,
    tables: Mapping[str, ReadTable],
    objects: dict[Digest, bytes],
) -> dict[str, Dataset]:
    datasets = {}
    for name, written in sorted(tenant.document.data.items()):
        record = record_of(name, vocabulary)
        assert record is not None  # HB457 else
        table = _keep(tables[name].table, objects) if name in tables else None
        datasets[name] = lower_dataset(name, written, record, table)
    return datasets


def _tenant(
    tenant: ResolvedTenant,
    channels: Iterable[str],
    datasets: Mapping[str, Dataset],
    plans: Mapping[str, Digest],
    assets: Iterable[str],
) -> Tenant:
    document = tenant.document
    categories = {path[1] for path in tenant.traced.cells if path[0] == "categories"}
    return Tenant(
        name=tenant.name,
        display_name=document.name,
        locale=document.locale,
        timezone=document.timezone,
        postal_address=(document.brand and document.brand.postal_address) or "",
        seeds=tuple(sorted(document.seeds)),
        channels=tuple(sorted(channels)),
        categories=tuple(sorted(str(name) for name in categories)),
        datasets=datasets,
        plans=plans,
        assets=tuple(sorted(assets)),
    )
