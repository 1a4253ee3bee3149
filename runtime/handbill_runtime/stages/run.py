"""One occurrence of a campaign from audience to delivery, and what a crash or an hour left over.

`run_occurrence` may be called again at any time with the same arguments: what the ledger holds is
not decided twice, and what it does not hold was not sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handbill_runtime.ledger.model import Occurrence, State
from handbill_runtime.stages.compiled import CompiledPlan
from handbill_runtime.stages.customers import Customers
from handbill_runtime.stages.delivery import deliver_batch
from handbill_runtime.stages.generation import generate_batch
from handbill_runtime.stages.moving import move_to_active_plan
from handbill_runtime.stages.report import RunReport, report_run
from handbill_runtime.stages.selection import select_customers
from handbill_runtime.stages.work import Work

BATCH = 50
NO_PATIENCE = timedelta(0)
EVERYONE = ""
"""The zone of a run that concerns all customers at once (tenant's time, or publish)."""


async def run_occurrence(
    work: Work,
    compiled: CompiledPlan,
    occurrence: str,
    due: Mapping[str, datetime],
    customers: Customers,
    patience: timedelta = NO_PATIENCE,
) -> RunReport | None:
    """Audience, generation and delivery for the zones in `due` (zone → due instant).

    `due` is {EVERYONE: instant} when the trigger's time zone is the tenant's. Zones that have run
    are not selected again. Messages that are held for a later hour or retry are waited for as long
    as `patience`; the rest is left to `deliver_pending`. A paused plan selects nobody: the answer
    is None unless the occurrence began before it was paused.
    """
    key = begin_occurrence(work, compiled, occurrence, due, customers)
    await deliver_pending(work, [key], patience)
    report = report_run(work.ledger, key)
    return None if report is None else replace(report, quarantined=customers.quarantined)


def begin_occurrence(
    work: Work,
    compiled: CompiledPlan,
    occurrence: str,
    due: Mapping[str, datetime],
    customers: Customers,
) -> Occurrence:
    """The audience stage alone, for the zones in `due` that have not run; durable when it returns.

    A paused plan selects nobody.
    """
    key = Occurrence(compiled.plan.tenant, compiled.plan.identity, occurrence)
    if compiled.plan.status == "active":
        done = {run.zone for run in work.ledger.runs_of(key) if run.complete}
        if EVERYONE not in done:
            fresh = {zone: at for zone, at in due.items() if zone not in done}
            select_customers(work, compiled, key, fresh, customers)
    return key


async def deliver_pending(
    work: Work,
    occurrences: Sequence[Occurrence] | None = None,
    patience: timedelta = NO_PATIENCE,
) -> None:
    """Generate and deliver whatever is due of these occurrences, or of all of the tenant's.

    For recovery after a crash, for held messages whose hour has come, and for retries. Returns
    early when the work is interrupted.
    """
    until = work.clock.now() + patience
    while not work.interrupted():
        for occurrence in due_in_order(work, occurrences):
            await _deliver_occurrence(work, occurrence)
        wake = _next_due(work, occurrences)
        now = work.clock.now()
        if wake is None or wake > until:
            return
        if wake > now:
            await work.clock.sleep((wake - now).total_seconds())


def due_in_order(
    work: Work, occurrences: Sequence[Occurrence] | None = None
) -> Sequence[Occurrence]:
    """Those with something due; campaigns of higher priority first, since caps may be short."""
    waiting = work.ledger.waiting_occurrences(work.tenant.tenant.name, work.clock.now())
    if occurrences is not None:
        waiting = [occurrence for occurrence in waiting if occurrence in occurrences]
    return sorted(waiting, key=lambda occurrence: -_priority(work, occurrence))


def _priority(work: Work, occurrence: Occurrence) -> int:
    outline = work.tenant.outline_by_identity(occurrence.identity)
    return 0 if outline is None else outline.priority


async def _deliver_occurrence(work: Work, occurrence: Occurrence) -> None:
    move_to_active_plan(work, occurrence)
    while not work.interrupted():
        now = work.clock.now()
        planned = work.ledger.due(occurrence, State.PLANNED, now, BATCH)
        if planned:
            generate_batch(work, planned)
        claimed = work.ledger.due(occurrence, State.CLAIMED, now, BATCH)
        if claimed:
            await deliver_batch(work, claimed)
        if not planned and not claimed:
            return


def _next_due(work: Work, occurrences: Sequence[Occurrence] | None) -> datetime | None:
    times = (
        [work.ledger.next_due(work.tenant.tenant.name)]
        if occurrences is None
        else [work.ledger.next_due_of(occurrence) for occurrence in occurrences]
    )
    return min((time for time in times if time is not None), default=None)
