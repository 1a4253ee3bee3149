from __future__ import annotations

from pathlib import Path

import pytest
from sample_release import compiled, environment

from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Release
from handbill.plan.pointer import Pointer
from handbill.store.errors import NotInStore, PackDamaged
from handbill.store.folder import FolderStore
from handbill.store.pack import write_packs
from handbill.store.paths import part_path
from handbill.store.release import prove_whole, read_environment, read_release, read_tenant


def _stored(tmp_path: Path) -> tuple[FolderStore, Pointer]:
    store = FolderStore(tmp_path)
    release = compiled({"fresh": {"a": "A", "b": "B"}, "valle": "C"})
    data = canonical_bytes(environment())
    write_packs(store, {**release.packs, digest_of(data): {digest_of(data): data}})
    return store, Pointer(
        environment="production",
        environment_digest=digest_of(data),
        sequence=1,
        release=release.digest,
        commit="c",
        compiler="0",
        issued="",
        expires="",
    )


def test_a_release_is_read_by_its_digest(tmp_path: Path) -> None:
    store, pointer = _stored(tmp_path)
    release = read_release(store, pointer.release)
    assert sorted(release.release.tenants) == ["fresh", "valle"]
    assert release.channels["push"].name == "push"
    tenant = read_tenant(store, release.release.tenants["fresh"])
    assert {name: plan.campaign for name, plan in tenant.plans.items()} == {"a": "a", "b": "b"}
    assert [table.columns for table in tenant.tables.values()] == [("id", "city")]
    assert read_environment(store, pointer.environment_digest) == environment()
    prove_whole(store, pointer)


def test_a_missing_tenant_is_found(tmp_path: Path) -> None:
    store, pointer = _stored(tmp_path)
    digest = read_release(store, pointer.release).release.tenants["valle"]
    (tmp_path / part_path(digest)).unlink()
    with pytest.raises(NotInStore):
        prove_whole(store, pointer)


def test_an_object_of_another_kind_is_refused(tmp_path: Path) -> None:
    store, pointer = _stored(tmp_path)
    with pytest.raises(PackDamaged, match="is a environment where a release belongs"):
        read_release(store, pointer.environment_digest)


def test_a_later_format_is_not_guessed_at(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    data = canonical_bytes(Release(format=99, tenants={}, channels={}))
    write_packs(store, {digest_of(data): {digest_of(data): data}})
    with pytest.raises(PackDamaged, match="plan format 99"):
        read_release(store, digest_of(data))
