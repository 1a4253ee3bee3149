"""Looks at an environment's pointer now and then, so that whoever listens hears of every release: also
of those that another publisher, a rollback or a promotion made active.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from handbill.plan.pointer import Pointer
from handbill.publish.publisher import Publisher
from handbill.store.errors import StoreError
from handbill.store.paths import pointer_path
from handbill.store.pointer import verify_pointer
from handbill.store.store import Unchanged

SECONDS = 1.0


class PointerWatch:
    """`found` hears of each pointer that is new and verified; `answered` of each answer of the store.

    `publisher` gives the store to look at, None where that is not known yet.
    """

    def __init__(
        self,
        publisher: Callable[[], Publisher | None],
        found: Callable[[Pointer], None],
        answered: Callable[[], None],
        seconds: float = SECONDS,
    ) -> None:
        self._publisher, self._found, self._answered = publisher, found, answered
        self._seconds = seconds
        self._version = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pointer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            publisher = self._publisher()
            if publisher is not None:
                try:
                    self.look(publisher)
                except StoreError:
                    continue  # the publisher meets the same, and reports it

    def look(self, publisher: Publisher) -> None:
        """Raises a StoreError where the store does not answer, or the pointer is not to be believed."""
        stored = publisher.store.read_unless(pointer_path(publisher.environment), self._version)
        self._answered()
        if stored is None or isinstance(stored, Unchanged):
            return
        pointer = verify_pointer(stored.data, publisher.environment, publisher.trust)
        self._version = stored.version
        self._found(pointer)
