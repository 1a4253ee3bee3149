"""One side of a diff, opened: what it is called, and its plans, decoded only when they are asked for.

Objects with equal digests are equal, so a comparison decodes nothing of what did not change. A side
comes from a compile, or from a store where every pack was proved against its digests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, TypeVar

from handbill.diff.model import Side
from handbill.pipeline import Compiled, compile_tree
from handbill.plan.canonical import decode_object
from handbill.plan.model import Channel, Digest, Object, Plan, Release, Table, Tenant
from handbill.source.memory import Memory
from handbill.source.tree import WORKING_TREE
from handbill.source.working_tree import open_working_tree

Packs: TypeAlias = Callable[[Digest], Mapping[Digest, bytes]]
"""The root digest of a pack → its objects."""
_Kind = TypeVar("_Kind", Plan, Tenant, Table, Channel)
NOTHING = Release(format=0, tenants={}, channels={})


@dataclass(frozen=True, slots=True)
class OpenSide:
    """`about` is what a report says of it. `compiled` is None for a store's environment."""

    about: Side
    release: Release
    packs: Packs = field(repr=False)
    drafts: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict, repr=False)
    """Tenant → campaign → plan of what is checked and not released; a store has none."""
    compiled: Compiled | None = field(default=None, repr=False)
    _decoded: dict[Digest, Object] = field(default_factory=dict, repr=False)

    def tenant(self, name: str) -> Tenant | None:
        """None for a tenant that the side does not have, or leaves out."""
        digest = self.release.tenants.get(name)
        return None if digest is None else self._object(digest, digest, Tenant)

    def plan(self, tenant: str, campaign: str) -> Plan | None:
        """The released plan; None where there is none."""
        owner = self.tenant(tenant)
        digest = owner.plans.get(campaign) if owner is not None else None
        if digest is None:
            return None
        return self._object(self.release.tenants[tenant], digest, Plan)

    def plan_bytes(self, tenant: str, campaign: str) -> bytes | None:
        """The canonical bytes of the released plan; None where there is none."""
        owner = self.tenant(tenant)
        digest = owner.plans.get(campaign) if owner is not None else None
        return None if digest is None else self.packs(self.release.tenants[tenant])[digest]

    def draft(self, tenant: str, campaign: str) -> Plan | None:
        data = self.drafts.get(tenant, {}).get(campaign)
        found = decode_object(data) if data is not None else None
        return found if isinstance(found, Plan) else None

    def table(self, tenant: str, digest: Digest) -> Table:
        return self._object(self.release.tenants[tenant], digest, Table)

    def channel(self, name: str) -> Channel | None:
        digest = self.release.channels.get(name)
        if digest is None or self.about.digest is None:
            return None
        return self._object(self.about.digest, digest, Channel)

    def file_of(self, tenant: str, campaign: str) -> str:
        """The campaign's file, the tenant's own before its group's; "" where not known."""
        return self.compiled.file_of(tenant, campaign) if self.compiled else ""

    def _object(self, root: Digest, digest: Digest, kind: type[_Kind]) -> _Kind:
        if digest not in self._decoded:
            self._decoded[digest] = decode_object(self.packs(root)[digest])
        found = self._decoded[digest]
        assert isinstance(found, kind)
        return found


def side_of(label: str, compiled: Compiled) -> OpenSide:
    """A side from what a revision or a folder compiled to."""
    release, tree = compiled.release, compiled.tree
    commit = tree.revision if tree is not None and tree.revision != WORKING_TREE else ""
    if release is None:
        about = Side(label=label, digest=None, commit=commit)
        return OpenSide(about, NOTHING, lambda _: {}, compiled=compiled)
    about = Side(label=label, digest=release.digest, commit=commit, failed=release.failed)
    return OpenSide(
        about, release.release, release.packs.__getitem__, release.drafts, compiled=compiled
    )


def open_folder(folder: Path, label: str, memory: Memory | None = None) -> OpenSide:
    """The configuration as it stands in a folder."""
    tree, found = open_working_tree(folder)
    if tree is None:
        return side_of(label, Compiled(None, None, None, {}, found))
    return side_of(label, compile_tree(tree, found, memory))
