"""The files of the last good release on this machine's disk, and of whatever else still runs here.

Files are written as they arrive and are made durable together, before the pointer that needs them is.
They are the store's own, byte for byte, so that what was proved there proves them here.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from handbill.plan.model import Digest
from handbill.plan.outline import PlanOutline
from handbill.store.errors import StoreError, StoreUnavailable
from handbill.store.folder import FolderStore
from handbill.store.pack_index import PackIndex
from handbill.store.paths import part_path
from handbill.store.store import Reader, Stored
from handbill_runtime.follow.outline_file import TenantOutlines, decode_outlines, encode_outlines

WRITERS = 16
"""So many files are made durable at once: what takes long is waiting for the disk."""


class FetchingReader:
    """Reads a file from this disk or else from `source`; what came from there is in `fetched`."""

    def __init__(self, here: FolderStore, source: Reader, believe_disk: bool) -> None:
        self._disk, self._source, self._believe_disk = here, source, believe_disk
        self.fetched: dict[str, bytes] = {}
        self.found_here = False

    def read(self, path: str) -> Stored | None:
        return next(self.read_many((path,)))

    def read_many(self, paths: Sequence[str]) -> Iterator[Stored | None]:
        here = {path: self._here(path) for path in paths} if self._believe_disk else {}
        missing = [path for path in paths if here.get(path) is None]
        fetched = self._source.read_many(missing)
        for path in paths:
            stored = here.pop(path, None)
            if stored is not None:
                self.found_here = True
            else:
                stored = next(fetched)
                if stored is not None:
                    self.fetched[path] = stored.data
            yield stored

    def _here(self, path: str) -> Stored | None:
        try:
            return self._disk.read(path)
        except StoreError:
            return None


class KeptFiles:
    """Below `store.root`. Any thread may put files; one settles and sweeps."""

    def __init__(self, store: FolderStore, seal: bytes) -> None:
        self.store = store
        self._seal = seal
        self._lock = threading.Lock()
        self._unsettled: set[str] = set()
        self._noted: dict[Digest, TenantOutlines] = {}

    def outlines(self, root: Digest) -> TenantOutlines | None:
        """What was remembered of a pack, if every file of it is still there with its length."""
        try:
            stored = self.store.read(_outlines_path(root))
            known = decode_outlines(stored.data, root, self._seal) if stored else None
            if known is None:
                return None
            sizes = self.store.sizes([part_path(name) for name, _ in known.parts])
        except StoreError:
            return None
        return known if sizes == tuple(size for _, size in known.parts) else None

    def knows(self, root: Digest) -> bool:
        """Whether something is remembered of the pack, right or wrong."""
        return self.store.size(_outlines_path(root)) is not None

    def has(self, root: Digest) -> bool:
        """Whether a file of this name is here, whatever it holds."""
        return self.store.size(part_path(root)) is not None

    def put(self, files: Mapping[str, bytes]) -> None:
        """Visible at once, durable after `settle`."""
        if files:
            self.store.put(files, durable=False)
            with self._lock:
                self._unsettled.update(files)

    def note(self, index: PackIndex, outlines: tuple[PlanOutline, ...]) -> None:
        """A pack that was proved; remembered when it is settled."""
        sizes = self.store.sizes([part_path(name) for name in index.parts])
        parts = tuple((name, size or 0) for name, size in zip(index.parts, sizes, strict=True))
        noted = TenantOutlines(index.root, index.root_bytes, parts, index.begins, outlines)
        with self._lock:
            self._noted[index.root] = noted

    def put_parts(self, parts: Mapping[str, bytes]) -> None:
        """Those that are not here yet; nothing is proved by their being here."""
        here = self.store.sizes(tuple(parts))
        self.put(
            {path: data for (path, data), size in zip(parts.items(), here, strict=True) if not size}
        )

    def settle(self, is_tried: Callable[[Digest], bool]) -> None:
        """Remembers what was noted, and returns when everything that was put is durable."""
        with self._lock:
            noted, self._noted = self._noted, {}
        self.put(
            {
                _outlines_path(root): encode_outlines(_marked(one, is_tried(root)), self._seal)
                for root, one in noted.items()
            }
        )
        with self._lock:
            paths, self._unsettled = self._unsettled, set()
        self._sync([self.store.root / path for path in sorted(paths)])

    def sweep(self, needed: Collection[str], roots: Collection[Digest]) -> None:
        """Removes packs' files that are not `needed`, and what is remembered of other packs."""
        kept = {*needed, *map(_outlines_path, roots)}
        with self._lock:
            self._noted = {}
            self._unsettled &= kept
        for folder in ("packs", "outlines"):
            for name in self.store.names(folder):
                if f"{folder}/{name}" not in kept:
                    (self.store.root / folder / name).unlink(missing_ok=True)

    def _sync(self, files: Sequence[Path]) -> None:
        folders = sorted({file.parent for file in files})
        try:
            if len(files) > 1:
                with ThreadPoolExecutor(WRITERS, thread_name_prefix="keep") as writers:
                    list(writers.map(_fsync, files))
            for path in (*files[:1], *folders):
                _fsync(path)
        except OSError as error:
            raise StoreUnavailable(
                f"the last good release cannot be kept in {self.store.root}: {error.strerror}",
                "free some space, or give --state a folder on a sound disk",
            ) from error


def _outlines_path(root: Digest) -> str:
    return f"outlines/{root.removeprefix('sha256:')}"


def _marked(noted: TenantOutlines, tried: bool) -> TenantOutlines:
    return TenantOutlines(
        noted.root, noted.root_bytes, noted.parts, noted.begins, noted.outlines, tried
    )


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
