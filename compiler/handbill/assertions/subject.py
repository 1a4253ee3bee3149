"""What a test runs on: the plan of its campaign, as it was compiled, with all that running it needs.

A draft is tested as it would run, and so is a paused campaign: tests come before a campaign is active.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from handbill.diagnostics.suggest import closest
from handbill.lower.release import CompiledRelease
from handbill.plan.canonical import decode_object
from handbill.plan.model import Channel, Digest, Plan, Table, Tenant


@dataclass(frozen=True, slots=True)
class Subject:
    """One tenant of a release. `plans` by campaign name, drafts among them."""

    tenant: Tenant
    plans: Mapping[str, Plan]
    tables: Mapping[Digest, Table] = field(repr=False)
    channels: Mapping[str, Channel] = field(repr=False)

    def released_besides(self, campaign: str) -> tuple[Plan, ...]:
        """The plans of the other campaigns that are no drafts."""
        names = [name for name in self.plans if name in self.tenant.plans and name != campaign]
        return tuple(self.plans[name] for name in names)

    def unknown_campaign(self, name: str) -> str:
        """What to type instead."""
        near = closest(name, self.plans)
        if near:
            return f"did you mean `{near}`?"
        return f"campaigns: {', '.join(sorted(self.plans))}" if self.plans else "write a campaign"


def subjects_of(release: CompiledRelease, tenants: Collection[str]) -> Mapping[str, Subject]:
    """Tenant → what its tests run on, of `tenants`; those with errors are not among them."""
    root = _Objects(release.packs[release.digest])
    channels = {name: root.channel(digest) for name, digest in release.release.channels.items()}
    subjects: dict[str, Subject] = {}
    for name in sorted(release.release.tenants.keys() & set(tenants)):
        digest = release.release.tenants[name]
        objects = _Objects(release.packs[digest])
        tenant = objects.tenant(digest)
        plans = {campaign: objects.plan(each) for campaign, each in tenant.plans.items()}
        drafts = release.drafts.get(name, {})
        plans |= {campaign: _plan(data) for campaign, data in drafts.items()}
        tables = {
            dataset.table: objects.table(dataset.table)
            for dataset in tenant.datasets.values()
            if dataset.table is not None
        }
        subjects[name] = Subject(tenant, plans, tables, channels)
    return subjects


@dataclass(frozen=True, slots=True)
class _Objects:
    """The objects of one pack, decoded as what they are linked as."""

    data: Mapping[Digest, bytes]

    def tenant(self, digest: Digest) -> Tenant:
        found = decode_object(self.data[digest])
        assert isinstance(found, Tenant)
        return found

    def plan(self, digest: Digest) -> Plan:
        return _plan(self.data[digest])

    def table(self, digest: Digest) -> Table:
        found = decode_object(self.data[digest])
        assert isinstance(found, Table)
        return found

    def channel(self, digest: Digest) -> Channel:
        found = decode_object(self.data[digest])
        assert isinstance(found, Channel)
        return found


def _plan(data: bytes) -> Plan:
    found = decode_object(data)
    assert isinstance(found, Plan)
    return found
