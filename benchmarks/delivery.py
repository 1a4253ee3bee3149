"""Durable delivery over real SMTP, against a loop that only sends.

The receiver is Postfix's smtp-sink, which takes every mail and keeps none. The runtime plans, writes
the words, and makes each step durable before the next; the loop holds the finished bytes in memory
and would lose everything with the process. The difference is the price of losing nothing.
"""

from __future__ import annotations

import asyncio
import datetime
import shutil
import time
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.customers import write_customers
from benchmarks.measure import interleave, paired_ratio, spread
from benchmarks.outcome import Line, Outcome, Ratio, Setting, Unavailable
from benchmarks.shop import TENANT, Shop, compile_shop
from benchmarks.smtp_sink import SmtpSink, find_smtp_sink

if TYPE_CHECKING:
    from handbill_runtime.drivers.driver import Answer, Driver, Endpoint, Envelope

TITLE = "durable delivery of 13 KB mails into Postfix's smtp-sink"
INPUTS = Path(__file__).parent / "inputs"
NOW = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)
WHOLE, DELIVERY = "Handbill, the whole run", "Handbill, once selected"
BARE = "a bare aiosmtplib loop"


class Unequal(Exception):
    """Not every mail was accepted once, so the times mean nothing."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it goes over the wire."""

    sender: str
    address: str
    data: bytes


def measure_delivery(setting: Setting) -> Outcome | Unavailable:
    if find_smtp_sink() is None:
        remedy = "Debian and Ubuntu: apt-get install postfix; then: python -m benchmarks delivery"
        return Unavailable("delivery", TITLE, "smtp-sink is not installed", remedy)
    with ExitStack() as stack:
        sink = stack.enter_context(SmtpSink())
        shop = compile_shop(
            setting.sample,
            setting.folder,
            [INPUTS / "near-you.yaml"],
            INPUTS / "mail.html",
            sink.port,
        )
        data = setting.folder / "data" / TENANT / "customers.parquet"
        write_customers(data, 60 if setting.quick else 3_000)
        runs = Runs(shop, setting.folder, sink)
        seconds = interleave(
            {WHOLE: runs.handbill, BARE: runs.bare}, repetitions=1 if setting.quick else 7
        )
    seconds[DELIVERY] = tuple(runs.delivery[-len(seconds[WHOLE]) :])
    count = len(runs.mails)
    lines = [
        Line(name, spread([count / each for each in seconds[name]]), "mails/s")
        for name in (WHOLE, DELIVERY, BARE)
    ]
    ratios = [
        Ratio(f"{name} ÷ {BARE}, time", paired_ratio(seconds[name], seconds[BARE]))
        for name in (WHOLE, DELIVERY)
    ]
    return Outcome("delivery", TITLE, _compared(runs.mails), lines, ratios)


def _compared(mails: Sequence[Mail]) -> tuple[str, ...]:
    from handbill_runtime.drivers.smtp import CONNECTIONS

    size = sum(len(mail.data) for mail in mails) / len(mails)
    return (
        f"{len(mails):,} mails of {size / 1000:.1f} KB (HTML, text part, headers) over {CONNECTIONS} "
        "connections on the loopback; the counter of smtp-sink agrees after every run.",
        "Handbill: customers read from Parquet, rules, consent, caps and holdouts, each mail "
        "planned, rendered and frozen, `sending` durable before the network is touched, every "
        "answer durable after it (SQLite, WAL, synchronous=FULL), suppression list checked. "
        "The loop: the same bytes, made before the clock starts; nothing is written down.",
    )


@dataclass(slots=True)
class Runs:
    """Both sides. The first run of the runtime records the mails that the loop sends."""

    shop: Shop
    folder: Path
    sink: SmtpSink
    mails: list[Mail] = field(default_factory=list)
    delivery: list[float] = field(default_factory=list)
    """Seconds of each run of the runtime without its selection."""

    def __post_init__(self) -> None:
        asyncio.run(self._run(record=True))
        self.delivery.clear()

    def handbill(self) -> float:
        return asyncio.run(self._run(record=False))

    def bare(self) -> float:
        expected = self.sink.received + len(self.mails)
        started = time.perf_counter()
        asyncio.run(send_all(self.mails, self.sink.port))
        seconds = time.perf_counter() - started
        self.sink.await_received(expected)
        return seconds

    async def _run(self, record: bool) -> float:
        """One occurrence with a new ledger; returns its seconds."""
        from handbill_runtime.clock import VirtualClock
        from handbill_runtime.drivers.smtp import SmtpDriver
        from handbill_runtime.drivers.table import Drivers
        from handbill_runtime.ledger.sqlite import open_ledger
        from handbill_runtime.signed_links import UnsubscribeLinks
        from handbill_runtime.stages.customers import open_customers
        from handbill_runtime.stages.pace import Pace
        from handbill_runtime.stages.run import EVERYONE, begin_occurrence, deliver_pending
        from handbill_runtime.stages.work import Work

        def driver() -> Driver:
            return Recorder(SmtpDriver(), self.mails) if record else SmtpDriver()

        folder, before = self.folder / "state", self.sink.received
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        ledger, clock = open_ledger(str(folder / "ledger.db")), VirtualClock(NOW)
        tenant, environment = self.shop.tenant, self.shop.environment
        async with Drivers({"smtp": driver}) as drivers:
            started = time.perf_counter()
            ledger.take_lease("bench", NOW)
            work = Work(
                tenant=tenant,
                environment=environment,
                channels=self.shop.channels,
                ledger=ledger,
                drivers=drivers,
                clock=clock,
                pace=Pace(),
                links=UnsubscribeLinks(environment.public_url, ledger.secret()),
                open_customers=lambda plans=None: open_customers(
                    tenant, environment.data_root, NOW, plans
                ),
            )
            with work.open_customers() as customers:
                occurrence = begin_occurrence(work, self.shop.plan, "", {EVERYONE: NOW}, customers)
            selected = time.perf_counter()
            await deliver_pending(work, [occurrence])
            ended = time.perf_counter()
        _, tally = ledger.tally(occurrence)
        ledger.close()
        states = {row.outcome: row.count for row in tally}
        if set(states) != {"accepted"} or states["accepted"] != len(self.mails):
            raise Unequal(f"of {len(self.mails)} mails became {states}")
        self.sink.await_received(before + len(self.mails))
        self.delivery.append(ended - selected)
        return ended - started


@dataclass(frozen=True, slots=True)
class Recorder:
    """A driver that also keeps what it sends."""

    driver: Driver
    mails: list[Mail]

    async def deliver(self, endpoint: Endpoint, envelopes: Sequence[Envelope]) -> Sequence[Answer]:
        from handbill_runtime.drivers.mime import mail_bytes

        for envelope in envelopes:
            sender, data = mail_bytes(envelope)
            self.mails.append(Mail(sender, envelope.address, data))
        return await self.driver.deliver(endpoint, envelopes)

    async def close(self) -> None:
        await self.driver.close()


async def send_all(mails: Sequence[Mail], port: int) -> None:
    """As many connections as the runtime has, each taking the next mail from one queue."""
    import aiosmtplib

    from handbill_runtime.drivers.smtp import CONNECTIONS

    waiting = deque(mails)

    async def worker() -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, local_hostname="localhost")
        async with client:
            while waiting:
                mail = waiting.popleft()
                await client.sendmail(mail.sender, [mail.address], mail.data)

    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))
