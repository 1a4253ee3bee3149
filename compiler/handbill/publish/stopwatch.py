"""Where the time of one publish goes, step by step: for the report, never for a decision."""

from __future__ import annotations

import time


class Stopwatch:
    """Seconds by step. What passes between two laps belongs to the later one."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._at = time.perf_counter()

    def lap(self, step: str) -> None:
        """Ends a step; one that comes again adds up."""
        now = time.perf_counter()
        self.seconds[step] = self.seconds.get(step, 0.0) + now - self._at
        self._at = now
