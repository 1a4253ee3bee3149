"""What wakes a publisher that rests: a webhook, or the signal to stop. Ringing is safe anywhere, also
in a signal handler, and any number of rings before the next look are one.
"""

from __future__ import annotations

import queue
import time

_SHORT = 0.1


class Bell:
    def __init__(self) -> None:
        self._rings: queue.SimpleQueue[float] = queue.SimpleQueue()

    def ring(self) -> None:
        self._rings.put(time.monotonic())

    def wait(self, seconds: float) -> None:
        """Returns at the next ring, or after `seconds`. Short rests are slept through: waiting for a
        ring costs more than sleeping, which tells at 200 looks a second."""
        if seconds <= _SHORT:
            time.sleep(seconds)
            return
        try:
            self._rings.put(self._rings.get(timeout=seconds))
        except queue.Empty:
            return

    def heard(self) -> float | None:
        """When it rang first since the last time this was asked (monotonic seconds)."""
        first: float | None = None
        while True:
            try:
                at = self._rings.get_nowait()
            except queue.Empty:
                return first
            first = at if first is None else min(first, at)
