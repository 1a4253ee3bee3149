"""The emergency stop from the operator's command to the mail server: mid-run, and after resuming."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from click.testing import CliRunner
from market import ENVIRONMENT, Market
from processes import on_publish
from test_service import serve, when

from handbill.cli.pause import pause
from handbill.cli.resume import resume
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.service import Service

CROWD = 160
"""More than three batches."""


def command(market: Market, name: str, *options: str) -> None:
    place = ["--env", ENVIRONMENT, "--store", market.store.url, "--key", f"{market.root}/test.key"]
    done = CliRunner().invoke(
        {"pause": pause, "resume": resume}[name],
        [*place, *options, "--reason", "wrong prices", "--by", "olga"],
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output


def states(market: Market) -> dict[str, int]:
    ledger = SqliteLedger(market.ledger)
    rows = ledger.db.execute("SELECT state, count(*) FROM messages GROUP BY state").fetchall()
    ledger.close()
    return {str(state): int(count) for state, count in rows}


def test_a_stop_reaches_what_is_mid_run_and_nothing_is_lost(
    market: Market, mail_server: Any
) -> None:
    on_publish(market)
    market.crowd(CROWD)
    market.publish()
    mail_server.on_data = lambda address: time.sleep(0.02) or "250 queued"
    at_rest: list[int] = []

    async def meanwhile(service: Service) -> None:
        await when(lambda: len(mail_server.received) >= 10)
        await asyncio.to_thread(command, market, "pause", "--tenant", "corner")
        await when(lambda: service.follower.guard.stops("corner"))
        await when(lambda: "sending" not in states(market))
        stopped = len(mail_server.received)
        await asyncio.sleep(1.5)  # several looks for due work
        at_rest.extend([stopped, len(mail_server.received)])
        receipt = service.follower.receipt()
        assert receipt.pause is not None and receipt.pause.tenants == ("corner",)
        await asyncio.to_thread(command, market, "resume", "--tenant", "corner")
        await when(lambda: len(mail_server.received) >= CROWD)
        service.stop.set()

    serve(market, meanwhile)
    before, after = at_rest
    assert before == after < CROWD, "messages on the wire finish, and no other leaves"
    assert states(market) == {"accepted": CROWD}
    assert (
        len({address for address, _ in mail_server.received}) == CROWD == len(mail_server.received)
    )


def test_other_tenants_go_on(market: Market, mail_server: Any) -> None:
    on_publish(market)
    market.tenant("other")
    text = (market.root / "repository/tenants/corner/campaigns/points.yaml").read_text()
    market.campaign("points", text, "other")
    market.publish()
    command(market, "pause", "--tenant", "corner")

    async def meanwhile(service: Service) -> None:
        await when(lambda: len(mail_server.received) == 2)
        await asyncio.sleep(1.0)
        service.stop.set()

    serve(market, meanwhile)
    assert all(
        "other" in mail["From"].addresses[0].display_name.lower() for mail in mail_server.mails()
    )
    assert states(market) == {"accepted": 2}


def test_a_runtime_that_starts_stopped_sends_nothing_and_catches_up(
    market: Market, mail_server: Any
) -> None:
    on_publish(market)
    market.publish()
    command(market, "pause", "--all")

    async def meanwhile(service: Service) -> None:
        await when(lambda: service.follower.active is not None)
        await asyncio.sleep(1.2)
        assert not mail_server.received
        await asyncio.to_thread(command, market, "resume", "--all")
        await when(lambda: len(mail_server.received) == 2)
        service.stop.set()

    serve(market, meanwhile)
    assert states(market) == {"accepted": 2}
