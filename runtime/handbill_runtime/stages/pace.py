"""A provider's rate: at most so many messages in any rolling period, whoever's they are.

Nothing waits in here: whoever sends asks how many may leave now, or when one may, and says what
left. So the last question before a message leaves can be asked after the wait, not before it.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from handbill.plan.model import Rate


class Pace:
    """Remembers what was lately sent, by provider."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[datetime]] = {}

    def free(self, provider: str, rate: Rate, now: datetime) -> int:
        """How many messages may leave by this provider now."""
        return max(rate.count - len(self._recent(provider, rate, now)), 0)

    def next_free(self, provider: str, rate: Rate, now: datetime) -> datetime:
        """When at least one may; `now` where one may now."""
        sent = self._recent(provider, rate, now)
        if len(sent) < rate.count:
            return now
        return sent[len(sent) - rate.count] + timedelta(seconds=rate.seconds)

    def take(self, provider: str, rate: Rate, count: int, now: datetime) -> None:
        """So many leave now."""
        self._recent(provider, rate, now).extend([now] * count)

    def _recent(self, provider: str, rate: Rate, now: datetime) -> deque[datetime]:
        """What counts against the rate, oldest first. What was sent later than now was sent by a
        clock that has been set back since: it is forgotten, or it would stop the provider."""
        sent = self._sent.setdefault(provider, deque())
        while sent and sent[-1] > now:
            sent.pop()
        while sent and sent[0] <= now - timedelta(seconds=rate.seconds):
            sent.popleft()
        return sent
