"""A period run through in one go on a virtual clock: every occurrence at its own due time.

Nothing is simulated but the time: customers are read, messages are sent and written down.
"""

from __future__ import annotations

from datetime import datetime

from handbill_runtime.clock import VirtualClock
from handbill_runtime.engine import Engine
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.stages.report import RunReport

Reports = dict[Occurrence, RunReport]


async def replay(
    engine: Engine, clock: VirtualClock, active: ActiveRelease, until: datetime
) -> Reports:
    """Runs all that falls due after the clock's time and up to `until`; messages that wait for an
    hour in between are delivered at that hour."""
    reports: Reports = {}
    instants = engine.instants(active, clock.now(), until)
    while True:
        for report in await engine.run_due(active):
            reports[report.occurrence] = report
        following = [at for at in instants if at > clock.now()][:1]
        waiting = engine.ledger.next_due()
        if waiting is not None and waiting > clock.now():
            following.append(waiting)
        if not following or min(following) > until:
            break
        clock.advance_to(min(following))
    clock.advance_to(until)
    return reports
