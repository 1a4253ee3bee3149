"""The runtime as a process: follows, runs what is due, serves unsubscribe links, stops gracefully.

Two threads share one reference to the active release: this one replaces it, the sending one takes
it anew for every tick. So neither a large audience nor a slow provider delays a swap.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from handbill_runtime.follow.follower import Follower
from handbill_runtime.follow.hints import HintSource
from handbill_runtime.follow.watch import pointer_hints
from handbill_runtime.sending import Sending

log = logging.getLogger("handbill.service")


@dataclass(slots=True)
class Service:
    """A runtime that runs until `stop` is set, or until it finds that it cannot run at all."""

    follower: Follower
    stop: asyncio.Event
    listen: str | None = None
    """HOST:PORT for unsubscribe links."""
    new_ledger: bool = False
    """One ledger that this runtime has not used before is accepted."""
    hints: Sequence[HintSource] = ()
    """Who tells of new releases besides the store itself."""
    _halt: threading.Event = field(default_factory=threading.Event)

    async def run(self) -> None:
        """Follows at once; sends as soon as something is active and the ledger's lease is free.

        What was on its way when `stop` was set is finished first. Raises a RuntimeFault where the
        first release's ledger or links cannot be opened.
        """
        sending = Sending(self.follower, self._halt, self.listen, self.new_ledger)
        tasks = [
            asyncio.create_task(self._follow(), name="follow"),
            asyncio.create_task(asyncio.to_thread(sending.run), name="send"),
        ]
        stopping = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        finally:
            if self.stop.is_set():
                log.info("stopping: what is on its way is finished first")
            self.stop.set()
            self._halt.set()
            await asyncio.wait([*tasks, stopping])
            await asyncio.to_thread(self.follower.end)
        for task in tasks:
            task.result()

    async def _follow(self) -> None:
        await asyncio.to_thread(self.follower.start)
        store, environment = self.follower.store, self.follower.environment
        async for _ in pointer_hints(store, environment, self.stop, sources=self.hints):
            await asyncio.to_thread(self.follower.refresh)
