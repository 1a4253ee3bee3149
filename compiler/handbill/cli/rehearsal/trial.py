"""Runs one test of a campaign on the runtime's own stages, with made-up customers and nothing sent.

The audience's SQL, the verdicts, the words, the hours, the caps: all of it is what production runs,
over files, a ledger and a clock of the test's own; only the drivers write down instead of sending.
Who is selected is asked of both back ends, and an answer of one that is not the other's is a bug.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from handbill.assertions.data_files import write_data
from handbill.assertions.outcome import ENDED, NOT_STARTED, Outcome
from handbill.assertions.preparing import ReadyTest
from handbill.cli.rehearsal.both_back_ends import judged_by_both
from handbill.cli.rehearsal.trial_history import write_history
from handbill.cli.rehearsal.trial_ledger import LedgerReading
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import (
    Channel,
    CronTrigger,
    Dataset,
    Environment,
    Holdout,
    Plan,
    Provider,
    PublishTrigger,
)
from handbill_runtime.clock import VirtualClock
from handbill_runtime.drivers.driver import Accepted, Answer, Driver, Endpoint, Envelope
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.signed_links import UnsubscribeLinks
from handbill_runtime.stages.compiled import CompiledTenant, compile_plan
from handbill_runtime.stages.customers import Customers, open_customers
from handbill_runtime.stages.hours import instant_of, local_date
from handbill_runtime.stages.pace import Pace
from handbill_runtime.stages.run import begin_occurrence, deliver_pending
from handbill_runtime.stages.work import Work

PUBLIC_URL, ASSETS_URL = "https://links.example", "https://assets.example"
SECRET = b"handbill test"
"""Signs the links of tests, so that they are the same every time."""
PATIENCE = datetime.timedelta(days=366)
"""For messages that wait for their hour; whatever expires first, expires."""
EVERYONE = ""


def run_trial(ready: ReadyTest, folder: Path) -> Mapping[str, Outcome]:
    """Customer → what came of them. `folder` is empty and the test's own."""
    return _Trial(ready, folder).run()


class Recorder:
    """A driver that accepts everything and keeps it."""

    def __init__(self, book: dict[str, Envelope]) -> None:
        self._book = book

    async def deliver(self, endpoint: Endpoint, envelopes: Sequence[Envelope]) -> Sequence[Answer]:
        self._book.update({envelope.id: envelope for envelope in envelopes})
        return [Accepted() for _ in envelopes]

    async def close(self) -> None:
        pass


