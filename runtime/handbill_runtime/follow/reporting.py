"""Writing receipts: signed, as soon as something changed, never too often, and now and then anyway.

News is written at once, up to `BURST` times; after that one receipt is written each `SPACING`, and says
all that came in between. A store that takes no receipt stops nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.store.errors import StoreError
from handbill.store.paths import environment_folder
from handbill.store.receipts import HEARTBEAT, Receipt, write_receipt
from handbill.store.store import Store

log = logging.getLogger("handbill.follow")

BURST = 10
SPACING = timedelta(seconds=1)


@dataclass(slots=True)
class Reporting:
    """Any thread may give news. `made` makes the receipt as things stand."""

    store: Store
    key: Ed25519PrivateKey
    made: Callable[[], Receipt]
    now: Callable[[], datetime]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _written_at: datetime | None = None
    _allowed: float = BURST
    _waiting: bool = False

    def news(self, *, at_once: bool = False) -> None:
        """Something changed; `at_once` for what nobody will be there to write later."""
        with self._lock:
            self._waiting = True
            if self._may_write() or at_once:
                self._write()

    def tick(self) -> None:
        """Writes what waits, and a sign of life where there was nothing new for long."""
        with self._lock:
            silent = self._written_at is not None and self._since() >= HEARTBEAT
            if (self._waiting or silent) and self._may_write():
                self._write()

    def _may_write(self) -> bool:
        self._allowed = min(BURST, self._allowed + self._since() / SPACING)
        return self._allowed >= 1

    def _since(self) -> timedelta:
        """Since the last receipt; a clock that was set back counts as if that were long ago."""
        if self._written_at is None:
            return HEARTBEAT
        since = self.now() - self._written_at
        return since if since >= timedelta(0) else HEARTBEAT

    def _write(self) -> None:
        """A folder that has nothing of this environment is left alone: it may not be mounted."""
        self._written_at = self.now()
        self._allowed = max(0.0, self._allowed - 1)
        self._waiting = False
        receipt = self.made()
        try:
            if self._may_be_written(environment_folder(receipt.environment)):
                write_receipt(self.store, receipt, self.key)
        except StoreError as error:
            self._waiting = True
            log.warning("%s: the receipt was not written: %s", error.code, error.message)

    def _may_be_written(self, folder: str) -> bool:
        if self.store.watched_folder(folder.rpartition("/")[2]) is None:
            return True
        return bool(self.store.names(folder))
