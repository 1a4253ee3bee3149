"""Pictures in a store: one file each below `assets/`, named by the SHA-256 of its bytes and its kind.

A file of a name never changes, so whoever serves the folder may let it be kept for ever. They lie
beside the packs, not in them: a runtime needs none of them to send.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from handbill.store.errors import AssetDamaged, NotInStore
from handbill.store.store import Store

KINDS = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
"""The end of a name → its media type."""
FOLDER = "assets"
_NAME = re.compile(r"[0-9a-f]{64}\.(png|jpg|gif|webp)")


def is_asset_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def asset_path(name: str) -> str:
    """Where an asset lies. `name` must be one (ValueError: a bug)."""
    if not is_asset_name(name):
        raise ValueError(f"not an asset's name: {name!r}")
    return f"{FOLDER}/{name}"


def media_type(name: str) -> str:
    return KINDS[name.rpartition(".")[2]]


def write_assets(
    store: Store, names: Iterable[str], assets: Mapping[str, bytes], *, repair: bool = False
) -> int:
    """Writes what of `names` is not there yet, durably, and with `repair` what is damaged; how many
    were written. AssetDamaged where the bytes to write are no longer those of their name."""
    written = 0
    for name in names:
        if _is_there(store, name, repair):
            continue
        data = assets[name]
        if _digest(data) != _stem(name):
            raise AssetDamaged(
                f"the picture {name} changed while it was published", "publish again"
            )
        store.put({asset_path(name): data})
        written += 1
    return written


def read_asset(store: Store, name: str) -> bytes | None:
    """The bytes, proved to be those of the name; None where there are none."""
    stored = store.read(asset_path(name))
    if stored is None:
        return None
    if _digest(stored.data) != _stem(name):
        raise AssetDamaged(f"the picture {name} in the store is damaged", "publish again")
    return stored.data


def prove_assets(store: Store, names: Iterable[str]) -> None:
    """NotInStore where one is missing; their bytes are not read."""
    for name in names:
        if not store.size(asset_path(name)):
            raise NotInStore(f"the picture {name} is missing from the store", "publish again")


def _is_there(store: Store, name: str, repair: bool) -> bool:
    if not repair:
        return bool(store.size(asset_path(name)))
    try:
        return read_asset(store, name) is not None
    except AssetDamaged:
        return False


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
