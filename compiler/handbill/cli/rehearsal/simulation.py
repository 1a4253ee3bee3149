"""Runs a period of a release on a virtual clock by the runtime's own engine, with nothing sent.

Audiences are asked of the customers' data, and consent, caps, quiet hours, priorities, provider rates
and expiry decide as they do in production. The ledger is the rehearsal's own and begins empty: who got
what before the period is not known, so caps and reentry start from nothing.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from handbill.cli.rehearsal.silent_driver import silent_drivers
from handbill_runtime.clock import VirtualClock
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.engine import Engine
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.replay import replay
from handbill_runtime.stages.report import RunReport
from handbill_runtime.troubles import Trouble

QUARTER = 900_000
"""Milliseconds. Every zone is a whole number of quarter hours from UTC since 1972 (tz database)."""


MOST_INSTANTS = 5_000
"""At each of them customers are read and asked about."""


class TooMuch(ValueError):
    """More falls due than can be simulated in one go."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Messages of one occurrence that left on one channel within a quarter of an hour."""

    tenant: str
    identity: str
    channel: str
    at: datetime.datetime
    messages: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of it. `together` is (tenant, identity, other identity) → customers who get both within
    one day of the tenant's."""

    reports: Mapping[Occurrence, RunReport]
    leaving: Sequence[Leaving]
    together: Mapping[tuple[str, str, str], int]
    troubles: Sequence[Trouble]


def rehearse(
    active: ActiveRelease,
    folder: Path,
    begin: datetime.datetime,
    end: datetime.datetime,
    offset_of: Callable[[str, datetime.datetime], datetime.timedelta],
    progress: Callable[[datetime.datetime], None] = lambda at: None,
) -> Rehearsed:
    """Everything that falls due in (begin, end]. `folder` is empty and the rehearsal's own.

    Raises TooMuch before anything is run. `offset_of` says for a tenant and an instant how far its zone is from UTC; `progress` is told the
    virtual time now and then.
    """
    with _own_ledger(folder) as ledger:
        return asyncio.run(_rehearse(active, ledger, begin, end, offset_of, progress))


@contextmanager
def _own_ledger(folder: Path) -> Iterator[SqliteLedger]:
    ledger = SqliteLedger(folder / "ledger.db")
    try:
        ledger.db.execute("PRAGMA synchronous = OFF")
        yield ledger
    finally:
        ledger.close()


async def _rehearse(
    active: ActiveRelease,
    ledger: SqliteLedger,
    begin: datetime.datetime,
    end: datetime.datetime,
    offset_of: Callable[[str, datetime.datetime], datetime.timedelta],
    progress: Callable[[datetime.datetime], None],
) -> Rehearsed:
    clock = _ToldClock(begin, progress)
    ledger.take_lease("rehearsal", begin)
    async with Drivers(silent_drivers(active.channels)) as drivers:
        engine = Engine(ledger=ledger, drivers=drivers, clock=clock, start=begin)
        instants = len(engine.instants(active, begin, end))
        if instants > MOST_INSTANTS:
            raise TooMuch(
                f"something falls due at {instants} moments of this period, and at most "
                f"{MOST_INSTANTS} can be simulated: say a shorter one, or --tenant"
            )
        reports = await replay(engine, clock, active, end)
        troubles = tuple(engine.troubles.values())
    return Rehearsed(
        reports=reports,
        leaving=tuple(_leaving(ledger)),
        together=_together(ledger, offset_of),
        troubles=troubles,
    )


class _ToldClock(VirtualClock):
    """Tells of every step that it takes."""

    def __init__(
        self, at: datetime.datetime, progress: Callable[[datetime.datetime], None]
    ) -> None:
        super().__init__(at)
        self._progress = progress

    def advance_to(self, at: datetime.datetime) -> None:
        super().advance_to(at)
        self._progress(self.now())


# ── the ledger, read afterwards ──────────────────────────────────────────────────────────────────


def _leaving(ledger: SqliteLedger) -> Iterator[Leaving]:
    rows = ledger.db.execute(
        "SELECT o.tenant, o.identity, m.channel, m.sent_at / ? AS quarter, count(*)"
        " FROM messages m JOIN occurrences o ON o.id = m.occurrence"
        " WHERE m.state = 'accepted' GROUP BY 1, 2, 3, 4 ORDER BY 1, 4, 2, 3",
        (QUARTER,),
    )
    for tenant, identity, channel, quarter, count in rows:
        at = datetime.datetime.fromtimestamp(quarter * QUARTER / 1000, datetime.UTC)
        yield Leaving(tenant, identity, channel, at, count)


def _together(
    ledger: SqliteLedger,
    offset_of: Callable[[str, datetime.datetime], datetime.timedelta],
) -> dict[tuple[str, str, str], int]:
    """One pass over what was sent, customer by customer."""
    rows = ledger.db.execute(
        "SELECT m.tenant, m.customer, m.sent_at, o.identity"
        " FROM messages m JOIN occurrences o ON o.id = m.occurrence"
        " WHERE m.state = 'accepted' AND m.marketing ORDER BY m.tenant, m.customer"
    )
    pairs: dict[tuple[str, str, str], set[str]] = {}
    days: dict[datetime.date, set[str]] = {}
    current = ("", "")
    for tenant, customer, sent_at, identity in rows:
        if (tenant, customer) != current:
            _count_pairs(pairs, current, days)
            current, days = (tenant, customer), {}
        at = datetime.datetime.fromtimestamp(sent_at / 1000, datetime.UTC)
        days.setdefault((at + offset_of(tenant, at)).date(), set()).add(identity)
    _count_pairs(pairs, current, days)
    return {pair: len(customers) for pair, customers in sorted(pairs.items())}


def _count_pairs(
    pairs: dict[tuple[str, str, str], set[str]],
    customer: tuple[str, str],
    days: Mapping[datetime.date, set[str]],
) -> None:
    for identities in days.values():
        ordered = sorted(identities)
        for place, first in enumerate(ordered):
            for second in ordered[place + 1 :]:
                pairs.setdefault((customer[0], first, second), set()).add(customer[1])
