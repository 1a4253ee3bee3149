"""Running once: what is due now, or a period in one go, every occurrence at its own due time.

Nothing is simulated but the time: customers are read, messages are sent and written down.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handbill_runtime.clock import VirtualClock
from handbill_runtime.engine import Engine
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.stages.report import RunReport, report_run

Reports = dict[Occurrence, RunReport]


async def run_once(engine: Engine, active: ActiveRelease) -> Reports:
    """What is due now. Messages that wait for an hour or a retry are left for the next time."""
    engine.touched.clear()
    await engine.run_due(active)
    return _reports(engine, engine.touched)


async def replay(
    engine: Engine, clock: VirtualClock, active: ActiveRelease, until: datetime
) -> Reports:
    """Runs all that falls due after the clock's time and up to `until`; messages that wait for an
    hour in between are delivered at that hour. Reports every occurrence that had a part in it, as
    it stands at the end."""
    engine.touched.clear()
    instants = engine.instants(active, clock.now(), until)
    while True:
        await engine.run_due(active)
        if engine.stopping():
            break
        following = next_step(engine, active, instants, clock.now())
        if following is None or following > until:
            clock.advance_to(until)
            break
        clock.advance_to(following)
    return _reports(engine, engine.touched)


def next_step(
    engine: Engine, active: ActiveRelease, instants: list[datetime], now: datetime
) -> datetime | None:
    """The next instant at which an occurrence is due or a message wants attention."""
    waiting = [engine.ledger.next_due(name) for name in active.tenants]
    times = [at for at in (*instants, *waiting) if at is not None and at > now]
    return min(times, default=None)


def _reports(engine: Engine, occurrences: set[Occurrence]) -> Reports:
    reports: Reports = {}
    for occurrence in sorted(occurrences, key=lambda each: (each.tenant, each.identity, each.name)):
        report = report_run(engine.ledger, occurrence)
        if report is not None:
            quarantined = engine.quarantined.get(occurrence.tenant, {})
            reports[occurrence] = replace(report, quarantined=quarantined)
    return reports
