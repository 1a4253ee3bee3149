"""The last good release on this machine's own disk: what a cold start runs when the store is away.

A folder of the store's own shape with one pointer in it. Written only after a release was verified,
built and tried; the packs first, the pointer last, so that a crash leaves the old one whole. What
the pointer no longer needs is removed. Runtimes that share the folder take turns, and none puts an
older pointer back.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from handbill.plan.model import Digest
from handbill.store.errors import StoreError, StoreUnavailable
from handbill.store.folder import FolderStore
from handbill.store.pack import encode_pack, read_pack, write_packs
from handbill.store.paths import part_path, pointer_path
from handbill.store.pointer import StoredPointer, read_pointer
from handbill.store.store import Store
from handbill.store.trust import Trust
from handbill_runtime.follow.active import ActiveRelease

LOCK = "in-use"


class LastGood:
    """One environment's last good release below `folder`, believed only if a trusted key signed it."""

    def __init__(self, folder: Path, environment: str, trust: Trust) -> None:
        self.store = FolderStore(folder)
        self._environment = environment
        self._trust = trust
        self._parts: dict[Digest, frozenset[str]] = {}
        """Packs that are whole on this disk → the files they lie in."""

    def pointer(self) -> StoredPointer | None:
        """The pointer that was last activated here, verified again; raises a StoreError."""
        return read_pointer(self.store, self._environment, self._trust)

    def keep(self, source: Store, active: ActiveRelease, envelope: bytes) -> None:
        """Copies what `active` was built from, and then its pointer as it was signed.

        Does nothing where a runtime beside this one already keeps a newer release.
        """
        pointer = active.pointer
        roots = (pointer.release, pointer.environment_digest, *active.release.tenants.values())
        with self._alone():
            if self._newest() > pointer.sequence:
                return
            packs: dict[Digest, Mapping[Digest, bytes]] = {}
            for root in roots:
                if not self._is_whole(root):
                    packs[root] = read_pack(source, root)
                    self._note(root, packs[root])
            write_packs(self.store, packs, repair=True)
            self.store.put({pointer_path(self._environment): envelope})
            self._remove_all_but(roots)

    def _newest(self) -> int:
        try:
            stored = self.pointer()
        except StoreError:
            return 0
        return stored.pointer.sequence if stored else 0

    def _is_whole(self, root: Digest) -> bool:
        """Verified once by this process, and its files are still there."""
        if root in self._parts:
            return all(self.store.size(path) is not None for path in self._parts[root])
        try:
            self._note(root, read_pack(self.store, root))
        except StoreError:
            return False
        return True

    def _note(self, root: Digest, objects: Mapping[Digest, bytes]) -> None:
        self._parts[root] = frozenset(part_path(part.name) for part in encode_pack(root, objects))

    def _remove_all_but(self, roots: Collection[Digest]) -> None:
        self._parts = {root: self._parts[root] for root in roots}
        needed = {path.rpartition("/")[2] for paths in self._parts.values() for path in paths}
        for name in self.store.names("packs"):
            if name not in needed:
                (self.store.root / "packs" / name).unlink(missing_ok=True)

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
