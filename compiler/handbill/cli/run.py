"""`handbill run`: the runtime, until it is stopped or, with `--once`, until nothing more is due."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.output import fail, output_option

if TYPE_CHECKING:
    from handbill_runtime.engine import Engine, Trouble
    from handbill_runtime.follow.follower import Follower
    from handbill_runtime.replay import Reports

LOOK_BACK = timedelta(hours=24)
"""How far `--once` looks back for what no runtime has handled yet."""


class Instant(click.ParamType[datetime]):
    """An ISO 8601 date and time; one without an offset is UTC."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"`{value}` is not a time; write 2026-12-05T10:00Z", param, ctx)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def default_state() -> Path:
    """Where the last good release is kept, by the XDG base directory specification."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "handbill"


@dataclass(frozen=True, slots=True)
class Period:
    """What `--once` runs: with `since` a replay from there to `at`, else what is due at `at`."""

    at: datetime
    since: datetime | None


@click.command()
@click.option("--store", "store_url", required=True, help="Where releases are published.")
@click.option("--env", "environment", required=True, help="The environment to run.")
@click.option("--trust", multiple=True, required=True, help="A public key, or a file of them.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_state,
    help="Where the last good release is kept.",
)
@click.option("--name", default=socket.gethostname, help="This runtime's name among the receipts.")
@click.option("--listen", metavar="HOST:PORT", help="Serve unsubscribe links there.")
@click.option("--once", is_flag=True, help="Run what is due, then end.")
@click.option("--at", type=Instant(), help="With --once: the time it is, instead of now.")
@click.option(
    "--since", type=Instant(), help="With --once: run each occurrence since then at its own time."
)
@output_option
def run(
    store_url: str,
    environment: str,
    trust: tuple[str, ...],
    state: Path,
    name: str,
    listen: str | None,
    once: bool,
    at: datetime | None,
    since: datetime | None,
    output: str,
) -> None:
    """Run what is published: pick the audiences, write the messages, deliver them.

    Nothing is sent but by a release that a trusted key signed for this environment.
    """
    from handbill.store.errors import StoreError
    from handbill_runtime.errors import RuntimeFault

    if (at or since) and not once:
        raise click.UsageError("--at and --since go with --once")
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        follower = open_follower(store_url, environment, trust, state, name)
        if not once:
            asyncio.run(_serve(follower, listen))
            return
        period = Period(at or datetime.now(UTC), since)
        reports, troubles = asyncio.run(_once(follower, period))
    except (StoreError, RuntimeFault) as error:
        fail(error.code, error.message, error.hint)
    _show(reports, output)
    for trouble in troubles.values():
        click.echo(f"error[{trouble.code}]: {trouble.tenant}: {trouble.message}", err=True)
    sys.exit(1 if troubles else 0)


def open_follower(
    store_url: str, environment: str, trust: tuple[str, ...], state: Path, name: str
) -> Follower:
    from handbill.store.keys import load_trusted
    from handbill.store.store import open_store
    from handbill_runtime.follow.follower import Follower
    from handbill_runtime.follow.last_good import LastGood

    return Follower(
        store=open_store(store_url),
        environment=environment,
        trusted=load_trusted(trust),
        last_good=LastGood(state / environment, environment),
        runtime=name,
    )


async def _serve(follower: Follower, listen: str | None) -> None:
    from handbill_runtime.links_server import LinksServer
    from handbill_runtime.service import Service

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stop.set)
    servers: list[LinksServer] = []

    def serve_links() -> None:
        if listen and not servers and follower.active is not None:
            names = {
                name: tenant.tenant.display_name for name, tenant in follower.active.tenants.items()
            }
            servers.append(LinksServer(listen, follower.active.environment.ledger, names))

    try:
        await Service(follower, stop, serve_links).run()
    finally:
        for server in servers:
            server.close()


async def _once(follower: Follower, period: Period) -> tuple[Reports, Mapping[str, Trouble]]:
    from handbill_runtime.clock import VirtualClock
    from handbill_runtime.drivers.table import Drivers
    from handbill_runtime.engine import Engine
    from handbill_runtime.errors import RuntimeFault
    from handbill_runtime.ledger.sqlite import open_ledger
    from handbill_runtime.replay import replay
    from handbill_runtime.service import take_lease

    follower.start()
    if follower.active is None:
        refusal = follower.refusal
        assert refusal is not None
        raise RuntimeFault(refusal.code, refusal.message, refusal.hint or "")
    clock = VirtualClock(period.since or period.at)
    ledger = open_ledger(follower.active.environment.ledger)
    try:
        take_lease(ledger, follower.runtime, clock)
        async with Drivers() as drivers:
            start = period.since or period.at - LOOK_BACK
            engine: Engine = Engine(ledger, drivers, clock, start=start)
            reports = await replay(engine, clock, follower.active, period.at)
        ledger.release_lease()
        return reports, engine.troubles
    finally:
        ledger.close()


def _show(reports: Reports, output: str) -> None:
    from handbill.cli.run_summary import summary_json, summary_table
    from handbill_runtime.summary import summarize

    summary = summarize(reports.values())
    click.echo(summary_json(summary) if output == "json" else summary_table(summary))
