"""Runs what is due: for each tenant of the active release, each occurrence once.

Two halves. Selecting is quick and never waits for a provider: whoever an occurrence concerns gets a
verdict in the ledger. Delivering works off what the ledger holds, campaigns of higher priority
first. One tenant's trouble (missing data, a broken file, a full disk) is recorded and tried again
later; the others go on.

A run whose delivery has begun keeps the plan that it began with, whatever is activated meanwhile;
only a brake reaches it at once: its campaign paused or withdrawn, or another environment.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handbill.store.instant import parse_utc
from handbill_runtime.agenda import Agenda
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.errors import RuntimeFault
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.residence import Residence
from handbill_runtime.schedule import Due, due_occurrences, needs_zones, zones_of
from handbill_runtime.signed_links import UnsubscribeLinks
from handbill_runtime.stages.clock import Clock
from handbill_runtime.stages.compiled import CompiledTenant
from handbill_runtime.stages.customers import Customers, open_customers
from handbill_runtime.stages.pace import Pace
from handbill_runtime.stages.run import begin_occurrence, deliver_pending, due_in_order
from handbill_runtime.stages.work import Work

log = logging.getLogger("handbill.engine")

NO_TIME, RETRY_AFTER = timedelta(0), timedelta(minutes=1)


def never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a tenant could not run; its occurrences stay due."""

    tenant: str
    code: str
    message: str
    hint: str