class _Trial:
    def __init__(self, ready: ReadyTest, folder: Path) -> None:
        self._ready = ready
        self._written = ready.test.written
        self._folder = folder
        self._plan = _as_tested(ready.plan, holdouts=self._written.holdouts)
        self._compiled = compile_plan(self._plan, digest_of(canonical_bytes(self._plan)))
        datasets = _made_up(ready.subject.tenant.datasets, ready)
        tenant = msgspec.structs.replace(ready.subject.tenant, datasets=datasets)
        plans = {self._plan.campaign: self._compiled}
        others = ready.subject.released_besides(self._plan.campaign)
        self._tenant = CompiledTenant(tenant, plans, ready.subject.tables, others)
        self._book: dict[str, Envelope] = {}

    def run(self) -> Mapping[str, Outcome]:
        write_data(self._folder / "data", self._tenant.tenant.datasets, self._ready.fixtures)
        with closing(SqliteLedger(self._folder / "ledger.db")) as ledger:
            ledger.db.execute("PRAGMA synchronous = OFF")
            return asyncio.run(self._run(ledger))

    async def _run(self, ledger: SqliteLedger) -> Mapping[str, Outcome]:
        home = instant_of(self._written.now, self._plan.timezone)
        ledger.take_lease("test", home)
        write_history(ledger, self._ready)
        with open_customers(
            self._tenant, str(self._folder / "data"), home, [self._compiled]
        ) as customers:
            due = self._due(customers)
            first = min(due.values())
            run_date = local_date(first, self._plan.timezone)
            judged = judged_by_both(self._compiled, customers, run_date)
            life = _out_of_life(self._plan, first)
            if life is None:
                await self._go(ledger, customers, due)
            quarantined = ", ".join(customers.quarantined)
        read = LedgerReading(self._compiled, self._book, ledger, self._occurrence())
        return {
            name: read.outcome(name, judged.get(name), life, quarantined)
            for name in self._written.customers
        }

    # ── running ──────────────────────────────────────────────────────────────────────────────────

    def _occurrence(self) -> Occurrence:
        repeats = isinstance(self._plan.trigger, CronTrigger)
        name = self._written.now if repeats else ""
        return Occurrence(self._plan.tenant, self._plan.identity, name)

    def _due(self, customers: Customers) -> Mapping[str, datetime.datetime]:
        """Zone → the instant at which it is `now` there."""
        trigger = self._plan.trigger
        if isinstance(trigger, PublishTrigger) or trigger.timezone == "tenant":
            return {EVERYONE: instant_of(self._written.now, self._plan.timezone)}
        return {zone: instant_of(self._written.now, zone) for zone in customers.zones()}

    async def _go(
        self,
        ledger: SqliteLedger,
        customers: Customers,
        due: Mapping[str, datetime.datetime],
    ) -> None:
        instants = sorted(set(due.values()))
        clock = VirtualClock(instants[0])
        async with Drivers(self._drivers()) as drivers:
            work = self._work(ledger, drivers, clock)
            occurrence = self._occurrence()
            for instant, following in zip(instants, [*instants[1:], None], strict=True):
                clock.advance_to(instant)
                zones = {zone: at for zone, at in due.items() if at == instant}
                begin_occurrence(work, self._compiled, occurrence.name, zones, customers)
                patience = PATIENCE if following is None else following - clock.now()
                await deliver_pending(work, [occurrence], patience)

    def _drivers(self) -> dict[str, Callable[[], Driver]]:
        names = {
            vendor.driver
            for channel in self._ready.subject.channels.values()
            for vendor in channel.vendors.values()
        }
        return dict.fromkeys(names, lambda: Recorder(self._book))

    def _work(self, ledger: SqliteLedger, drivers: Drivers, clock: VirtualClock) -> Work:
        root = str(self._folder / "data")
        secret = self._folder / "secret"
        secret.write_text("-", encoding="utf-8")
        return Work(
            tenant=self._tenant,
            environment=_environment(self._ready.subject.channels, secret),
            channels=self._ready.subject.channels,
            ledger=ledger,
            drivers=drivers,
            clock=clock,
            pace=Pace(),
            links=UnsubscribeLinks(PUBLIC_URL, SECRET),
            open_customers=lambda plans=None: open_customers(
                self._tenant, root, clock.now(), plans
            ),
        )


def _as_tested(plan: Plan, *, holdouts: bool) -> Plan:
    """Active, by providers of its own, and without control groups unless they are asked for."""
    senders = {
        channel: msgspec.structs.replace(sender, providers=(channel,))
        for channel, sender in plan.senders.items()
    }
    holdout = plan.holdout if holdouts else Holdout()
    return msgspec.structs.replace(plan, status="active", senders=senders, holdout=holdout)


def _made_up(datasets: Mapping[str, Dataset], ready: ReadyTest) -> dict[str, Dataset]:
    """Rows of the test take the place of a table in git; nothing of a test is ever too old."""
    return {
        name: msgspec.structs.replace(
            dataset,
            table=None if name in ready.fixtures.rows else dataset.table,
            fresh_seconds=None,
        )
        for name, dataset in datasets.items()
    }


def _environment(channels: Mapping[str, Channel], secret: Path) -> Environment:
    return Environment(
        name="test",
        recipients="everyone",
        data_root="",
        store="",
        ledger="",
        public_url=PUBLIC_URL,
        assets_url=ASSETS_URL,
        providers={
            name: Provider(
                contract=min(channel.vendors), url="test://test", secret=f"file:{secret}"
            )
            for name, channel in channels.items()
            if channel.vendors
        },
    )


def _out_of_life(plan: Plan, now: datetime.datetime) -> str | None:
    if plan.starts is not None and now < instant_of(plan.starts, plan.timezone):
        return NOT_STARTED
    if plan.ends is not None and now >= instant_of(plan.ends, plan.timezone):
        return ENDED
    return None
