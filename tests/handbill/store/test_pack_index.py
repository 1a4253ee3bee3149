"""An index proves as much as reading a pack does, and finds every object later."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sample_release import compiled

from handbill.plan.canonical import decode_object, digest_of
from handbill.plan.model import Tenant
from handbill.store.errors import NotInStore, PackDamaged
from handbill.store.folder import FolderStore
from handbill.store.pack import read_pack, write_packs
from handbill.store.pack_index import copy_packs, index_pack, index_packs, read_object, read_objects
from handbill.store.part import encode_part
from handbill.store.paths import part_path
from handbill.store.release import index_tenants, read_plan, read_plans, read_table, read_tenant


def _store(tmp_path: Path, campaigns: int, size: int) -> tuple[FolderStore, list[str]]:
    noise = random.Random(7)
    texts = {f"c{n}": noise.randbytes(size).hex() for n in range(campaigns)}
    release = compiled({"fresh": texts, "valle": "short"})
    store = FolderStore(tmp_path / "store")
    write_packs(store, release.packs)
    return store, list(release.release.tenants.values())


@pytest.mark.parametrize(("campaigns", "size"), [(3, 10), (120, 10_000)])
def test_every_object_is_found_again(tmp_path: Path, campaigns: int, size: int) -> None:
    store, roots = _store(tmp_path, campaigns, size)
    for index in index_packs(store, roots):
        objects = read_pack(store, index.root)
        assert index == index_pack(store, index.root)
        assert index.root_bytes == objects[index.root]
        for digest, data in objects.items():
            assert read_object(store, index, digest) == data
        assert read_objects(store, index, tuple(objects)) == tuple(objects.values())
    assert len(index_pack(store, roots[0]).parts) == (1 if campaigns == 3 else 4)


def test_plans_and_tables_are_decoded_one_by_one(tmp_path: Path) -> None:
    store, roots = _store(tmp_path, 3, 10)
    indexed = next(iter(index_tenants(store, roots)))
    whole = read_tenant(store, indexed.digest)
    assert indexed.tenant == whole.tenant
    for campaign, digest in indexed.tenant.plans.items():
        assert read_plan(store, indexed.pack, digest) == whole.plans[campaign]
    plans = tuple(indexed.tenant.plans.values())
    assert read_plans(store, indexed.pack, plans) == tuple(whole.plans.values())
    [table] = [d.table for d in indexed.tenant.datasets.values() if d.table]
    assert read_table(store, indexed.pack, table) == whole.tables[table]
    with pytest.raises(PackDamaged, match="where a plan belongs"):
        read_plan(store, indexed.pack, table)


def test_an_object_that_is_not_of_the_pack(tmp_path: Path) -> None:
    store, roots = _store(tmp_path, 3, 10)
    index = index_pack(store, roots[0])
    with pytest.raises(PackDamaged, match="not in it"):
        read_object(store, index, digest_of(b"another"))
    store.remove([part_path(roots[0])])
    with pytest.raises(NotInStore):
        read_object(store, index, roots[0])


def test_objects_out_of_order_cannot_be_indexed(tmp_path: Path) -> None:
    store, roots = _store(tmp_path, 3, 10)
    objects = read_pack(store, roots[0])
    order = [roots[0], *sorted(objects.keys() - {roots[0]}, reverse=True)]
    store.put({part_path(roots[0]): encode_part((), {each: objects[each] for each in order})})
    assert read_pack(store, roots[0]) == objects
    with pytest.raises(PackDamaged, match="not in order"):
        index_pack(store, roots[0])


def test_packs_are_copied_as_they_are_stored(tmp_path: Path) -> None:
    store, roots = _store(tmp_path, 120, 10_000)
    target = FolderStore(tmp_path / "target")
    indexes = list(copy_packs(store, target, roots))
    assert [index.root for index in indexes] == roots
    for index in indexes:
        assert read_pack(target, index.root) == read_pack(store, index.root)
        for name in index.parts:
            assert target.read(part_path(name)) == store.read(part_path(name))
        assert isinstance(decode_object(index.root_bytes), Tenant)


def test_what_is_damaged_is_not_copied(tmp_path: Path) -> None:
    store, roots = _store(tmp_path, 3, 10)
    path = store.root / part_path(roots[1])
    path.write_bytes(path.read_bytes()[:-1])
    target = FolderStore(tmp_path / "target")
    with pytest.raises(PackDamaged):
        list(copy_packs(store, target, roots))
    assert target.names("packs") == ()
