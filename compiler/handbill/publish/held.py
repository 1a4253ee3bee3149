"""A tenant with errors keeps what it last published: nobody is unpublished by a bad edit.

The commit's own release leaves such a tenant out. What is published is that release with the
tenant's last plans carried forward from the release before, marked as held.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from handbill.lower.release import CompiledRelease
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import PLAN_FORMAT, Digest, Release
from handbill.plan.pointer import Held
from handbill.store.pack import read_pack
from handbill.store.release import StoredRelease, read_tenant
from handbill.store.store import Store


@dataclass(frozen=True, slots=True)
class PublishedRelease:
    """What one publish makes active. `objects` is the release's own pack."""

    release: Release
    digest: Digest
    objects: Mapping[Digest, bytes]
    held: tuple[Held, ...]
    left_out: tuple[str, ...]
    """Tenants with errors that were never published, so there is nothing to carry forward."""
    outdated: tuple[str, ...] = ()
    """Tenants with errors whose plans are another version's, which no runtime of this one runs."""


def carry_forward(
    compiled: CompiledRelease,
    failed: Collection[str],
    previous: StoredRelease | None,
    held_before: tuple[Held, ...],
    store: Store,
) -> PublishedRelease:
    """The release to publish. `failed` may name more tenants than the compiler left out.

    A held tenant's plans, and the channels that only they still use, come from `previous`; raises a
    StoreError where they cannot be read.
    """
    before = previous.release.tenants if previous else {}
    known = [tenant for tenant in sorted(failed) if tenant in before]
    carried = {
        tenant: before[tenant] for tenant in known if _is_current(read_pack(store, before[tenant]))
    }
    tenants = {
        tenant: digest
        for tenant, digest in compiled.release.tenants.items()
        if tenant not in failed
    } | carried
    channels = dict(compiled.release.channels)
    objects = dict(compiled.packs[compiled.digest])
    del objects[compiled.digest]
    if previous is not None:
        for channel in _channels_of(carried.values(), store) - channels.keys():
            channels[channel] = previous.release.channels[channel]
            objects[channels[channel]] = previous.objects[channels[channel]]
    release = Release(format=compiled.release.format, tenants=tenants, channels=channels)
    data = canonical_bytes(release)
    digest = digest_of(data)
    since = {held.tenant: held.since for held in held_before}
    return PublishedRelease(
        release,
        digest,
        objects | {digest: data},
        held=tuple(Held(tenant=name, since=since.get(name, compiled.commit)) for name in carried),
        left_out=tuple(sorted(set(failed) - set(known))),
        outdated=tuple(tenant for tenant in known if tenant not in carried),
    )


def _is_current(objects: Mapping[Digest, bytes]) -> bool:
    """Whether this version runs a tenant's plans; looked at before they are understood."""
    found: list[dict[str, Any]] = [msgspec.json.decode(data) for data in objects.values()]
    return all(
        (each.get("format"), each.get("operations")) == (PLAN_FORMAT, OPERATION_SET)
        for each in found
        if each.get("object") == "plan"
    )


def _channels_of(tenants: Collection[Digest], store: Store) -> set[str]:
    return {
        channel
        for tenant in tenants
        for plan in read_tenant(store, tenant).plans.values()
        for channel in plan.senders
    }
