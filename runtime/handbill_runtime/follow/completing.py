"""Brings the packs of a release that began without them onto this disk, while it runs already.

One thread of its own fetches and proves them; the follower's asks from time to time how far it is. What
cannot be had now is tried again ever more slowly.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from handbill.plan.model import Digest
from handbill.store.errors import StoreError
from handbill_runtime.follow.shelf import Shelf

log = logging.getLogger("handbill.follow")

LONGEST_WAIT = 60.0


class Completing:
    """Used by one thread."""

    def __init__(self, shelf: Shelf, environment: str) -> None:
        self._shelf, self._environment = shelf, environment
        self._stop = threading.Event()
        self._thread: ThreadPoolExecutor | None = None
        self._running: Future[Mapping[Digest, StoreError]] | None = None
        self._failures = 0
        self._not_before = 0.0

    @property
    def is_done(self) -> bool:
        """No pack is missing, and all that was found of them is told."""
        return self._running is None and not self._shelf.unproved()

    def step(self) -> Mapping[Digest, StoreError]:
        """Goes on where packs are missing; the packs of which something else was signed than they
        hold, each told once."""
        if self._running is not None:
            return self._finished(self._running) if self._running.done() else {}
        due = time.monotonic() >= self._not_before
        if due and not self._stop.is_set() and self._shelf.unproved():
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="complete")
            self._running = self._thread.submit(
                self._shelf.prove_rest, self._environment, self._stop.is_set
            )
        return {}

    def wait(self) -> None:
        """Until the thread has come to an end by itself."""
        if self._running is not None:
            self._running.exception()

    def end(self) -> None:
        """The thread ends soon; nothing half is left."""
        self._stop.set()

    def _finished(
        self, running: Future[Mapping[Digest, StoreError]]
    ) -> Mapping[Digest, StoreError]:
        self._running = None
        try:
            return running.result()
        except StoreError as error:
            wait = min(2.0**self._failures, LONGEST_WAIT)
            self._failures += 1
            self._not_before = time.monotonic() + wait
            log.warning("%s: packs are still missing here: %s", error.code, error.message)
            return {}
        finally:
            if not self._shelf.unproved() and self._thread is not None:
                self._thread.shutdown(wait=False)
                self._thread = None
