"""Reading a published release, whole or a tenant at a time, with every digest proved.

The publisher reads what it carries forward, `rollback` what it is about to restore, a runtime what
it is about to activate: all by these functions. A runtime of many tenants indexes them, and decodes a
plan when it needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    Release,
    Table,
    Tenant,
)
from handbill.plan.pointer import Pointer
from handbill.store.assets import asset_path, prove_assets
from handbill.store.errors import NotInStore, PackDamaged
from handbill.store.marks import claim
from handbill.store.pack import read_pack, read_parts
from handbill.store.pack_index import PackIndex, index_packs, read_objects
from handbill.store.part import part_of
from handbill.store.paths import part_path
from handbill.store.store import Reader, Store

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


@dataclass(frozen=True, slots=True)
class IndexedTenant:
    """A tenant whose pack is whole and proved, and of which only its own object is held."""

    tenant: Tenant
    digest: Digest
    pack: PackIndex


def read_release(store: Reader, digest: Digest) -> StoredRelease:
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


def read_tenant(store: Reader, digest: Digest) -> StoredTenant:
    """A tenant with all its plans and git tables, decoded."""
    return _tenant_of(digest, read_pack(store, digest))


def index_tenants(store: Reader, digests: Sequence[Digest]) -> Iterator[IndexedTenant]:
    """Each tenant in this order; packs are proved as by `read_tenant`, plans are not decoded."""
    for pack in index_packs(store, digests):
        tenant = _decoded({pack.root: pack.root_bytes}, pack.root, Tenant)
        yield IndexedTenant(tenant, pack.root, pack)


def read_plan(store: Reader, pack: PackIndex, digest: Digest) -> Plan:
    """One plan of an indexed pack, read and proved anew."""
    return read_plans(store, pack, (digest,))[0]


def read_plans(store: Reader, pack: PackIndex, digests: Sequence[Digest]) -> tuple[Plan, ...]:
    """Several plans of one pack; a part that holds more than one is read once."""
    found = dict(zip(digests, read_objects(store, pack, digests), strict=True))
    return tuple(_decoded(found, digest, Plan) for digest in digests)


def read_table(store: Reader, pack: PackIndex, digest: Digest) -> Table:
    """One git table of an indexed pack, read and proved anew."""
    return _decoded({digest: read_objects(store, pack, (digest,))[0]}, digest, Table)


def _tenant_of(digest: Digest, objects: Mapping[Digest, bytes]) -> StoredTenant:
    tenant = _decoded(objects, digest, Tenant)
    plans = {name: _decoded(objects, plan, Plan) for name, plan in tenant.plans.items()}
    tables = {
        dataset.table: _decoded(objects, dataset.table, Table)
        for dataset in tenant.datasets.values()
        if dataset.table is not None
    }
    return StoredTenant(tenant, digest, plans, tables)


def read_environment(store: Reader, digest: Digest) -> Environment:
    return _decoded(read_pack(store, digest), digest, Environment)


def prove_whole(store: Store, pointer: Pointer) -> None:
    """Reads everything that `pointer` names; raises a StoreError where it could not be activated.

    From then on no garbage collection removes any of it, for the length of its grace.
    """
    claim(store, {part_path(pointer.environment_digest), part_path(pointer.release)})
    read_environment(store, pointer.environment_digest)
    tenants = tuple(read_release(store, pointer.release).release.tenants.values())
    claim(store, set(map(part_path, tenants)))
    assets: set[str] = set()
    further: set[str] = set()
    for digest, stored in zip(tenants, store.read_many(list(map(part_path, tenants))), strict=True):
        first = part_of(digest, stored)
        objects = dict(o for part in read_parts(store, digest, first) for o in part.objects())
        assets.update(_tenant_of(digest, objects).tenant.assets)
        further.update(map(part_path, first.further))
    claim(store, {*further, *map(asset_path, assets)})
    prove_assets(store, sorted(assets))
    if None in store.sizes(sorted(further)):
        raise NotInStore("a part of a pack was removed just now", "publish again")


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
