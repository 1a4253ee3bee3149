"""The runtime as a process: follows, runs what is due, serves unsubscribe links, stops gracefully.

Two tasks share one reference to the active release:
the follower's task replaces it, the engine's task takes it anew for every tick.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

from handbill_runtime.clock import SystemClock
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.engine import Engine
from handbill_runtime.errors import LeaseFault
from handbill_runtime.follow.follower import Follower
from handbill_runtime.follow.watch import pointer_hints
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.sqlite import open_ledger
from handbill_runtime.stages.clock import Clock

log = logging.getLogger("handbill.service")

TICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Service:
    """A runtime that runs until `stop` is set."""

    follower: Follower
    stop: asyncio.Event
    on_activated: Callable[[], None] = lambda: None

    async def run(self) -> None:
        """Follows at once; sends as soon as something is active and the ledger's lease is free."""
        following = asyncio.create_task(self._follow())
        try:
            await self._send()
        finally:
            self.stop.set()
            await following

    async def _follow(self) -> None:
        await asyncio.to_thread(self.follower.start)
        self.on_activated()
        async for _ in pointer_hints(self.follower.store, self.follower.environment, self.stop):
            if await asyncio.to_thread(self.follower.refresh):
                self.on_activated()

    async def _send(self) -> None:
        while self.follower.active is None:
            if await self._stopped_within(TICK_SECONDS / 10):
                return
        ledger = open_ledger(self.follower.active.environment.ledger)
        async with AsyncExitStack() as stack:
            stack.callback(ledger.close)
            drivers = await stack.enter_async_context(Drivers())
            if not await self._take_lease(ledger):
                return
            stack.callback(ledger.release_lease)
            clock = SystemClock()
            engine = Engine(ledger, drivers, clock, start=clock.now())
            while not await self._stopped_within(TICK_SECONDS):
                await engine.run_due(self.follower.active)

    async def _take_lease(self, ledger: Ledger) -> bool:
        """Waits while another runtime sends; False when stopped meanwhile."""
        waiting = False
        while True:
            try:
                uncertain = take_lease(ledger, self.follower.runtime, SystemClock())
            except LeaseFault as fault:
                if not waiting:
                    log.warning("%s; waiting for it to end", fault)
                waiting = True
                if await self._stopped_within(TICK_SECONDS):
                    return False
                continue
            if uncertain:
                log.warning("%d messages of a runtime that died may have been sent", uncertain)
            return True

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self.stop.wait(), seconds)
        except TimeoutError:
            return False
        return True


def take_lease(ledger: Ledger, runtime: str, clock: Clock) -> int:
    """How many messages a dead runtime left uncertain. LeaseFault where another one sends."""
    now: datetime = clock.now()
    return ledger.take_lease(runtime, now)
