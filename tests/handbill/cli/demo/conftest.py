"""One small delivery on every channel, through the demo's own receivers in processes of their own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "handbill_runtime"))

from market import NOON, Market

from handbill.cli.demo.processes import Processes, free_ports
from handbill.cli.demo.receipt_book import ReceiptBook, Received
from handbill.cli.demo.scratch import Ports
from handbill_runtime.clock import VirtualClock
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.engine import Engine
from handbill_runtime.ledger.sqlite import open_ledger
from handbill_runtime.replay import Reports, replay

CUSTOMERS = """
    id,first_name,email,phone,push_token,consent,orders,locale
    a,Ann <b>,ann@shop.example,+15185550111,tok-a,email.promotions|sms.promotions|push.promotions,3,en-US
    b,Bo,bo@shop.example,,,email.promotions,3,es-US
    c,Cy,cy@shop.example,,,email.promotions,3,en-US
    d,Di,,,,email.promotions,3,en-US
    """
EVERYWHERE = """
    trigger: {at: 2026-12-05T12:00, timezone: tenant}
    deliver: {mode: all}
    message:
      email: {subject: {en-US: "Hi {{ customer.first_name | default('you') }}", es-US: "Hola"}, template: mail.html}
      sms: {body: "Points & more <3"}
      push: {title: "Hi {{ customer.first_name | default('you') }}", body: "Points & <more>"}
    """


@dataclass(frozen=True)
class Delivered:
    """What was sent, by whom, and the books of what arrived: mails, then HTTP."""

    market: Market
    ports: Ports
    books: tuple[Path, Path]
    reports: Reports

    @property
    def ledger(self) -> Path:
        return self.market.ledger

    def received(self) -> list[Received]:
        found: list[Received] = []
        for path in self.books:
            book = ReceiptBook(path)
            found += book.all()
            book.close()
        return found


@pytest.fixture(scope="session")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    """The receivers stay up while the tests run."""
    root = tmp_path_factory.mktemp("delivered")
    ports, books = free_ports(), (root / "mail.db", root / "http.db")
    processes = Processes(root)
    try:
        processes.start_receivers(ports, *books)
        market = Market(root, f"smtp://127.0.0.1:{ports.smtp}", f"http://127.0.0.1:{ports.http}")
        market.points(EVERYWHERE)
        market.customers(CUSTOMERS)
        market.publish()
        yield Delivered(market, ports, books, asyncio.run(_run(market)))
    finally:
        processes.close()


async def _run(market: Market) -> Reports:
    ledger, clock, active = open_ledger(str(market.ledger)), VirtualClock(NOON), market.active()
    try:
        ledger.take_lease("test", clock.now())
        async with Drivers() as drivers:
            return await replay(Engine(ledger, drivers, clock), clock, active, NOON)
    finally:
        ledger.close()
