"""What the demo does, step by step, on the product's own parts: nothing here is a stand-in but the
providers and the clock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.cli.counts import how_many
from handbill.cli.demo.folder import REPOSITORY, DemoFolder
from handbill.cli.demo.households import deal_households
from handbill.cli.demo.processes import WAIT_SECONDS, DemoFailed, Processes, free_ports
from handbill.cli.demo.receipt_book import ReceiptBook, Received
from handbill.cli.demo.reconcile import Reconciliation, reconcile
from handbill.cli.demo.scratch import (
    ENVIRONMENT,
    SECRET_FILE,
    Ports,
    ScratchRepository,
    environment_yaml,
)

if TYPE_CHECKING:
    from handbill_runtime.clock import VirtualClock
    from handbill_runtime.engine import Engine
    from handbill_runtime.follow.active import ActiveRelease
    from handbill_runtime.follow.follower import Follower
    from handbill_runtime.replay import Reports

WEEK_STARTS = datetime(2026, 11, 30, tzinfo=UTC)
WEEK_ENDS = datetime(2026, 12, 7, tzinfo=UTC)
NEXT_CIRCULAR = datetime(2026, 12, 9, 18, tzinfo=UTC)
DATA_DAY = date(2026, 11, 30)
EDITED = "tenants/fresh-fields/campaigns/weekly-circular.yaml"
OLD_WORDS, NEW_WORDS = "Soup season", "Cider season"


@dataclass(frozen=True, slots=True)
class HotReload:
    """Seconds from the start of `git commit`: until it returned, and until the runtime ran it."""

    commit: str
    committed: float
    active: float
    mails: int
    """Mails with the new words that arrived afterwards."""


@dataclass(slots=True)
class DemoResult:
    """Everything the report shows. `tenants` maps a tenant to its display name."""

    folder: Path
    ports: Ports
    customers: dict[str, int] = field(default_factory=dict)
    plans: int = 0
    reports: Reports = field(default_factory=dict)
    reconciliation: Reconciliation | None = None
    reload: HotReload | None = None
    tenants: dict[str, str] = field(default_factory=dict)


class Demo:
    """One demonstration in `held`, which is its until `close`. `say` prints a line of progress."""

    def __init__(self, configuration: Path, held: DemoFolder, say: Callable[[str], None]) -> None:
        self._say = say
        self._configuration = configuration
        self._held = held
        self.folder = held.path
        self.result = DemoResult(self.folder, free_ports())
        self._repository = ScratchRepository(self.folder / REPOSITORY)
        self._stack = ExitStack()

    def close(self) -> None:
        self._stack.close()

    @property
    def book_paths(self) -> tuple[Path, Path]:
        return self.folder / "received-mail.db", self.folder / "received-http.db"

    def prepare(self) -> None:
        """Data, repository, keys, receivers and publisher."""
        from handbill.publish.keys import generate_key, write_key

        if not (self._configuration / EDITED).is_file():
            raise DemoFailed(f"{self._configuration} is not the sample configuration: no {EDITED}")
        (self.folder / SECRET_FILE).write_text("not-a-secret", encoding="utf-8")
        self.result.customers = dict(deal_households(self.folder / "data", today=DATA_DAY))
        self._say(
            f"{how_many(sum(self.result.customers.values()), 'household')} dealt to "
            f"{how_many(len(self.result.customers), 'retailer')}"
        )
        write_key(self.folder / "demo.key", generate_key())
        environment = environment_yaml(self.folder, self.result.ports)
        commit = self._repository.create(self._configuration, environment)
        self._say(f"their campaigns committed to a scratch repository: {commit[:12]}")
        processes = Processes(self.folder, self._held.lock)
        self._stack.callback(processes.close)
        self._processes = processes
        processes.start_receivers(self.result.ports, *self.book_paths)
        processes.start_publisher(self._repository.path, self.folder / "demo.key")

    async def run(self) -> None:
        """Follows what is published, runs the week, then an edit, all in one runtime."""
        from handbill_runtime.follow.watch import pointer_hints

        follower = self._follower()
        stop = asyncio.Event()
        activated = asyncio.Event()

        async def follow() -> None:
            async for _ in pointer_hints(follower.store, ENVIRONMENT, stop):
                if await asyncio.to_thread(follower.refresh):
                    activated.set()

        following = asyncio.create_task(follow())
        try:
            await self._await_activation(activated, follower)
            await self._run_campaigns(follower, activated)
        finally:
            stop.set()
            await asyncio.gather(following, return_exceptions=True)

    def _follower(self) -> Follower:
        from handbill.cli.run import open_follower

        store, trusted = (self.folder / "store").as_uri(), (str(self.folder / "demo.key.pub"),)
        return open_follower(store, ENVIRONMENT, trusted, self.folder / "state", "demo")

    async def _await_activation(self, activated: asyncio.Event, follower: Follower) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                await asyncio.wait_for(activated.wait(), 0.5)
                activated.clear()
                return
            except TimeoutError:
                self._processes.refuse_dead()
                if time.monotonic() > until:
                    why = follower.refusal.message if follower.refusal else "nothing is published"
                    raise DemoFailed(f"no release became active: {why}") from None

    async def _run_campaigns(self, follower: Follower, activated: asyncio.Event) -> None:
        from handbill_runtime.clock import VirtualClock
        from handbill_runtime.drivers.table import Drivers
        from handbill_runtime.engine import Engine
        from handbill_runtime.ledger.sqlite import open_ledger
        from handbill_runtime.replay import replay

        active = self._active(follower)
        self.result.plans = active.plans
        self.result.tenants = {
            name: tenant.tenant.display_name for name, tenant in active.tenants.items()
        }
        self._say(
            f"release {active.pointer.release[7:19]} published, verified and active: "
            f"{how_many(active.plans, 'plan')} of {how_many(len(active.tenants), 'retailer')}"
        )
        clock = VirtualClock(WEEK_STARTS)
        ledger = open_ledger(active.environment.ledger)
        self._stack.callback(ledger.close)
        ledger.take_lease(follower.runtime, clock.now())
        async with Drivers() as drivers:
            engine = Engine(ledger, drivers, clock, start=WEEK_STARTS)
            self._say("running the week of 30 November 2026 on a virtual clock …")
            self.result.reports = await replay(engine, clock, active, WEEK_ENDS)
            self._refuse_trouble(engine)
            await self._edit(engine, clock, follower, activated)
        ledger.release_lease()
        self.result.reconciliation = self._reconcile()

    async def _edit(
        self, engine: Engine, clock: VirtualClock, follower: Follower, activated: asyncio.Event
    ) -> None:
        """Commits new words for next week's circular, and sends that circular."""
        from handbill_runtime.replay import replay

        self._repository.replace(EDITED, OLD_WORDS, NEW_WORDS)
        activated.clear()
        started = time.perf_counter()
        commit = await asyncio.to_thread(self._repository.commit, "Cider instead of soup")
        committed = time.perf_counter() - started
        await self._await_activation(activated, follower)
        until_active = time.perf_counter() - started
        active = self._active(follower)
        if active.pointer.commit != commit:
            raise DemoFailed(f"commit {commit[:12]} was not what became active")
        await replay(engine, clock, active, NEXT_CIRCULAR)
        self._refuse_trouble(engine)
        mails = [each for each in self.received("email") if NEW_WORDS in each.summary]
        self.result.reload = HotReload(commit, committed, until_active, len(mails))

    def received(self, channel: str | None = None) -> list[Received]:
        """What the receivers wrote down, in order."""
        found: list[Received] = []
        for path in self.book_paths:
            book = ReceiptBook(path)
            found.extend(each for each in book.all() if channel in (None, each.channel))
            book.close()
        return found

    def _reconcile(self) -> Reconciliation:
        counts = []
        for path in self.book_paths:
            book = ReceiptBook(path)
            counts.append(book.counts())
            book.close()
        return reconcile(self.folder / "ledger.db", counts)

    @staticmethod
    def _active(follower: Follower) -> ActiveRelease:
        assert follower.active is not None
        return follower.active

    @staticmethod
    def _refuse_trouble(engine: Engine) -> None:
        for trouble in engine.troubles.values():
            raise DemoFailed(f"{trouble.tenant}: {trouble.code}: {trouble.message}")
