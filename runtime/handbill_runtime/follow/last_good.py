"""The last good release on this machine's own disk: what a cold start runs when the store is away.

A folder of the store's own shape with one pointer in it. The pointer is written only after a release
was verified, built and tried, and after the packs it needs are durable, so that a crash leaves the
old one whole. What neither the pointer nor a release in use needs is removed. Runtimes that share the
folder take turns, and none puts an older pointer back.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handbill.store.errors import StoreError, StoreUnavailable
from handbill.store.folder import FolderStore
from handbill.store.paths import part_path, pointer_path
from handbill.store.pointer import StoredPointer, read_pointer
from handbill.store.store import Reader
from handbill.store.trust import Trust
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.follow.kept_files import KeptFiles
from handbill_runtime.follow.shelf import Shelf
from handbill_runtime.stages.decoded import DecodedPlans

LOCK = "in-use"


class LastGood:
    """One environment's last good release below `folder`, believed only if its publishers signed it.

    `seal` is this runtime's own secret; see `outline_file`.
    """

    def __init__(self, folder: Path, environment: str, trust: Trust, seal: bytes = b"") -> None:
        self.store = FolderStore(folder)
        self.kept = KeptFiles(self.store, seal)
        self._environment = environment
        self._trust = trust

    def shelf(self, store: Reader, decoded: DecodedPlans | None = None) -> Shelf:
        """Plans of releases that are published in `store`, kept here."""
        return Shelf(store, self.kept, decoded)

    def pointer(self) -> StoredPointer | None:
        """The pointer that was last activated here, verified again; raises a StoreError."""
        return read_pointer(self.store, self._environment, self._trust)

    def keep(self, shelf: Shelf, active: ActiveRelease, envelope: bytes) -> None:
        """Makes durable what `active` was built from, and then its pointer as it was signed.

        Does nothing where a runtime beside this one already keeps a newer release.
        """
        with self._alone():
            if self._newest() > active.pointer.sequence:
                return
            self.kept.settle(shelf.is_all_tried)
            self.store.put({pointer_path(self._environment): envelope})

    def sweep(self, shelf: Shelf, active: ActiveRelease) -> None:
        """Removes what neither `active`, nor the kept pointer, nor a release in use needs."""
        with self._alone():
            if self._newest() > active.pointer.sequence:
                return
            pointer = active.pointer
            roots = (pointer.release, pointer.environment_digest, *active.release.tenants.values())
            self.kept.sweep({*shelf.needed(), *map(part_path, roots)}, roots)

    def _newest(self) -> int:
        try:
            stored = self.pointer()
        except StoreError:
            return 0
        return stored.pointer.sequence if stored else 0

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Held for the moment of writing, not for the runtime's life."""
        try:
            self.store.root.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.store.root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        except OSError as error:
            raise StoreUnavailable(
                f"the last good release cannot be kept in {self.store.root}: {error.strerror}",
                "give --state a folder that this user may write",
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
