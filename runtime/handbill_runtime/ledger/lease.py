"""One runtime per ledger: an operating-system lock that dies with its holder.

A lock, not a time stamp: it needs no clock (runs may be replayed on a virtual one), a killed
runtime frees it at once, and a stopped one keeps it, so two runtimes never send twice.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from handbill_runtime.errors import LeaseFault


class Lease:
    """Held from `take` until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def take(self, holder: str) -> None:
        """Raise LeaseFault HB901, naming the other holder, when it is taken."""
        if self.held:
            return
        descriptor = os.open(
            os.path.realpath(self._path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644
        )
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            other = os.read(descriptor, 200).decode(errors="replace").strip() or "another runtime"
            os.close(descriptor)
            raise LeaseFault(
                "HB901",
                f"the ledger {self._path.with_suffix('')} is in use by {other}",
                "stop it first: two runtimes on one ledger could send twice",
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{holder}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
