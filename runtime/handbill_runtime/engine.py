"""Runs what is due: for each tenant of the active release, each occurrence once.

One tenant's trouble (missing data, a broken file) is recorded and tried again later; the others go
on. Work that has begun finishes under the release it began with.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handbill.plan.model import CronTrigger
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.errors import RuntimeFault
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.schedule import Due, due_occurrences, zones_of
from handbill_runtime.stages.clock import Clock
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant
from handbill_runtime.stages.customers import open_customers
from handbill_runtime.stages.pace import Pace
from handbill_runtime.stages.report import RunReport
from handbill_runtime.stages.run import deliver_pending, run_occurrence
from handbill_runtime.stages.work import Work
from handbill_runtime.unsubscribe import UnsubscribeLinks

log = logging.getLogger("handbill.engine")

RETRY_AFTER = timedelta(minutes=1)
ZONES_LAST = timedelta(minutes=15)
"""How long the list of zones in which a tenant's customers live is believed."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a tenant could not run; its occurrences stay due."""

    tenant: str
    code: str
    message: str
    hint: str


@dataclass(slots=True)
class Engine:
    """Everything that running needs and that outlives a release."""

    ledger: Ledger
    drivers: Drivers
    clock: Clock
    start: datetime
    """A campaign that the ledger has never seen is due from here on."""
    pace: Pace = field(default_factory=Pace)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    _zones: dict[str, tuple[datetime, tuple[str, ...]]] = field(default_factory=dict)
    _retry_at: dict[str, datetime] = field(default_factory=dict)
    _looked: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    """(tenant, identity, zone) → up to when this process has looked; saves a write per tick."""

    async def run_due(self, active: ActiveRelease) -> list[RunReport]:
        """Runs every occurrence that is due now, and delivers what was waiting for this hour."""
        reports: list[RunReport] = []
        for name, tenant in sorted(active.tenants.items()):
            if self._retry_at.get(name, self.clock.now()) > self.clock.now():
                continue
            try:
                reports.extend(await self._run_tenant(active, tenant))
                self.troubles.pop(name, None)
                self._retry_at.pop(name, None)
            except RuntimeFault as fault:
                self._note(name, fault)
        return reports

    def instants(self, active: ActiveRelease, after: datetime, until: datetime) -> list[datetime]:
        """Every instant in (after, until] at which some occurrence falls due, in order."""
        found = {
            instant
            for tenant in active.tenants.values()
            for compiled in tenant.plans.values()
            for zone in zones_of(compiled.plan, self._zones_of(active, tenant))
            for due in due_occurrences(compiled.plan, {zone: after}, until, catch_up=True)
            for instant in due.zones.values()
        }
        return sorted(found)

    async def _run_tenant(self, active: ActiveRelease, tenant: CompiledTenant) -> list[RunReport]:
        work = self._work(active, tenant)
        now = self.clock.now()
        waiting = {
            campaign: dues
            for campaign, compiled in sorted(tenant.plans.items())
            if (dues := self._due_of(active, tenant, compiled, now))
        }
        reports: list[RunReport] = []
        if waiting:
            with work.open_customers() as customers:
                self._zones[tenant.tenant.name] = (now, customers.zones())
                for campaign, dues in waiting.items():
                    compiled = tenant.plans[campaign]
                    for due in dues:
                        report = await run_occurrence(
                            work, compiled, due.occurrence, due.zones, customers
                        )
                        self._mark(compiled, due)
                        if report is not None:
                            reports.append(report)
        await deliver_pending(work)
        return reports

    def _work(self, active: ActiveRelease, tenant: CompiledTenant) -> Work:
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
            open_customers=lambda: open_customers(tenant, environment.data_root, self.clock.now()),
        )

    # ── what is due ──────────────────────────────────────────────────────────────────────────────

    def _due_of(
        self,
        active: ActiveRelease,
        tenant: CompiledTenant,
        compiled: CompiledPlan,
        until: datetime,
    ) -> tuple[Due, ...]:
        plan = compiled.plan
        if plan.status != "active":
            return ()
        watermarks = self._watermarks(active, tenant, compiled)
        dues = due_occurrences(plan, watermarks, until)
        for zone in watermarks:
            if all(zone not in due.zones for due in dues):
                self._looked[(plan.tenant, plan.identity, zone)] = until
        return dues

    def _watermarks(
        self, active: ActiveRelease, tenant: CompiledTenant, compiled: CompiledPlan
    ) -> Mapping[str, datetime | None]:
        """Per zone up to when everything was handled. A campaign seen first is noted as seen, so
        that a restart does not lose what comes due in between."""
        plan = compiled.plan
        watermarks: dict[str, datetime | None] = {}
        for zone in zones_of(plan, self._zones_of(active, tenant)):
            key = (plan.tenant, plan.identity, zone)
            looked = self._looked.get(key)
            stored = looked or self.ledger.watermark(*key)
            if stored is None and isinstance(plan.trigger, CronTrigger):
                self.ledger.set_watermark(*key, self.start)
                stored = self.start
            watermarks[zone] = stored
        return watermarks

    def _mark(self, compiled: CompiledPlan, due: Due) -> None:
        plan = compiled.plan
        for zone, instant in due.zones.items():
            self.ledger.set_watermark(plan.tenant, plan.identity, zone, instant)
            self._looked[(plan.tenant, plan.identity, zone)] = instant

    def _zones_of(self, active: ActiveRelease, tenant: CompiledTenant) -> tuple[str, ...]:
        name, now = tenant.tenant.name, self.clock.now()
        known = self._zones.get(name)
        if known is None or now - known[0] > ZONES_LAST:
            with open_customers(tenant, active.environment.data_root, now) as customers:
                known = self._zones[name] = (now, customers.zones())
        return known[1]

    def _note(self, tenant: str, fault: RuntimeFault) -> None:
        self._retry_at[tenant] = self.clock.now() + RETRY_AFTER
        trouble = Trouble(tenant, fault.code, fault.message, fault.hint)
        if self.troubles.get(tenant) != trouble:
            log.error("%s: %s", tenant, fault)
        self.troubles[tenant] = trouble
