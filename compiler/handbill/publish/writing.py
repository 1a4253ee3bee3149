"""Writing what a pointer is about to name: packs and pictures, all durable before it moves."""

from __future__ import annotations

from collections.abc import Collection

from handbill.plan.model import Digest
from handbill.publish.attempt import Attempt
from handbill.publish.pictures import pictures_of
from handbill.publish.prepared import Packs, Prepared
from handbill.store.assets import write_assets
from handbill.store.pack import write_packs
from handbill.store.paths import part_path


def write_new(attempt: Attempt, prepared: Prepared, repair: bool) -> int:
    """Writes what the release before did not have; with `repair` also what the store lost of that.

    The number of packs that were written.
    """
    new = _new_packs(attempt, prepared, repair)
    written = write_packs(attempt.store, new)
    _write_pictures(attempt, prepared, only=None if repair else new.keys())
    return written


def write_again(attempt: Attempt, prepared: Prepared) -> int:
    """Writes whatever is missing or damaged of all of it. The number of packs that were written."""
    written = write_packs(attempt.store, prepared.packs, repair=True)
    _write_pictures(attempt, prepared, repair=True)
    return written


def _new_packs(attempt: Attempt, prepared: Prepared, repair: bool) -> Packs:
    previous = prepared.previous
    known = frozenset(previous.release.tenants.values()) if previous else frozenset()
    return {
        root: objects
        for root, objects in prepared.packs.items()
        if root not in known or (repair and attempt.store.size(part_path(root)) is None)
    }


def _write_pictures(
    attempt: Attempt,
    prepared: Prepared,
    repair: bool = False,
    only: Collection[Digest] | None = None,
) -> None:
    """A message that shows one may leave as soon as the pointer moves. `only` these tenants' where
    the others' were written when they were published."""
    compiled = attempt.compiled
    tenants = prepared.merged.release.tenants.values()
    names = pictures_of(compiled, (each for each in tenants if only is None or each in only))
    write_assets(attempt.store, names, compiled.assets, repair=repair)
