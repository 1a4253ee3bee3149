"""Pictures in a store: written once, proved when read, written anew where they are damaged."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from handbill.store.assets import (
    asset_path,
    is_asset_name,
    media_type,
    prove_assets,
    read_asset,
    write_assets,
)
from handbill.store.errors import AssetDamaged, NotInStore
from handbill.store.folder import FolderStore

DATA = b"a picture"
NAME = f"{hashlib.sha256(DATA).hexdigest()}.png"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store")


def test_written_once_and_read_back(store: FolderStore) -> None:
    assert read_asset(store, NAME) is None
    assert write_assets(store, [NAME], {NAME: DATA}) == 1
    assert write_assets(store, [NAME], {}) == 0, "nothing is read for what is there"
    assert read_asset(store, NAME) == DATA


def test_damage_is_told_and_repaired(store: FolderStore, tmp_path: Path) -> None:
    write_assets(store, [NAME], {NAME: DATA})
    (tmp_path / "store" / asset_path(NAME)).write_bytes(b"another")
    with pytest.raises(AssetDamaged, match="damaged"):
        read_asset(store, NAME)
    assert write_assets(store, [NAME], {NAME: DATA}) == 0
    assert write_assets(store, [NAME], {NAME: DATA}, repair=True) == 1
    assert write_assets(store, [NAME], {NAME: DATA}, repair=True) == 0
    assert read_asset(store, NAME) == DATA


def test_bytes_that_changed_meanwhile_are_not_written(store: FolderStore) -> None:
    with pytest.raises(AssetDamaged, match="changed while it was published"):
        write_assets(store, [NAME], {NAME: b"another"})
    assert read_asset(store, NAME) is None


def test_one_that_is_missing(store: FolderStore) -> None:
    with pytest.raises(NotInStore, match="is missing"):
        prove_assets(store, [NAME])
    write_assets(store, [NAME], {NAME: DATA})
    prove_assets(store, [NAME])


@pytest.mark.parametrize(
    "name",
    ["", "a.png", f"{'0' * 64}.svg", f"{'0' * 63}.png", f"../{NAME}", NAME.upper(), NAME + "\n"],
)
def test_what_is_no_name(name: str) -> None:
    assert not is_asset_name(name)
    with pytest.raises(ValueError, match="not an asset's name"):
        asset_path(name)


def test_media_types() -> None:
    kinds = {kind: media_type(f"{'0' * 64}.{kind}") for kind in ("png", "jpg", "gif", "webp")}
    assert kinds == {
        "png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"
    }  # fmt: skip
