"""The clocks that a runtime may go by: the system's, or one that only moves when told to."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


class VirtualClock:
    """Starts at `at` and moves only by `sleep` and `advance_to`, never backwards."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def advance_to(self, at: datetime) -> None:
        self._at = max(self._at, at)

    async def sleep(self, seconds: float) -> None:
        self._at += timedelta(seconds=max(0.0, seconds))
