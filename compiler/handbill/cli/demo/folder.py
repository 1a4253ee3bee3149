"""The folder that a demo fills: one demo at a time, nobody else's files, and the user's work kept.

An advisory lock on a file in the folder is held while a demo uses it, by its processes too: it is
free when the last of them has ended, whatever ended them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from pathlib import Path

from handbill.cli.demo.scratch import ScratchRepository

LOCK = "demo.lock"
REPOSITORY = "repository"
_MARKS = frozenset({LOCK, "report.html", "demo.key"})
_SECONDS_BETWEEN_TRIES = 0.05


class FolderRefused(Exception):
    """The folder holds something that is not a demo's."""


class FolderInUse(Exception):
    """Another demo uses the folder; the message names its process."""


class DemoFolder:
    """`path`, empty but for the lock and held until `close`.

    Waits up to `patience` seconds for a demo that is just ending. FolderRefused and FolderInUse
    leave everything as it was.
    """

    def __init__(self, path: Path, patience: float = 3.0) -> None:
        self.path = path.resolve()
        self.moved: Path | None = None
        """Where an earlier demo's folder is now, with the commits and edits that somebody made."""
        _refuse_other_content(self.path)
        self.lock = _locked(self.path, patience)
        """A descriptor; a process that inherits it holds the folder too."""
        try:
            if ScratchRepository(self.path / REPOSITORY).holds_work():
                self.moved = self._move_aside()
            self._wipe()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        os.close(self.lock)

    def _move_aside(self) -> Path:
        number = 1
        while (target := self.path.with_name(f"{self.path.name}.{number}")).exists():
            number += 1
        self.path.rename(target)
        old, self.lock = self.lock, _locked(self.path, 0)
        os.close(old)
        return target

    def _wipe(self) -> None:
        for each in self.path.iterdir():
            if each.name == LOCK:
                continue
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            else:
                each.unlink()


def _refuse_other_content(path: Path) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise FolderRefused(f"{path} is not a folder")
    names = {each.name for each in path.iterdir()}
    if names and not names & _MARKS:
        raise FolderRefused(f"{path} holds something else")


def _locked(path: Path, patience: float) -> int:
    until = time.monotonic() + patience
    while True:
        path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(descriptor, path / LOCK):  # not one that was moved aside meanwhile
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, str(os.getpid()).encode(), 0)
                return descriptor
            os.close(descriptor)
            continue
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace")
            os.close(descriptor)
        if time.monotonic() >= until:
            raise FolderInUse(f"a demo is running in {path} (process {holder or 'unknown'})")
        time.sleep(_SECONDS_BETWEEN_TRIES)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
