"""A provider's rate: at most so many messages in any rolling period, whoever's they are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from handbill.plan.model import Rate
from handbill_runtime.stages.clock import Clock

LONGEST_SLEEP = 1.0
"""Seconds."""


class Pace:
    """Remembers what was lately sent, by provider."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[datetime]] = {}

    async def admit(
        self,
        provider: str,
        rate: Rate | None,
        wanted: int,
        clock: Clock,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> int:
        """How many of `wanted` may go now, at least one; waits until one may.

        0 when interrupted, which is asked at least once a second.
        """
        if rate is None or wanted == 0:
            return wanted
        sent = self._sent.setdefault(provider, deque())
        period = timedelta(seconds=rate.seconds)
        while not interrupted():
            now = clock.now()
            while sent and sent[0] <= now - period:
                sent.popleft()
            free = min(rate.count - len(sent), wanted)
            if free > 0:
                sent.extend([now] * free)
                return free
            await clock.sleep(min((sent[0] + period - now).total_seconds(), LONGEST_SLEEP))
        return 0