@dataclass(slots=True)
class Engine:
    """Everything that running needs and that outlives a release. Lives in one thread."""

    ledger: Ledger
    drivers: Drivers
    clock: Clock
    start: datetime | None = None
    """A campaign that the ledger has never seen is due from here on; None: from when the active
    pointer was issued."""
    stopping: Callable[[], bool] = never
    """When it answers True, the engine finishes what is on its way and begins nothing more."""
    pace: Pace = field(default_factory=Pace)
    troubles: dict[tuple[str, str], Trouble] = field(default_factory=dict)
    """By tenant and what it could not do."""
    touched: set[Occurrence] = field(default_factory=set)
    """What was selected for or delivered; whoever reads it may empty it."""
    quarantined: dict[str, Mapping[str, int]] = field(default_factory=dict)
    """Tenant → reason → rows of its data that no run can use, when it was last read."""
    _residence: Residence = field(default_factory=Residence)
    _agenda: Agenda = field(init=False)
    _retry_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _pins: dict[Occurrence, ActiveRelease] = field(default_factory=dict)
    _selections: dict[str, int] = field(default_factory=dict)
    """Tenant → how often something was selected: a delivery sorts anew when this grows."""

    def __post_init__(self) -> None:
        self._agenda = Agenda(self.ledger)

    async def run_due(self, active: ActiveRelease) -> None:
        """Selects and delivers everything that is due now, one tenant after the other."""
        self.select_due(active)
        for name in sorted(active.tenants):
            while await self.deliver(lambda: active, name):
                pass

    # ── selecting ────────────────────────────────────────────────────────────────────────────────

    def select_due(self, active: ActiveRelease) -> None:
        """Begins every occurrence that is due now."""
        for name, tenant in sorted(active.tenants.items()):
            if self.stopping():
                return
            if self._may_try(name, "select"):
                with self._noting(name, "select"):
                    self._select_tenant(active, tenant)

    def instants(self, active: ActiveRelease, after: datetime, until: datetime) -> list[datetime]:
        """Every instant in (after, until] at which some occurrence falls due, in order."""
        found: set[datetime] = set()
        for name, tenant in sorted(active.tenants.items()):
            with self._noting(name, "select"):
                home = self._zones(active, tenant)
                for compiled in tenant.plans.values():
                    watermarks = dict.fromkeys(zones_of(compiled.plan, home), after)
                    for due in due_occurrences(compiled.plan, watermarks, until, catch_up=True):
                        found.update(due.zones.values())
        return sorted(found)

    def _select_tenant(self, active: ActiveRelease, tenant: CompiledTenant) -> None:
        now = self.clock.now()
        since = self.start or min(now, parse_utc(active.pointer.issued))
        zones = self._zones(active, tenant)
        waiting = {
            campaign: dues
            for campaign, compiled in sorted(tenant.plans.items())
            if (dues := self._agenda.due(compiled, zones, now, since))
        }
        if not waiting:
            return
        work = self._work(active, tenant)
        asking = [tenant.plans[campaign] for campaign in waiting]
        with work.open_customers(asking) as customers:
            self.quarantined[tenant.tenant.name] = customers.quarantined
            self._begin(work, waiting, customers)

    def _begin(
        self, work: Work, waiting: Mapping[str, tuple[Due, ...]], customers: Customers
    ) -> None:
        """A campaign that fails does not stop the tenant's others; the first failure is raised."""
        failures: list[Exception] = []
        for campaign, dues in waiting.items():
            compiled = work.tenant.plans[campaign]
            try:
                for due in dues:
                    log.info("%s/%s %s begins", compiled.plan.tenant, campaign, due.occurrence)
                    self.touched.add(
                        begin_occurrence(work, compiled, due.occurrence, due.zones, customers)
                    )
                self._agenda.mark(compiled, dues)
            except Exception as failure:
                failures.append(failure)
        name = work.tenant.tenant.name
        self._selections[name] = self._selections.get(name, 0) + 1
        if failures:
            raise failures[0]

    def _zones(self, active: ActiveRelease, tenant: CompiledTenant) -> tuple[str, ...]:
        """Where the tenant's customers live, if any of its plans needs to know."""
        plans = [compiled.plan for compiled in tenant.plans.values()]
        if not any(needs_zones(plan) and plan.status == "active" for plan in plans):
            return ()
        return self._residence.zones(tenant, active.environment.data_root, self.clock.now())

    # ── delivering ───────────────────────────────────────────────────────────────────────────────

    def has_due(self, name: str) -> bool:
        """Whether `deliver` would find something to do for this tenant."""
        if not self._may_try(name, "deliver"):
            return False
        return self._is_due(self.ledger.next_due(name))

    async def deliver(self, current: Callable[[], ActiveRelease], name: str) -> bool:
        """Delivers what is due of one tenant.

        Stops between batches when `current()` is another release than before, when something was
        selected for the tenant, or when the engine stops; True: call again, there may be more.
        """
        active, selections = current(), self._selections.get(name)
        tenant = active.tenants.get(name)
        if tenant is None:
            return False

        def interrupted() -> bool:
            return (
                self.stopping()
                or current() is not active
                or self._selections.get(name) != selections
            )

        with self._noting(name, "deliver"):
            newest = self._work(active, tenant, interrupted)
            for occurrence in due_in_order(newest):
                work = self._pinned(active, occurrence, newest)
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
        plan = newest.tenant.by_identity(occurrence.identity)
        if pin is active or before is None:
            return newest
        braked = plan is None or plan.plan.status == "paused"
        if braked or (pin.environment, pin.channels) != (active.environment, active.channels):
            self._pins[occurrence] = active
            return newest
        return self._work(active, before, newest.interrupted)

    def _work(
        self,
        active: ActiveRelease,
        tenant: CompiledTenant,
        interrupted: Callable[[], bool] = never,
    ) -> Work:
        environment = active.environment
        return Work(
            tenant=tenant,
            environment=environment,
            channels=active.channels,
            ledger=self.ledger,
            drivers=self.drivers,
            clock=self.clock,
            pace=self.pace,
            links=UnsubscribeLinks(environment.public_url, self.ledger.secret()),
            open_customers=lambda plans=None: open_customers(
                tenant, environment.data_root, self.clock.now(), plans
            ),
            interrupted=interrupted,
        )

    # ── trouble ──────────────────────────────────────────────────────────────────────────────────

    def _may_try(self, name: str, what: str) -> bool:
        retry_at = self._retry_at.get((name, what))
        if retry_at is None:
            return True
        wait = retry_at - self.clock.now()
        return wait <= NO_TIME or wait > RETRY_AFTER  # longer: the clock was set back since

    @contextmanager
    def _noting(self, name: str, what: str) -> Iterator[None]:
        """Whatever goes wrong inside is this tenant's trouble, and tried again in a while."""
        key = (name, what)
        try:
            yield
        except Exception as error:  # one tenant's bug is not the others'
            self._retry_at[key] = self.clock.now() + RETRY_AFTER
            trouble, bug = _trouble(name, error)
            if self.troubles.get(key) != trouble:
                log.error("%s: %s: %s", name, trouble.code, trouble.message, exc_info=bug)
            self.troubles[key] = trouble
        else:
            self.troubles.pop(key, None)
            self._retry_at.pop(key, None)


def _trouble(tenant: str, error: Exception) -> tuple[Trouble, Exception | None]:
    """The trouble, and the error again where it is a bug, for the log."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, RuntimeFault):
        return Trouble(tenant, error.code, error.message, error.hint), None
    message = f"running failed: {type(error).__name__}: {error}"
    hint = "it is tried again every minute; if it stays, report it with the runtime's log"
    return Trouble(tenant, "HB950", message, hint), error
