"""When to look at the pointer: as soon as anybody hints that it moved, and from time to time anyway.

Hints cost nothing but a look: whoever sends too many, wrong ones, or none changes how soon a release is
noticed, never which one is. A poll lies always beneath them, each runtime at times of its own.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from handbill.store.store import Store
from handbill_runtime.follow.file_events import FileEvents
from handbill_runtime.follow.hints import HintSource

POLL_SECONDS, DISTANT_POLL_SECONDS = 0.5, 1.0
"""For a folder of this machine or network, and for stores that answer requests."""
JITTER = 0.25
"""A poll comes up to this share earlier or later, so that a thousand runtimes do not ask together."""
HINTS_AT_ONCE, HINTS_PER_SECOND = 20, 5
"""What is heeded of a flood of hints."""


async def pointer_hints(
    store: Store,
    environment: str,
    stop: asyncio.Event,
    poll_seconds: float | None = None,
    sources: Sequence[HintSource] = (),
) -> AsyncIterator[None]:
    """Yields at once, and whenever the pointer may have changed, until `stop` is set."""
    noticed = asyncio.Event()
    folder = store.watched_folder(environment)
    if poll_seconds is None:
        poll_seconds = POLL_SECONDS if folder is not None else DISTANT_POLL_SECONDS
    files = [] if folder is None else [FileEvents(folder, POLL_SECONDS)]
    listening = [asyncio.create_task(one.listen(noticed.set)) for one in (*files, *sources)]
    allowance = Allowance()
    try:
        while not stop.is_set():
            yield None
            await _first_of(noticed, stop, poll_seconds * random.uniform(1 - JITTER, 1 + JITTER))
            if noticed.is_set() and (wait := allowance.take()):
                await _first_of(stop, stop, wait)
            noticed.clear()
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


@dataclass(slots=True)
class Allowance:
    """Of hints: HINTS_AT_ONCE, refilled by HINTS_PER_SECOND."""

    _left: float = HINTS_AT_ONCE
    _since: float = field(default_factory=time.monotonic)

    def take(self) -> float:
        """Seconds to wait before the hint may be heeded; others that come meanwhile are one with it."""
        now = time.monotonic()
        refilled = (now - self._since) * HINTS_PER_SECOND
        self._left, self._since = min(HINTS_AT_ONCE, self._left + refilled) - 1, now
        return max(0.0, -self._left / HINTS_PER_SECOND)


async def _first_of(one: asyncio.Event, other: asyncio.Event, seconds: float) -> None:
    """Returns when either is set, at the latest after `seconds`."""
    waits = [asyncio.create_task(event.wait()) for event in (one, other)]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
