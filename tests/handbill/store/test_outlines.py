"""Outlines for cold starts follow from the packs alone, and count only as their publishers signed them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard
from sample_release import compiled, signing_key

from handbill.plan.canonical import canonical_bytes, decode_object, digest_of
from handbill.plan.model import Digest, Plan, Table, Tenant
from handbill.plan.outline import outline_of
from handbill.store.bundle import renew_bundles
from handbill.store.errors import PackDamaged
from handbill.store.folder import FolderStore
from handbill.store.outlines import (
    PackOutlines,
    decoded_as,
    encode_outlines,
    named_files,
    read_outlines,
    sign_listing,
)
from handbill.store.pack import read_pack, write_packs
from handbill.store.paths import bundle_path, outlines_path
from handbill.store.reachable import reachable
from handbill.store.references import HistoryWindow
from handbill.store.trust import flat_trust

KEY = signing_key()
TRUST = flat_trust(KEY.public)
NOW = datetime(2026, 12, 5, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def outlined(store: FolderStore, count: int = 40) -> tuple[Digest, ...]:
    release = compiled({f"tenant-{n:02}": f"Hello {n}" for n in range(count)})
    write_packs(store, release.packs)
    roots = tuple(release.release.tenants.values())
    assert renew_bundles(store, "production", release.digest, roots, [KEY.private])
    return roots


def replaced(store: FolderStore, packs: list[PackOutlines]) -> None:
    data = encode_outlines(packs)
    listing = sign_listing("production", [digest_of(data)], [KEY.private])
    store.put({bundle_path(digest_of(data)): data, outlines_path("production"): listing})


def test_they_are_what_the_packs_hold(store: FolderStore) -> None:
    roots = outlined(store)
    found = read_outlines(store, "production", TRUST, roots)
    assert list(found) == list(roots)
    for root, pack in found.items():
        objects = read_pack(store, root)
        tenant = decoded_as(Tenant, pack.root_bytes, root)
        assert {one.digest for one in pack.outlines} == set(tenant.plans.values())
        for one in pack.outlines:
            plan = decode_object(objects[one.digest])
            assert isinstance(plan, Plan) and one == outline_of(plan, one.digest)


def test_only_what_is_asked_for_is_told(store: FolderStore) -> None:
    roots = outlined(store)
    assert set(read_outlines(store, "production", TRUST, roots[:3])) == set(roots[:3])


def test_without_keys_there_are_none(store: FolderStore) -> None:
    release = compiled({f"tenant-{n:02}": "Hello" for n in range(40)})
    write_packs(store, release.packs)
    roots = tuple(release.release.tenants.values())
    renew_bundles(store, "production", release.digest, roots)
    assert read_outlines(store, "production", TRUST, roots) == {}
    assert named_files(store, "production") == ()


@pytest.mark.parametrize("spoil", ["root", "parts", "begins"])
def test_a_pack_that_makes_no_sense_is_left_out(store: FolderStore, spoil: str) -> None:
    roots = outlined(store)
    first, *rest = read_outlines(store, "production", TRUST, roots).values()
    changes: dict[str, PackOutlines] = {
        "root": PackOutlines(b"{}", first.parts, first.begins, first.outlines),
        "parts": PackOutlines(first.root_bytes, ("../x",), (), first.outlines),
        "begins": PackOutlines(first.root_bytes, first.parts, ("x",), first.outlines),
    }
    replaced(store, [changes[spoil], *rest])
    assert set(read_outlines(store, "production", TRUST, roots)) == set(roots[1:])


@pytest.mark.parametrize(
    "data", [b"", b"x", zstandard.ZstdCompressor().compress(b"[1]")], ids=["none", "odd", "other"]
)
def test_a_signed_file_of_something_else_is_passed_over(store: FolderStore, data: bytes) -> None:
    roots = outlined(store)
    listing = sign_listing("production", [digest_of(data)], [KEY.private])
    store.put({bundle_path(digest_of(data)): data, outlines_path("production"): listing})
    assert read_outlines(store, "production", TRUST, roots) == {}


def test_a_collection_keeps_them(store: FolderStore) -> None:
    outlined(store)
    named = named_files(store, "production")
    kept = reachable(store, HistoryWindow(timedelta(1), 1), NOW, ())
    assert named and {bundle_path(each) for each in named} <= kept
    store.put({outlines_path("production"): b"?"})
    assert named_files(store, "production") == ()


def test_an_object_of_another_kind_is_damage() -> None:
    data = canonical_bytes(Table(columns=(), rows=()))
    for kind, given in ((Tenant, data), (Plan, b"?")):
        with pytest.raises(PackDamaged):
            decoded_as(kind, given, digest_of(given))
