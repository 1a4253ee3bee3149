"""Pictures in a store: one file each below `assets/`, named by the SHA-256 of its bytes and its kind.

A file of a name never changes, so whoever serves the folder may let it be kept for ever. They lie
beside the packs, not in them: a runtime needs none of them to send.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from handbill.store.errors import AssetDamaged, NotInStore
from handbill.store.marks import claim
from handbill.store.store import Store

KINDS = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
"""The end of a name → its media type."""
FOLDER = "assets"
_TOGETHER = 16
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
    wanted = tuple(dict.fromkeys(names))
    if wanted:
        claim(store, {asset_path(name) for name in wanted})
    there = _whole(store, wanted) if repair else _stored(store, wanted)
    missing = [name for name in wanted if name not in there]
    for at in range(0, len(missing), _TOGETHER):
        store.put({asset_path(n): _proved(n, assets[n]) for n in missing[at : at + _TOGETHER]})
    return len(missing)


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
    listed = tuple(names)
    for name, size in zip(listed, store.sizes(tuple(map(asset_path, listed))), strict=True):
        if not size:
            raise NotInStore(f"the picture {name} is missing from the store", "publish again")


def _proved(name: str, data: bytes) -> bytes:
    if _digest(data) != _stem(name):
        raise AssetDamaged(f"the picture {name} changed while it was published", "publish again")
    return data


def _stored(store: Store, names: Sequence[str]) -> set[str]:
    """Those that are there, as far as their size says."""
    sizes = store.sizes([asset_path(name) for name in names])
    return {name for name, size in zip(names, sizes, strict=True) if size}


def _whole(store: Store, names: Sequence[str]) -> set[str]:
    """Those whose bytes in the store are the right ones."""
    found = store.read_many([asset_path(name) for name in names])
    return {
        name
        for name, stored in zip(names, found, strict=True)
        if stored is not None and _digest(stored.data) == _stem(name)
    }


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
