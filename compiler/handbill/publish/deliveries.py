"""Which webhook deliveries were already taken: a second one of the same is refused, also after a restart.

Bounded: what is older than KEPT_SECONDS, or beyond MAX_KEPT newer ones, is forgotten. A replay is then
no more than a needless look at the branch, so the file need not survive a power cut.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

KEPT_SECONDS = 3 * 86_400.0
"""As long as GitHub offers a delivery for redelivery."""
MAX_KEPT = 20_000


class Deliveries:
    """Remembers in `file`, one line a mark; None remembers until the process ends."""

    def __init__(self, file: Path | None, clock: Callable[[], float] = time.time) -> None:
        self._file, self._clock = file, clock
        self._lock = threading.Lock()
        self._taken: dict[str, float] = {}
        self._lines = 0
        self._load()

    def take(self, marks: Iterable[str]) -> bool:
        """Whether all of `marks` are new; they are remembered either way."""
        now = self._clock()
        keys = [hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()[:32] for mark in marks]
        with self._lock:
            fresh = all(now - self._taken.get(key, -KEPT_SECONDS) >= KEPT_SECONDS for key in keys)
            new = [key for key in keys if key not in self._taken]
            self._taken |= dict.fromkeys(new, now)
            self._append(new, now)
        return fresh

    def _load(self) -> None:
        if self._file is None:
            return
        with (
            contextlib.suppress(OSError),
            open(self._file, encoding="ascii", errors="replace") as f,
        ):
            for line in f:
                at, _, key = line.strip().partition(" ")
                with contextlib.suppress(ValueError):
                    self._taken[key] = float(at)
                self._lines += 1
        self._forget(self._clock())

    def _append(self, keys: list[str], now: float) -> None:
        if self._file is None or not keys:
            return
        self._lines += len(keys)
        if self._lines > 2 * MAX_KEPT:
            self._forget(now)
            self._rewrite(self._file)
            return
        with contextlib.suppress(OSError), open(self._file, "a", encoding="ascii") as file:
            file.writelines(f"{now:.0f} {key}\n" for key in keys)

    def _forget(self, now: float) -> None:
        kept = [(key, at) for key, at in self._taken.items() if now - at < KEPT_SECONDS]
        self._taken = dict(kept[-MAX_KEPT:])

    def _rewrite(self, file: Path) -> None:
        beside = file.with_name(f"{file.name}.new")
        with contextlib.suppress(OSError):
            beside.write_text("".join(f"{at:.0f} {key}\n" for key, at in self._taken.items()))
            os.replace(beside, file)
        self._lines = len(self._taken)
