"""The sending half of a runtime: an event loop of its own, in a thread of its own.

Waits for a first release and for the ledger's lease, then ticks: keeps a second thread selecting what
is due, and one delivery going for each tenant that has something to deliver, so that neither a large
audience nor a slow provider of one tenant holds up another. A release that names another ledger ends the session on the old one.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TypeVar

from handbill.store.receipts import TroubleReceipt
from handbill_runtime.clock import SystemClock
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.engine import PAUSE, Engine
from handbill_runtime.errors import LeaseFault, RuntimeFault
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.follow.follower import Follower
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.memory import LedgerMemory
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.links_server import LinksServer

log = logging.getLogger("handbill.sending")

TICK_SECONDS, STEP_SECONDS = 0.5, 0.1
"""How often due work is looked for, and how soon a halt is noticed."""
PAUSE_SECONDS = 5.0
"""After a ledger could not be opened."""
MOST_TROUBLES, LONGEST_MESSAGE = 50, 500
"""A receipt is small."""

T = TypeVar("T")


@dataclass(slots=True)
class Sending:
    """`run` returns soon after `halt` is set, with nothing left half sent."""

    follower: Follower
    halt: threading.Event
    listen: str | None = None
    new_ledger: bool = False
    """One ledger that this runtime has not used before is accepted."""
    _names: dict[str, str] = field(default_factory=dict)
    """What shoppers call each tenant."""
    _memory: LedgerMemory = field(init=False)

    def __post_init__(self) -> None:
        self._memory = LedgerMemory(self.follower.last_good.store, self.new_ledger)

    def run(self) -> None:
        """Raises a RuntimeFault where the first session cannot be opened; later ones are retried."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        while self.follower.active is None:
            if await self._halted_within(TICK_SECONDS):
                return
        first = True
        while not self.halt.is_set():
            try:
                await self._session(self._active().environment.ledger)
            except RuntimeFault as fault:
                if first:
                    raise
                log.error("%s; nothing is sent until this is mended", fault)
                await self._halted_within(PAUSE_SECONDS)
            first = False

    async def _session(self, url: str) -> None:
        """Sends with one ledger until halted, or until the release names another."""

        def over() -> bool:
            return self.halt.is_set() or self._active().environment.ledger != url

        async with AsyncExitStack() as stack:
            ledger = self._memory.open(url)
            stack.callback(ledger.close)
            if self.listen is not None:
                self._learn_names()
                stack.callback(
                    LinksServer(self.listen, url, self._names, self.follower.store).close
                )
            drivers = await stack.enter_async_context(Drivers())
            if not await self._take_lease(ledger, url, over):
                return
            self._memory.remember(ledger)
            selections = await stack.enter_async_context(Selections(ledger))
            engine = Engine(
                ledger,
                drivers,
                SystemClock(),
                stopping=over,
                stopped=self.follower.guard.stops,
                selecting_ledger=selections.ledger,
            )
            deliveries = Deliveries(engine, self._active)
            try:
                while not over():
                    self._learn_names()
                    selections.start(engine, self._active())
                    engine.touched.clear()
                    deliveries.start()
                    await self._tell(engine)
                    await self._halted_within(TICK_SECONDS)
            finally:
                await deliveries.finish()

    async def _tell(self, engine: Engine) -> None:
        """The receipt says what tenants cannot do, for `handbill status`."""
        told = tuple(
            TroubleReceipt(
                tenant=one.tenant,
                code=one.code,
                message=one.message[:LONGEST_MESSAGE],
                hint=one.hint[:LONGEST_MESSAGE] or None,
            )
            for (_, what), one in sorted(engine.troubles.items())[:MOST_TROUBLES]
            if what != PAUSE  # the receipt says by itself who is stopped
        )
        if told != self.follower.troubles:
            await asyncio.to_thread(self.follower.tell, told)

    def _active(self) -> ActiveRelease:
        active = self.follower.active
        assert active is not None  # once active, a follower never is without a release
        return active

    def _learn_names(self) -> None:
        tenants = self._active().tenants
        self._names.update({name: each.tenant.display_name for name, each in tenants.items()})

    async def _take_lease(self, ledger: Ledger, url: str, over: Callable[[], bool]) -> bool:
        """Waits while another runtime sends; False when that is no longer wanted."""
        waiting = False
        while not over():
            try:
                uncertain = ledger.take_lease(self.follower.runtime, SystemClock().now())
            except LeaseFault as fault:
                if not waiting:
                    log.warning("%s; waiting for it to end", fault)
                waiting = True
                await self._halted_within(TICK_SECONDS)
                continue
            if uncertain:
                log.warning("%d messages of a runtime that died may have been sent", uncertain)
            log.info("sending, with the ledger %s", url)
            return True
        return False

    async def _halted_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not self.halt.is_set() and (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left, STEP_SECONDS))
        return self.halt.is_set()


class Selections:
    """At most one pass over what is due at a time, in a thread with a ledger of its own: however
    large an audience is, others' messages leave meanwhile."""

    ledger: Ledger

    def __init__(self, beside: SqliteLedger) -> None:
        self._beside = beside
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="select")
        self._running: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Selections:
        self.ledger = await self._in_thread(self._beside.second)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Waits for the pass to come to a halt by itself."""
        try:
            if self._running is not None:
                await self._running
        finally:
            await self._in_thread(self.ledger.close)
            self._thread.shutdown()

    def start(self, engine: Engine, active: ActiveRelease) -> None:
        """Begins another pass unless one is going. Raises what ended the last one, if anything did."""
        if self._running is not None:
            if not self._running.done():
                return
            self._running.result()
        self._running = self._in_thread(lambda: engine.select_due(active))

    def _in_thread(self, work: Callable[[], T]) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, work)


class Deliveries:
    """At most one delivery for each tenant, all at the same time."""

    def __init__(self, engine: Engine, current: Callable[[], ActiveRelease]) -> None:
        self._engine = engine
        self._current = current
        self._running: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Begins one for every tenant that has something due and none going."""
        self._running = {name: task for name, task in self._running.items() if not task.done()}
        for name in self._current().tenants:
            if name not in self._running and self._engine.has_due(name):
                self._running[name] = asyncio.create_task(self._deliver(name))

    async def finish(self) -> None:
        """Returns when each has come to a halt by itself."""
        await asyncio.gather(*self._running.values())

    async def _deliver(self, name: str) -> None:
        while await self._engine.deliver(self._current, name):
            await asyncio.sleep(0)
