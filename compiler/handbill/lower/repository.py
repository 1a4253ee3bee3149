"""All tenants → one release. A tenant with errors is left out, and every other one still compiles."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.language.vocabulary import Vocabulary, extend_vocabulary, read_vocabulary
from handbill.lower.channels import lower_channel
from handbill.lower.memory import Lowered, Memory, tenant_keys
from handbill.lower.release import CompiledRelease
from handbill.lower.templates import TemplateLibrary
from handbill.lower.tenant import lower_tenant
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import PLAN_FORMAT, Digest, Release
from handbill.resolve.model import ResolvedRepository, ResolvedTenant
from handbill.source.layout import DocumentKind, classify
from handbill.source.tree import SourceTree


def lower_repository(
    repository: ResolvedRepository, tree: SourceTree, memory: Memory | None = None
) -> tuple[CompiledRelease | None, tuple[Diagnostic, ...]]:
    """The release, or None where what every tenant shares is broken. With a memory only tenants
    whose files (or the shared ones) changed are lowered."""
    memory = memory or Memory()
    keys = tenant_keys(tree)
    found: list[Diagnostic] = []
    channels, channel_objects = _lower_channels(repository, tree, found)
    shared, findings = read_vocabulary(_schemas(tree, None))
    found.extend(findings)
    packs: dict[Digest, dict[Digest, bytes]] = {}
    tenants: dict[str, Digest] = {}
    failed = set(repository.failed)
    for name, tenant in sorted({**repository.partial, **repository.tenants}.items()):
        lower = partial(_lower_tenant, tenant, repository, shared, tree)
        lowered, findings = memory.recall(keys[name], lower)
        found.extend(findings)
        if lowered is None:
            failed.add(name)
        elif name not in failed:
            tenants[name] = lowered.digest
            packs[lowered.digest] = dict(lowered.objects)
    memory.forget_unused()
    if repository.platform is None or has_errors(each for each in found if each.tenant is None):
        return None, tuple(found)
    release = Release(format=PLAN_FORMAT, tenants=tenants, channels=channels)
    data = canonical_bytes(release)
    packs[digest_of(data)] = {digest_of(data): data, **channel_objects}
    compiled = CompiledRelease(
        release=release,
        digest=digest_of(data),
        packs=packs,
        failed=tuple(sorted(failed)),
        commit=tree.revision,
    )
    return compiled, tuple(found)


def _lower_tenant(
    tenant: ResolvedTenant, repository: ResolvedRepository, shared: Vocabulary, tree: SourceTree
) -> Lowered:
    vocabulary, findings = _tenant_vocabulary(tenant.name, shared, tree)
    lowered, lowering = lower_tenant(tenant, repository, vocabulary, tree)
    return (None if has_errors(findings) else lowered), (*findings, *lowering)


def _lower_channels(
    repository: ResolvedRepository, tree: SourceTree, found: list[Diagnostic]
) -> tuple[dict[str, Digest], dict[Digest, bytes]]:
    """Channel → digest, and the objects. A broken contract concerns every tenant."""
    library = TemplateLibrary(tree, None, frozenset(repository.channels), frozenset(tree.paths))
    digests: dict[str, Digest] = {}
    objects: dict[Digest, bytes] = {}
    for name, channel in sorted(repository.channels.items()):
        lowered, findings = lower_channel(name, channel, library)
        found.extend(findings)
        data = canonical_bytes(lowered)
        digests[name] = digest_of(data)
        objects[digests[name]] = data
    return digests, objects


def _schemas(tree: SourceTree, tenant: str | None) -> Mapping[str, bytes]:
    """The vocabulary files of the platform, or those that a tenant adds, by path."""
    places = ((path, classify(path)) for path in tree.paths)
    return {
        path: tree.read(path)
        for path, place in places
        if place is not None and place.kind is DocumentKind.VOCABULARY and place.tenant == tenant
    }


def _tenant_vocabulary(
    tenant: str, shared: Vocabulary, tree: SourceTree
) -> tuple[Vocabulary, tuple[Diagnostic, ...]]:
    added = _schemas(tree, tenant)
    return extend_vocabulary(shared, added) if added else (shared, ())
