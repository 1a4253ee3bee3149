"""All tenants → one release. A tenant with errors is left out, and every other one still compiles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.diagnostics.merge import merge_tenants
from handbill.lower.assets import AssetFiles
from handbill.lower.channels import LoweredChannels, lower_channels
from handbill.lower.release import CompiledRelease
from handbill.lower.shared import Shared, read_shared
from handbill.lower.tenant import LoweredTenant, lower_tenant
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import PLAN_FORMAT, Release
from handbill.resolve.model import ResolvedRepository
from handbill.source.memory import FORGETFUL, Recall
from handbill.source.tree import SourceTree


def lower_repository(
    repository: ResolvedRepository, tree: SourceTree, remembered: Recall = FORGETFUL
) -> tuple[CompiledRelease | None, tuple[Diagnostic, ...]]:
    """The release, or None where what every tenant shares is broken.

    A channel with an error fails the tenants that send on it.
    """
    workshop, found = open_workshop(repository, tree, remembered)
    if workshop is None:
        return None, found
    tenants, in_tenants = _lower_tenants(workshop.shared, remembered)
    found = (*found, *merge_tenants(in_tenants))
    if repository.platform is None:
        return None, found
    sound = {
        name: tenant
        for name, tenant in tenants.items()
        if tenant is not None and _may_be_released(name, repository, workshop.channels)
    }
    failed = {*repository.failed, *tenants} - sound.keys()
    return _release(sound, workshop.channels, failed, tree), found


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every tenant is lowered with."""

    shared: Shared
    channels: LoweredChannels


def open_workshop(
    repository: ResolvedRepository, tree: SourceTree, remembered: Recall = FORGETFUL
) -> tuple[Workshop | None, tuple[Diagnostic, ...]]:
    """None where what every tenant shares is broken."""
    shared, in_vocabulary = read_shared(repository, tree, remembered)
    templates = shared.templates_of(None)
    channels = remembered.of_shared(
        "lower channels", partial(lower_channels, repository.channels, templates)
    )
    found = (*in_vocabulary, *channels.diagnostics)
    if has_errors(in_vocabulary):
        return None, found
    return Workshop(replace(shared, channels=channels.channels), channels), found


def _lower_tenants(
    shared: Shared, remembered: Recall
) -> tuple[dict[str, LoweredTenant | None], tuple[Diagnostic, ...]]:
    """Every tenant that could be resolved at least in part; None for one with errors."""
    repository = shared.repository
    tenants: dict[str, LoweredTenant | None] = {}
    found: list[Diagnostic] = []
    for name, tenant in sorted({**repository.partial, **repository.tenants}.items()):
        lower = partial(lower_tenant, tenant, shared, remembered)
        tenants[name], findings = remembered.of_tenant("lower", name, lower)
        found.extend(findings)
    return tenants, tuple(found)


def _may_be_released(name: str, repository: ResolvedRepository, channels: LoweredChannels) -> bool:
    tenant = repository.tenants.get(name)
    return tenant is not None and channels.digests.keys() >= tenant.document.channels.keys()


def _release(
    tenants: dict[str, LoweredTenant], channels: LoweredChannels, failed: set[str], tree: SourceTree
) -> CompiledRelease:
    release = Release(
        format=PLAN_FORMAT,
        tenants={name: tenant.digest for name, tenant in tenants.items()},
        channels=channels.digests,
    )
    data = canonical_bytes(release)
    digest = digest_of(data)
    packs = {tenant.digest: dict(tenant.objects) for tenant in tenants.values()}
    packs[digest] = {digest: data, **channels.objects}
    drafts = {name: tenant.drafts for name, tenant in tenants.items()}
    paths = {name: path for tenant in tenants.values() for name, path in tenant.assets.items()}
    assets = AssetFiles(tree, paths)
    claims = tuple(claim for tenant in tenants.values() for claim in tenant.claims)
    left_out = tuple(sorted(failed))
    return CompiledRelease(release, digest, packs, left_out, tree.revision, drafts, assets, claims)
