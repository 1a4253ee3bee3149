"""The selecting half of an engine: whoever a due occurrence concerns gets a verdict in the ledger.

It never waits for a provider, but a large audience takes its time, so it may live in a thread of its
own, with a connection of its own to the ledger. Campaigns of a tenant that are due together share
one reading of its customers. Nothing of a tenant is delivered while it is being selected for, since
where caps are short the more urgent of its campaigns go first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handbill.store.instant import parse_utc
from handbill_runtime.agenda import Agenda
from handbill_runtime.errors import RuntimeFault
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.residence import Residence
from handbill_runtime.schedule import Due, due_occurrences, needs_zones, zones_of
from handbill_runtime.stages.clock import Clock
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant
from handbill_runtime.stages.customers import Customers
from handbill_runtime.stages.run import begin_occurrence
from handbill_runtime.stages.selection import SelectionInterrupted
from handbill_runtime.stages.work import Work
from handbill_runtime.troubles import Troubles

log = logging.getLogger("handbill.engine")


@dataclass(slots=True)
class Selecting:
    """Lives in one thread; what is marked as shared, others read while it works."""

    ledger: Ledger
    clock: Clock
    troubles: Troubles
    work_for: Callable[[ActiveRelease, CompiledTenant], Work]
    start: datetime | None
    """A campaign that the ledger has never seen is due from here on; None: from when the active
    pointer was issued."""
    touched: set[Occurrence]
    """Shared: what was selected for."""
    stopped: Callable[[str], bool]
    """Whether a tenant is passed over: what falls due meanwhile is caught up with later."""
    quarantined: dict[str, Mapping[str, int]] = field(default_factory=dict)
    """Shared: tenant → reason → rows of its data that no run can use, when it was last read."""
    times: dict[str, int] = field(default_factory=dict)
    """Shared: tenant → how often something was selected."""
    busy: set[str] = field(default_factory=set)
    """Shared: tenants of which something is being selected now."""
    _residence: Residence = field(default_factory=Residence)
    _agenda: Agenda = field(init=False)

    def __post_init__(self) -> None:
        self._agenda = Agenda(self.ledger)

    def select_due(self, active: ActiveRelease, stopping: Callable[[], bool]) -> None:
        """Begins every occurrence that is due now. Told to stop, it does so between two chunks of
        customers; what it left is gone on with the next time."""
        for name, tenant in sorted(active.tenants.items()):
            if stopping():
                return
            if not self.stopped(name) and self.troubles.may_try(name, "select"):
                with self.troubles.noting(name, "select"):
                    self._select_tenant(active, tenant)

    def instants(self, active: ActiveRelease, after: datetime, until: datetime) -> list[datetime]:
        """Every instant in (after, until] at which some occurrence falls due, in order."""
        found: set[datetime] = set()
        for name, tenant in sorted(active.tenants.items()):
            with self.troubles.noting(name, "select"):
                home = self._zones(active, tenant)
                for plan in tenant.outlines.values():
                    watermarks = dict.fromkeys(zones_of(plan, home), after)
                    for due in due_occurrences(plan, watermarks, until, catch_up=True):
                        found.update(due.zones.values())
        return sorted(found)

    def _select_tenant(self, active: ActiveRelease, tenant: CompiledTenant) -> None:
        now = self.clock.now()
        since = self.start or min(now, parse_utc(active.pointer.issued))
        zones = self._zones(active, tenant)
        waiting = {
            campaign: dues
            for campaign, plan in sorted(tenant.outlines.items())
            if (dues := self._agenda.due(plan, zones, now, since))
        }
        if not waiting:
            return
        name = tenant.tenant.name
        self.busy.add(name)
        try:
            work = self.work_for(active, tenant)
            plans, failures = _decoded(tenant, waiting)
            if plans:
                with work.open_customers(list(plans.values())) as customers:
                    self.quarantined[name] = customers.quarantined
                    failures += self._begin(work, plans, waiting, customers)
            if failures:
                raise failures[0]
        except SelectionInterrupted:
            log.info("%s: told to stop while selecting; it is gone on with later", name)
        finally:
            self.times[name] = self.times.get(name, 0) + 1
            self.busy.discard(name)

    def _begin(
        self,
        work: Work,
        plans: Mapping[str, CompiledPlan],
        waiting: Mapping[str, tuple[Due, ...]],
        customers: Customers,
    ) -> list[Exception]:
        """A campaign that fails does not stop the tenant's others; the failures are returned."""
        failures: list[Exception] = []
        for campaign, compiled in plans.items():
            dues = waiting[campaign]
            try:
                for due in dues:
                    log.info("%s/%s %s begins", compiled.plan.tenant, campaign, due.occurrence)
                    self.touched.add(
                        begin_occurrence(work, compiled, due.occurrence, due.zones, customers)
                    )
                self._agenda.mark(compiled.outline, dues)
            except SelectionInterrupted:
                raise
            except Exception as failure:
                failures.append(failure)
        return failures

    def _zones(self, active: ActiveRelease, tenant: CompiledTenant) -> tuple[str, ...]:
        """Where the tenant's customers live, if any of its plans needs to know."""
        plans = tenant.outlines.values()
        if not any(needs_zones(plan) and plan.status == "active" for plan in plans):
            return ()
        return self._residence.zones(tenant, active.environment.data_root, self.clock.now())


def _decoded(
    tenant: CompiledTenant, campaigns: Iterable[str]
) -> tuple[dict[str, CompiledPlan], list[Exception]]:
    """The campaigns' plans, and why some of them cannot be had: those do not stop the others."""
    plans: dict[str, CompiledPlan] = {}
    failures: list[Exception] = []
    for campaign in campaigns:
        try:
            plans[campaign] = tenant.plans[campaign]
        except RuntimeFault as fault:
            failures.append(fault)
    return plans, failures
