"""The runtime in this process: it follows, sends and ends."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from market import NOON, Market
from processes import PATIENCE, on_publish

from handbill_runtime import service as service_module
from handbill_runtime.errors import RuntimeFault
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.service import Service

# ── in this process ──────────────────────────────────────────────────────────────────────────────


def serve(market: Market, meanwhile: Callable[[Service], Awaitable[None]], **options: Any) -> None:
    """A service from its start to its end; `meanwhile` sets its stop, or it ends by itself."""

    async def run() -> None:
        service = Service(market.follower(), asyncio.Event(), **options)
        running = asyncio.create_task(service.run())
        acting = asyncio.create_task(meanwhile(service))
        await asyncio.wait_for(running, PATIENCE)
        await acting

    asyncio.run(run())


async def when(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.02)


def test_it_follows_and_sends_until_it_is_stopped(market: Market, mail_server: Any) -> None:
    on_publish(market)

    async def meanwhile(service: Service) -> None:
        await asyncio.sleep(0.2)
        market.publish()
        await when(lambda: len(mail_server.received) == 2)
        service.stop.set()

    serve(market, meanwhile)
    ledger = SqliteLedger(market.ledger)
    ledger.take_lease("the next", NOON)  # the lease is free again
    assert ledger.db.execute("SELECT DISTINCT state FROM messages").fetchall() == [("accepted",)]
    ledger.close()


def test_a_stop_before_anything_happened_is_heeded(market: Market) -> None:
    async def meanwhile(service: Service) -> None:
        service.stop.set()

    serve(market, meanwhile)


def test_it_serves_links_while_it_runs(market: Market, mail_server: Any) -> None:
    on_publish(market)
    market.publish()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    pages: list[str] = []

    async def meanwhile(service: Service) -> None:
        await when(lambda: len(mail_server.received) == 2)
        link = mail_server.mails()[0]["List-Unsubscribe"].strip("<>")
        here = link.replace("https://go.corner.example", f"http://127.0.0.1:{port}")
        async with httpx.AsyncClient() as client:
            pages.append((await client.get(here)).text)
        service.stop.set()

    serve(market, meanwhile, listen=f"127.0.0.1:{port}")
    assert "from Corner Shop?" in pages[0]


def test_what_sending_cannot_do_ends_it(market: Market) -> None:
    market.publish()

    async def meanwhile(service: Service) -> None:
        pass

    with pytest.raises(RuntimeFault, match="HB960"):
        serve(market, meanwhile, listen="nonsense")


def test_it_never_goes_on_without_following(
    market: Market, mail_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A runtime that silently stopped following would run an old release for ever."""
    market.publish()

    async def broken(*given: Any, **named: Any) -> Any:
        yield None
        raise MemoryError("while watching")

    async def meanwhile(service: Service) -> None:
        pass

    monkeypatch.setattr(service_module, "pointer_hints", broken)
    with pytest.raises(MemoryError, match="while watching"):
        serve(market, meanwhile)
