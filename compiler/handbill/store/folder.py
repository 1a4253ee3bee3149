"""A store in a folder of a local (or network) file system.

A file appears whole or not at all: it is written beside, made durable, then renamed. Create-only
and swap take an advisory lock on a separate file, so any number of processes may publish at once.
Temporary files and the lock lie outside the folders that runtimes watch.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from handbill.store.errors import (
    NotInStore,
    StoreBusy,
    StoreError,
    StoreUnavailable,
    StoreUnusable,
    TooLarge,
)
from handbill.store.paths import environment_folder
from handbill.store.store import MAX_FILE_BYTES, Listed, Stored, Unchanged

_TEMPORARY = "temporary"
_LOCK = "lock"
_LOCK_SECONDS = 10.0
_STALE_SECONDS = 24 * 3600
_WRITERS = 8
_FEW = 3


class FolderStore:
    """See `Store`. `root` need not exist until something is written."""

    def __init__(self, root: Path, lock_seconds: float = _LOCK_SECONDS) -> None:
        self.root = root.absolute()
        self._lock_seconds = lock_seconds
        if self.root.exists() and not self.root.is_dir():
            raise StoreUnusable(f"the store {self.root} is a file", "a store is a folder")

    @property
    def url(self) -> str:
        return self.root.as_uri()

    def watched_folder(self, environment: str) -> Path | None:
        return self.root / environment_folder(environment)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def read(self, path: str) -> Stored | None:
        with self._outside(path):
            try:
                descriptor = os.open(self.root / path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            except (FileNotFoundError, NotADirectoryError):
                return None
            with open(descriptor, "rb") as file:
                status = os.fstat(file.fileno())
                _refuse_odd(path, status)
                data = file.read(MAX_FILE_BYTES + 1)
        _refuse_large(path, len(data))
        return Stored(data, hashlib.sha256(data).hexdigest())

    def read_unless(self, path: str, version: str) -> Stored | Unchanged | None:
        stored = self.read(path)
        return Unchanged.UNCHANGED if stored and stored.version == version else stored

    def read_many(self, paths: Sequence[str]) -> Iterator[Stored | None]:
        return map(self.read, paths)

    def size(self, path: str) -> int | None:
        with self._outside(path):
            try:
                return (self.root / path).stat().st_size
            except (FileNotFoundError, NotADirectoryError):
                return None

    def sizes(self, paths: Sequence[str]) -> tuple[int | None, ...]:
        return tuple(map(self.size, paths))

    def names(self, folder: str) -> tuple[str, ...]:
        with self._outside(folder):
            try:
                return tuple(sorted(os.listdir(self.root / folder)))
            except FileNotFoundError:
                return ()

    def folders(self, folder: str) -> tuple[str, ...]:
        return tuple(name for name in self.names(folder) if (self.root / folder / name).is_dir())

    def listed(self, folder: str) -> tuple[Listed, ...]:
        found = []
        for name in self.names(folder):
            with self._outside(f"{folder}/{name}"):
                status = _status_of(self.root / folder / name)
                if status is not None and stat.S_ISREG(status.st_mode):
                    modified = datetime.fromtimestamp(status.st_mtime, UTC)
                    found.append(Listed(name, status.st_size, modified))
        return tuple(found)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def put(self, files: Mapping[str, bytes], *, durable: bool = True) -> None:
        for path, data in files.items():
            _refuse_large(path, len(data))
        with self._outside("packs"):
            targets = {path: self._prepared(path) for path in files}
            temporaries = self._write_all_beside(tuple(files.values()), durable)
            for target, temporary in zip(targets.values(), temporaries, strict=True):
                os.rename(temporary, target)
            if durable:
                for folder in {target.parent for target in targets.values()}:
                    _sync_folder(folder)

    def create(self, path: str, data: bytes) -> bool:
        _refuse_large(path, len(data))
        with self._outside(path), self._locked():
            target = self._prepared(path)
            if os.path.lexists(target):
                return False
            self._replace(target, data)
            return True

    def swap(self, path: str, expected: str | None, data: bytes) -> bool:
        _refuse_large(path, len(data))
        with self._outside(path), self._locked():
            current = self.read(path)
            if (current.version if current else None) != expected:
                return False
            self._replace(self._prepared(path), data)
        with contextlib.suppress(StoreError):
            self.sweep()
        return True

    def remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            with self._outside(path):
                (self.root / path).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Removes temporary files that killed writers left behind a day ago or longer."""
        removed = 0
        with self._outside(_TEMPORARY):
            for name in self.names(_TEMPORARY):
                leftover = self.root / _TEMPORARY / name
                with contextlib.suppress(FileNotFoundError):
                    if leftover.stat().st_mtime < time.time() - _STALE_SECONDS:
                        leftover.unlink()
                        removed += 1
        return removed

    def _write_all_beside(self, contents: Sequence[bytes], durable: bool) -> list[Path]:
        """Waiting for the disk is what takes long: several files wait together."""
        if len(contents) <= _FEW:
            return [self._write_beside(data, durable) for data in contents]
        with ThreadPoolExecutor(_WRITERS) as writers:
            return list(writers.map(lambda data: self._write_beside(data, durable), contents))

    def _replace(self, target: Path, data: bytes) -> None:
        os.rename(self._write_beside(data, durable=True), target)
        _sync_folder(target.parent)

    def _write_beside(self, data: bytes, durable: bool) -> Path:
        unique = f"{os.getpid()}-{time.monotonic_ns()}-{os.urandom(6).hex()}"
        temporary = self.root / _TEMPORARY / unique
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(temporary, flags, 0o644)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if durable:
                os.fsync(descriptor)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        return temporary

    def _prepared(self, path: str) -> Path:
        """The full path, its folder (and the one for temporary files) made durably."""
        target = self.root / path
        _make_folder(self.root / _TEMPORARY)
        _make_folder(target.parent)
        return target

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        _make_folder(self.root)
        descriptor = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._wait_for_lock(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _wait_for_lock(self, descriptor: int) -> None:
        give_up = time.monotonic() + self._lock_seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise StoreBusy(
                        f"another process has held the lock of the store {self.root} "
                        f"for {self._lock_seconds:g} s",
                        "look for a publisher that hangs, then try again",
                    ) from None
                time.sleep(0.001)

    @contextlib.contextmanager
    def _outside(self, path: str) -> Iterator[None]:
        """Turns the operating system's refusals into `StoreUnavailable`."""
        try:
            yield
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise StoreUnavailable(
                f"the store {self.root} cannot be used: {reason} ({path})", _advice(error)
            ) from error


def _advice(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "free some space, then try again: nothing was changed"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return "give this user the right to read and write that folder"
        case _:
            return "see that the folder is there and its disk is sound, then try again"


def _status_of(path: Path) -> os.stat_result | None:
    """None where it has gone, or is a link that leads nowhere."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            return None
        raise


def _refuse_odd(path: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NotInStore(f"`{path}` in the store is not a file", "remove it, then publish again")


def _refuse_large(path: str, size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise TooLarge(f"`{path}` in the store is over {MAX_FILE_BYTES // 2**20} MiB")


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
