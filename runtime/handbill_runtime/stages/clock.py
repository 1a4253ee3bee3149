"""Time, injected: the stages never look at a clock of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """An aware UTC instant."""

    async def sleep(self, seconds: float) -> None:
        """Return when `now()` is at least that much later: a virtual clock moves itself."""
