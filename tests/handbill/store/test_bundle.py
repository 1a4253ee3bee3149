"""Bundles: a cold start takes few requests with them, and is right without them."""

from __future__ import annotations

from pathlib import Path

import pytest
from s3_server import Bucket
from sample_release import compiled

from handbill.lower.release import CompiledRelease
from handbill.plan.canonical import digest_of
from handbill.store import bundle as bundle_module
from handbill.store.bundle import (
    Bundle,
    BundledReader,
    Catalog,
    encode_bundle,
    open_bundle,
    read_catalog,
    renew_bundles,
    with_bundles,
    worthwhile,
)
from handbill.store.folder import FolderStore
from handbill.store.pack import read_pack, write_packs
from handbill.store.pack_index import copy_packs, index_packs
from handbill.store.paths import bundle_path, bundles_path, part_path
from handbill.store.store import Store


def _release(
    tenants: int, text: str = "Hello", **others: str
) -> tuple[CompiledRelease, tuple[str, ...]]:
    texts = {f"tenant-{n:04}": f"{text} {n}" for n in range(tenants)} | others
    release = compiled(texts)
    return release, tuple(release.release.tenants.values())


def _stored(store: Store, tenants: int) -> tuple[str, ...]:
    release, roots = _release(tenants)
    write_packs(store, release.packs)
    assert renew_bundles(store, "production", release.digest, roots)
    return roots


def test_a_cold_start_of_many_tenants_takes_few_requests(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_module, "BUNDLE_BYTES", 40_000)
    store = bucket.open()
    roots = _stored(store, 200)
    bucket.proxy.requests.clear()
    target = FolderStore(tmp_path)
    indexes = list(copy_packs(with_bundles(store, "production", roots), target, roots))
    catalog = read_catalog(target, "production") or read_catalog(store, "production")
    assert catalog is not None and len(catalog.bundles) > 2
    fetched = len(bucket.proxy.requests) - 1
    assert fetched == 1 + len(catalog.bundles), "the catalog, and each bundle once"
    assert [index.root for index in indexes] == list(roots)
    assert all(read_pack(target, root) == read_pack(store, root) for root in roots[:5])


def test_what_is_in_no_bundle_is_read_by_itself(bucket: Bucket) -> None:
    store = bucket.open()
    _stored(store, 60)
    release, roots = _release(60, another="tenant", further="one")
    write_packs(store, release.packs)
    bucket.proxy.requests.clear()
    list(index_packs(with_bundles(store, "production", roots), roots))
    assert len(bucket.proxy.requests) == 1 + 1 + 2


def test_a_release_that_changed_little_keeps_its_bundles(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    roots = _stored(store, 100)
    release, more = _release(100, **{f"new-{n}": "x" for n in range(31)})
    write_packs(store, release.packs)
    before = read_catalog(store, "production")
    assert not renew_bundles(store, "production", release.digest, more)
    assert read_catalog(store, "production") == before
    release, more = _release(100, **{f"new-{n}": "x" for n in range(32)})
    write_packs(store, release.packs)
    assert renew_bundles(store, "production", release.digest, more)
    catalog = read_catalog(store, "production")
    assert catalog is not None and catalog.release == release.digest
    assert {root for bundle in catalog.bundles for root in bundle.roots} == set(more) > set(roots)


def test_few_tenants_need_none(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    release, roots = _release(31)
    write_packs(store, release.packs)
    assert not renew_bundles(store, "production", release.digest, roots)
    assert with_bundles(store, "production", roots) is store


@pytest.mark.parametrize("harm", ["gone", "cut", "flipped", "another", "empty"])
def test_a_harmed_bundle_is_passed_over(tmp_path: Path, harm: str) -> None:
    store = FolderStore(tmp_path)
    roots = _stored(store, 40)
    catalog = read_catalog(store, "production")
    assert catalog is not None
    path = tmp_path / bundle_path(catalog.bundles[0].digest)
    whole = path.read_bytes()
    match harm:
        case "gone":
            path.unlink()
        case "cut":
            path.write_bytes(whole[:-1])
        case "flipped":
            path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        case "another":
            path.write_bytes(encode_bundle({}))
        case _:
            path.write_bytes(b"")
    reader = with_bundles(store, "production", roots)
    assert isinstance(reader, BundledReader)
    assert [index.root for index in index_packs(reader, roots)] == list(roots)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"rubbish",
        b'{"format":2,"release":"x","bundles":[]}',
        b'{"format":1,"release":"x","bundles":[{"digest":"x","roots":[]}]}',
        b'{"format":1,"release":"x","bundles":[{"digest":"../../x","roots":[]}]}',
        b'{"x":' + b"[" * 100_000,
    ],
)
def test_a_harmed_catalog_is_none(tmp_path: Path, data: bytes) -> None:
    store = FolderStore(tmp_path)
    roots = _stored(store, 40)
    store.put({bundles_path("production"): data})
    assert read_catalog(store, "production") is None
    reader = with_bundles(store, "production", roots)
    assert len(list(index_packs(reader, roots))) == 40


@pytest.mark.parametrize(
    "data",
    [
        b"handbill-bundle 1\nparts 1\n",
        b"handbill-bundle 1\nparts 1\nsha256:" + b"a" * 64 + b" 9\nshort",
        b"handbill-bundle 1\nparts 0\nmore",
        b"handbill-bundle 2\nparts 0\n",
    ],
)
def test_bundles_that_lie_are_empty(data: bytes) -> None:
    assert open_bundle(digest_of(data), data) == {}


def test_a_catalog_that_promises_the_same_over_and_over_is_heeded_once() -> None:
    roots = [digest_of(b"%d" % n) for n in range(70)]
    again = tuple(Bundle(digest=digest_of(b"x%d" % n), roots=tuple(roots[:60])) for n in range(999))
    rest = Bundle(digest=digest_of(b"rest"), roots=tuple(roots[30:]))
    catalog = Catalog(format=1, release=roots[0], bundles=(*again, rest))
    assert worthwhile(catalog, roots) == [again[0]]
    assert worthwhile(Catalog(format=1, release=roots[0], bundles=(rest,)), roots) == [rest]
    assert worthwhile(None, roots) == []


def test_one_part_of_a_bundle(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    roots = _stored(store, 40)
    stored = with_bundles(store, "production", roots).read(part_path(roots[3]))
    plain = store.read(part_path(roots[3]))
    assert stored is not None and plain is not None and stored.data == plain.data
