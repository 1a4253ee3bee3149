"""Runs what is due: for each tenant of the active release, each occurrence once.

Two halves. Selecting never waits for a provider: whoever an occurrence concerns gets a verdict in the
ledger. Delivering works off what the ledger holds, campaigns of higher priority first. One tenant's
trouble (missing data, a broken file, a full disk) is recorded and tried again later; the others go on.

A run whose delivery has begun keeps the plan that it began with, whatever is activated meanwhile;
only a brake reaches it at once: its campaign paused or withdrawn, or another environment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from handbill_runtime.drivers.table import Drivers
from handbill_runtime.errors import RuntimeFault
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.selecting import Selecting
from handbill_runtime.signed_links import UnsubscribeLinks
from handbill_runtime.stages.clock import Clock
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant
from handbill_runtime.stages.customers import Customers, open_customers
from handbill_runtime.stages.pace import Pace
from handbill_runtime.stages.run import deliver_pending, due_in_order
from handbill_runtime.stages.work import Work
from handbill_runtime.troubles import Trouble, Troubles

PAUSE = "pause"


def never() -> bool:
    return False


def nobody(_: str) -> bool:
    return False


@dataclass(slots=True)
class Engine:
    """Everything that running needs and that outlives a release. Lives in one thread, but for
    `select_due`, which may have another if it has a ledger of its own."""

    ledger: Ledger
    drivers: Drivers
    clock: Clock
    start: datetime | None = None
    """A campaign that the ledger has never seen is due from here on; None: from when the active
    pointer was issued."""
    stopping: Callable[[], bool] = never
    """When it answers True, the engine finishes what is on its way and begins nothing more."""
    stopped: Callable[[str], bool] = nobody
    """Whether an operator has stopped this tenant. Nothing is selected, claimed or sent for it; what
    is planned waits, and what is on its way is finished."""
    selecting_ledger: Ledger | None = None
    """The connection with which another thread selects; None: there is only this thread."""
    pace: Pace = field(default_factory=Pace)
    touched: set[Occurrence] = field(default_factory=set)
    """What was selected for or delivered; whoever reads it may empty it."""
    _troubles: Troubles = field(init=False)
    _selecting: Selecting = field(init=False)
    _pins: dict[Occurrence, ActiveRelease] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._troubles = Troubles(self.clock)
        ledger = self.selecting_ledger or self.ledger
        self._selecting = Selecting(
            ledger=ledger,
            clock=self.clock,
            troubles=self._troubles,
            work_for=lambda active, tenant: self._work(
                active, tenant, lambda: self._is_over(tenant.tenant.name), ledger
            ),
            stopped=self._is_stopped,
            start=self.start,
            touched=self.touched,
        )

    @property
    def troubles(self) -> Mapping[tuple[str, str], Trouble]:
        """By tenant and what it could not do."""
        return dict(self._troubles.found)

    @property
    def quarantined(self) -> Mapping[str, Mapping[str, int]]:
        """Tenant → reason → rows of its data that no run can use, when it was last read."""
        return self._selecting.quarantined

    async def run_due(self, active: ActiveRelease) -> None:
        """Selects and delivers everything that is due now, one tenant after the other."""
        self.select_due(active)
        for name in sorted(active.tenants):
            while await self.deliver(lambda: active, name):
                pass

    def select_due(self, active: ActiveRelease) -> None:
        """Begins every occurrence that is due now."""
        self._selecting.select_due(active, self.stopping)

    def instants(self, active: ActiveRelease, after: datetime, until: datetime) -> list[datetime]:
        """Every instant in (after, until] at which some occurrence falls due, in order."""
        return self._selecting.instants(active, after, until)

    # ── delivering ───────────────────────────────────────────────────────────────────────────────

    def has_due(self, name: str) -> bool:
        """Whether `deliver` would find something to do for this tenant."""
        if name in self._selecting.busy or not self._troubles.may_try(name, "deliver"):
            return False
        return self._is_due(self.ledger.next_due(name)) and not self.stopped(name)

    def _is_stopped(self, name: str) -> bool:
        """Noted as long as it is so, for whoever wonders why nothing leaves."""
        stopped = self.stopped(name)
        if stopped or (name, PAUSE) in self._troubles.found:
            self._troubles.note(name, PAUSE, _paused() if stopped else None)
        return stopped

    def _is_over(self, name: str) -> bool:
        return self.stopping() or self.stopped(name)

    async def deliver(self, current: Callable[[], ActiveRelease], name: str) -> bool:
        """Delivers what is due of one tenant.

        Stops between batches when `current()` is another release than before, when something is or
        was selected for the tenant, or when the engine stops; True: call again, there may be more.
        """
        active, times = current(), self._selecting.times.get(name)
        tenant = active.tenants.get(name)
        if tenant is None or name in self._selecting.busy or self.stopped(name):
            return False

        def interrupted() -> bool:
            return (
                self._is_over(name)
                or current() is not active
                or name in self._selecting.busy
                or self._selecting.times.get(name) != times
            )

        with self._troubles.noting(name, "deliver"):
            newest = self._work(active, tenant, interrupted)
            for occurrence in due_in_order(newest):
                work = self._pinned(active, occurrence, newest)
                # Fetched, proved and decoded elsewhere: other retailers' messages leave meanwhile.
                await asyncio.to_thread(work.tenant.by_identity, occurrence.identity)
                if interrupted():
                    return not self.stopping()
                self.touched.add(occurrence)
                await deliver_pending(work, [occurrence])
                if not self._is_due(self.ledger.next_due_of(occurrence)):
                    self._pins.pop(occurrence, None)
                if interrupted():
                    return not self.stopping()
        return False

    def _is_due(self, at: datetime | None) -> bool:
        return at is not None and at <= self.clock.now()

    def _pinned(self, active: ActiveRelease, occurrence: Occurrence, newest: Work) -> Work:
        """The work under which this run began to be delivered, unless a brake was pulled since."""
        pin = self._pins.setdefault(occurrence, active)
        before = pin.tenants.get(occurrence.tenant)
        plan = newest.tenant.outline_by_identity(occurrence.identity)
        if pin is active or before is None:
            return newest
        braked = plan is None or plan.status == "paused"
        if braked or (pin.environment, pin.channels) != (active.environment, active.channels):
            self._pins[occurrence] = active
            return newest
        return self._work(active, before, newest.interrupted)

    def _work(
        self,
        active: ActiveRelease,
        tenant: CompiledTenant,
        interrupted: Callable[[], bool],
        ledger: Ledger | None = None,
    ) -> Work:
        environment, name = active.environment, tenant.tenant.name
        ledger = ledger or self.ledger

        def customers(
            plans: Collection[CompiledPlan] | None = None,
        ) -> AbstractContextManager[Customers]:
            return open_customers(tenant, environment.data_root, self.clock.now(), plans)

        return Work(
            tenant=tenant,
            environment=environment,
            channels=active.channels,
            ledger=ledger,
            drivers=self.drivers,
            clock=self.clock,
            pace=self.pace,
            links=UnsubscribeLinks(environment.public_url, ledger.secret()),
            open_customers=customers,
            interrupted=interrupted,
            note_provider=lambda provider, fault: self._troubles.note(
                name, f"provider {provider}", fault
            ),
        )


def _paused() -> RuntimeFault:
    return RuntimeFault(
        "HB880",
        "an operator has stopped it: nothing is sent until it is resumed",
        "see who and why with handbill history; let it go on with handbill resume",
    )
