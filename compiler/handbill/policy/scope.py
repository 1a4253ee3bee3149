"""Whom a change reaches, against the files that it edits.

A tenant's folder is its own: an edit in there can change no other tenant's plans. Files that are shared
reach whoever uses them, which is told for each of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diff.model import ReleaseDiff
from handbill.policy.model import Reach
from handbill.policy.places import Places, beginning
from handbill.policy.wording import listed
from handbill.resolve.model import ResolvedRepository, ResolvedTenant
from handbill.source.layout import DocumentKind, classify, tenant_of


@dataclass(frozen=True, slots=True)
class Effects:
    """Tenant → its campaigns that change, sorted; a tenant whose own object changes may have none."""

    campaigns: Mapping[str, tuple[str, ...]]
    own: frozenset[str] = field(default_factory=frozenset)

    @property
    def tenants(self) -> tuple[str, ...]:
        return tuple(sorted({*self.campaigns, *self.own}))


def effects_of(diff: ReleaseDiff) -> Effects:
    campaigns: dict[str, set[str]] = {}
    for entry in diff.entries:
        for subject in entry.subjects:
            campaigns.setdefault(subject.tenant, set()).add(subject.campaign)
    own = {
        name.partition("/")[0]
        for shared in diff.shared
        if shared.what != "channel"
        for name in shared.names
    }
    return Effects({name: tuple(sorted(of)) for name, of in campaigns.items()}, frozenset(own))


def shared_paths(changed: Iterable[str]) -> tuple[str, ...]:
    """Of the changed files those that Handbill releases and that stand in no tenant's folder."""
    found = []
    for path in changed:
        place = classify(path)
        if place is not None and place.kind.is_released and tenant_of(path) is None:
            found.append(path)
    return tuple(sorted(set(found)))


def reaches(path: str, tenant: ResolvedTenant) -> bool:
    """Whether a shared file may have a say in a plan of the tenant, by where it stands."""
    place = classify(path)
    if place is None:
        return False
    if place.group is not None:
        return place.group == tenant.group
    if place.blueprint is not None:
        return any(each.blueprint == place.blueprint for each in tenant.campaigns.values())
    if place.channel is not None:
        return place.channel in tenant.document.channels
    return place.kind is not DocumentKind.ENVIRONMENT


def reach_of(
    paths: Iterable[str], tenants: Collection[str], repositories: Iterable[ResolvedRepository]
) -> tuple[Reach, ...]:
    """For each shared file those of `tenants` that it reaches, at base or at head."""
    known = list(repositories)
    return tuple(
        Reach(path, tuple(name for name in sorted(tenants) if _reached(path, name, known)))
        for path in paths
    )


def _reached(path: str, name: str, repositories: Iterable[ResolvedRepository]) -> bool:
    for repository in repositories:
        tenant = repository.tenants.get(name) or repository.partial.get(name)
        if tenant is not None and reaches(path, tenant):
            return True
    return False


def check_scope(
    effects: Effects, changed: Collection[str], reach: Iterable[Reach], places: Places
) -> Iterator[Diagnostic]:
    """An error for each tenant that changes without a file of its own and without a shared one."""
    edited = {name for path in changed if (name := tenant_of(path)) is not None}
    shared = {name for each in reach for name in each.tenants}
    for tenant in effects.tenants:
        if tenant in edited or tenant in shared:
            continue
        campaigns = effects.campaigns.get(tenant, ())
        what = f"{listed(campaigns)} of `{tenant}`" if campaigns else f"the tenant `{tenant}`"
        where = places.of(places.named(tenant, campaigns[0])) if campaigns else None
        yield Diagnostic(
            "HB706",
            f"this change reaches {what}, and edits no file that could",
            where or beginning(f"tenants/{tenant}/tenant.yaml"),
            hint="see that the list of changed files is whole, old names of moved files included; "
            "if it is, report this as a bug in Handbill",
            notes=(f"edited: {listed(sorted(changed)) or 'nothing'}",),
            tenant=tenant,
        )
