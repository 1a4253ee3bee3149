"""Which files of a store somebody still needs: everything that its environments name, and what that holds.

Every environment of the store counts, whichever one a collection was asked about. A release leads to
its tenants, a pack to its further parts, a tenant to its pictures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from handbill.plan.canonical import ObjectError, decode_object
from handbill.plan.model import Digest, Release, Tenant
from handbill.store.assets import asset_path
from handbill.store.bundle import read_catalog
from handbill.store.errors import CollectionRefused, PackDamaged
from handbill.store.outlines import named_files
from handbill.store.part import open_part
from handbill.store.paths import bundle_path, part_path
from handbill.store.references import HistoryWindow, named_in
from handbill.store.store import Store


def reachable(
    store: Store, window: HistoryWindow, now: datetime, packs: Collection[str]
) -> set[str]:
    """Paths; `packs` are the names of all files in the folder of packs.

    Raises CollectionRefused where something that is needed cannot be read.
    """
    named: set[Digest] = set()
    bundles: set[str] = set()
    for environment in store.folders("environments"):
        named |= named_in(store, environment, window, now)
        catalog = read_catalog(store, environment)
        bundles |= {bundle_path(bundle.digest) for bundle in catalog.bundles} if catalog else set()
        bundles |= {bundle_path(digest) for digest in named_files(store, environment)}
    there = {f"packs/{name}" for name in packs}
    if there and not named:
        raise CollectionRefused(
            "the store has packs, and no environment in it names any: its environments are gone",
            "see that all of the store is there, or publish again",
        )
    kept = _packs(store, named, there)
    return kept | bundles


def _packs(store: Store, named: Iterable[Digest], there: Collection[str]) -> set[str]:
    """What the named packs lead to, themselves among it; a name without a pack leads nowhere."""
    kept: set[str] = set()
    waiting = [path for digest in named if (path := part_path(digest)) in there]
    while waiting:
        fresh = [path for path in dict.fromkeys(waiting) if path not in kept]
        kept.update(fresh)
        waiting = []
        for path, stored in zip(fresh, store.read_many(fresh), strict=True):
            if stored is not None:
                tenants, others = _leads_to(path, stored.data)
                kept |= others
                waiting += [tenant for tenant in tenants if tenant in there]
    return kept


def _leads_to(path: str, data: bytes) -> tuple[list[str], set[str]]:
    """The packs and the other files that a pack needs."""
    name = f"sha256:{path.rpartition('/')[2]}"
    try:
        part = open_part(name, data)
        others = {part_path(further) for further in part.further}
        root = decode_object(part.object(name)) if name in part.places else None
    except (PackDamaged, ObjectError) as error:
        raise CollectionRefused(
            f"`{path}` in the store is needed and damaged, so nobody knows what it leads to: {error}",
            "publish again: it is then written anew",
        ) from error
    match root:
        case Release():
            return [part_path(tenant) for tenant in root.tenants.values()], others
        case Tenant():
            return [], others | {asset_path(asset) for asset in root.assets}
        case _:
            return [], others
