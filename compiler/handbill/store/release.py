"""Reading a published release, whole or a tenant at a time, with every digest proved.

The publisher reads what it carries forward, `rollback` what it is about to restore, a runtime what
it is about to activate: all by these functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from handbill.plan.canonical import ObjectError, decode_object
from handbill.plan.model import (
    PLAN_FORMAT,
    Channel,
    Digest,
    Environment,
    Object,
    Plan,
    Pointer,
    Release,
    Table,
    Tenant,
)
from handbill.store.assets import prove_assets
from handbill.store.errors import PackDamaged
from handbill.store.pack import read_pack
from handbill.store.store import Store

_Kind = TypeVar("_Kind", Release, Tenant, Plan, Table, Channel, Environment)


@dataclass(frozen=True, slots=True)
class StoredRelease:
    release: Release
    digest: Digest
    channels: Mapping[str, Channel]
    objects: Mapping[Digest, bytes]
    """The release's own pack: itself and its channels."""


@dataclass(frozen=True, slots=True)
class StoredTenant:
    tenant: Tenant
    digest: Digest
    plans: Mapping[str, Plan]
    """By campaign name."""
    tables: Mapping[Digest, Table]


def read_release(store: Store, digest: Digest) -> StoredRelease:
    """The release object and its channels. Raises a StoreError where anything is not as signed."""
    objects = read_pack(store, digest)
    release = _decoded(objects, digest, Release)
    if release.format != PLAN_FORMAT:
        raise PackDamaged(
            f"the release {digest} has plan format {release.format}; "
            f"this version of Handbill reads format {PLAN_FORMAT}",
            "use the version of Handbill that published it, or publish again with this one",
        )
    channels = {
        name: _decoded(objects, channel, Channel) for name, channel in release.channels.items()
    }
    return StoredRelease(release, digest, channels, objects)


def read_tenant(store: Store, digest: Digest) -> StoredTenant:
    """A tenant with all its plans and git tables, decoded."""
    objects = read_pack(store, digest)
    tenant = _decoded(objects, digest, Tenant)
    plans = {name: _decoded(objects, plan, Plan) for name, plan in tenant.plans.items()}
    tables = {
        dataset.table: _decoded(objects, dataset.table, Table)
        for dataset in tenant.datasets.values()
        if dataset.table is not None
    }
    return StoredTenant(tenant, digest, plans, tables)


def read_environment(store: Store, digest: Digest) -> Environment:
    return _decoded(read_pack(store, digest), digest, Environment)


def prove_whole(store: Store, pointer: Pointer) -> None:
    """Reads everything that `pointer` names; raises a StoreError where it could not be activated."""
    read_environment(store, pointer.environment_digest)
    for tenant in read_release(store, pointer.release).release.tenants.values():
        prove_assets(store, read_tenant(store, tenant).tenant.assets)


def _decoded(objects: Mapping[Digest, bytes], digest: Digest, kind: type[_Kind]) -> _Kind:
    try:
        decoded: Object = decode_object(objects[digest])
    except ObjectError as error:
        raise PackDamaged(f"the object {digest} cannot be read: {error}") from error
    if not isinstance(decoded, kind):
        raise PackDamaged(
            f"the object {digest} is a {type(decoded).__name__.lower()} "
            f"where a {kind.__name__.lower()} belongs",
            "publish again",
        )
    return decoded
