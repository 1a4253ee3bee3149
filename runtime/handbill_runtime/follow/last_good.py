"""The last good release on this machine's own disk: what a cold start runs when the store is away.

A folder of the store's own shape with one pointer in it. Written only after a release was verified,
built and tried; the packs first, the pointer last, so that a crash leaves the old one whole.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from handbill.plan.model import Pointer
from handbill.store.folder import FolderStore
from handbill.store.keys import PublicKey
from handbill.store.pack import read_pack, write_packs
from handbill.store.paths import pointer_path
from handbill.store.pointer import StoredPointer, read_pointer
from handbill.store.store import Store
from handbill_runtime.follow.active import ActiveRelease


class LastGood:
    """One environment's last good release below `folder`."""

    def __init__(self, folder: Path, environment: str) -> None:
        self.store = FolderStore(folder)
        self._environment = environment

    def pointer(self, trusted: Collection[PublicKey]) -> StoredPointer | None:
        """The pointer that was last activated here, verified again; raises a StoreError."""
        return read_pointer(self.store, self._environment, trusted)

    def keep(self, source: Store, active: ActiveRelease, envelope: bytes) -> None:
        """Copies what `active` was built from, and then its pointer as it was signed."""
        write_packs(
            self.store,
            {
                root: read_pack(source, root)
                for root in _roots(active.pointer, active)
                if self._lacks(root)
            },
        )
        self.store.put({pointer_path(self._environment): envelope})

    def _lacks(self, root: str) -> bool:
        from handbill.store.errors import StoreError

        try:
            read_pack(self.store, root)
        except StoreError:
            return True
        return False


def _roots(pointer: Pointer, active: ActiveRelease) -> tuple[str, ...]:
    return (pointer.release, pointer.environment_digest, *active.release.tenants.values())
