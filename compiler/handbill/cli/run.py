"""`handbill run`: the runtime, until it is stopped or, with `--once`, until nothing more is due."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import rich_click as click

from handbill.cli.output import fail, output_option

if TYPE_CHECKING:
    from handbill_runtime.drivers.table import Drivers
    from handbill_runtime.follow.active import ActiveRelease
    from handbill_runtime.follow.follower import Follower
    from handbill_runtime.follow.hints import HintSource
    from handbill_runtime.ledger.ledger import Ledger
    from handbill_runtime.replay import Reports
    from handbill_runtime.troubles import Trouble

LOOK_BACK = timedelta(hours=24)
"""How far `--once` looks back for what no runtime has handled yet."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Of any date that Handbill knows."""


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
            moment = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"`{value}` is not a time; write 2026-12-05T10:00Z", param, ctx)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail(f"`{value}` is not in the years {FIRST_YEAR} to {LAST_YEAR}", param, ctx)
        return moment


def default_state() -> Path:
    """Where the last good release is kept, by the XDG base directory specification."""
    home = os.environ.get("XDG_STATE_HOME")
    try:
        return (Path(home) if home else Path.home() / ".local" / "state") / "handbill"
    except RuntimeError as error:
        raise click.UsageError("this user has no home folder: name one with --state") from error


def default_name() -> str:
    """This machine's name, as a receipt may be called."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname()).lstrip("._-")[:100] or "runtime"


@dataclass(frozen=True, slots=True)
class Period:
    """What `--once` runs: what is due now, or at `at`, or all from `since` to `at` (or now), each
    at its own time."""

    at: datetime | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Finished:
    """What `--once` came to; `stopped`: a signal ended it before everything was done."""

    reports: Reports
    troubles: Collection[Trouble]
    stopped: bool


@click.command()
@click.option("--store", "store_url", required=True, help="Where releases are published.")
@click.option("--env", "environment", required=True, help="The environment to run.")
@click.option(
    "--trust",
    multiple=True,
    required=True,
    help="A public key, a file of them, or the root document.",
)
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_state,
    help="Where the last good release is kept.",
)
@click.option("--name", default=default_name, help="This runtime's name among the receipts.")
@click.option("--listen", metavar="HOST:PORT", help="Serve unsubscribe links there.")
@click.option("--once", is_flag=True, help="Run what is due, then end.")
@click.option(
    "--at",
    type=Instant(),
    help="With --once: the time it is, instead of now, on a clock that does not wait.",
)
@click.option(
    "--since", type=Instant(), help="With --once: run each occurrence since then at its own time."
)
@click.option(
    "--new-ledger",
    is_flag=True,
    help="Accept a ledger that is not the one used last: what was sent may be sent again.",
)
@click.option(
    "--decoded-plans",
    type=click.IntRange(min=1),
    metavar="N",
    help="Plans that are kept decoded in memory; others are read from disk when due.  [default: 2000]",
)
@click.option(
    "--hints",
    multiple=True,
    metavar="URL",
    help="Also be told of releases by nats://HOST/BUCKET or the publisher's http(s)://HOST. Repeatable.",
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
    new_ledger: bool,
    decoded_plans: int | None,
    hints: tuple[str, ...],
    output: str,
) -> None:
    """Run what is published: pick the audiences, write the messages, deliver them.

    Nothing is sent but by a release that a trusted key signed for this environment. SIGTERM and
    Ctrl-C end it once what is on its way has been answered; what is left goes out after the next
    start.
    """
    from handbill.store.errors import StoreError
    from handbill_runtime.errors import RuntimeFault
    from handbill_runtime.follow.hints import open_hints

    period = _period(once, at, since, listen)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        follower = open_follower(store_url, environment, trust, state, name, decoded_plans)
        if period is None:
            sources = [open_hints(url, environment) for url in hints]
            asyncio.run(_serve(follower, listen, new_ledger, sources))
            return
        finished = asyncio.run(_once(follower, period, new_ledger))
    except (StoreError, RuntimeFault) as error:
        fail(error.code, error.message, error.hint)
    _show(finished, output)
    sys.exit(1 if finished.troubles or finished.stopped else 0)


def _period(
    once: bool, at: datetime | None, since: datetime | None, listen: str | None
) -> Period | None:
    if not once:
        if at or since:
            raise click.UsageError("--at and --since go with --once")
        return None
    if listen:
        raise click.UsageError("--listen goes with a runtime that stays, not with --once")
    if since is not None and since > (at or datetime.now(UTC)):
        raise click.UsageError(f"--since is later than {'--at' if at else 'now'}")
    return Period(at, since)


def open_follower(
    store_url: str,
    environment: str,
    trust: tuple[str, ...],
    state: Path,
    name: str,
    decoded_plans: int | None = None,
) -> Follower:
    """Raises a StoreError or RuntimeFault where one of these could never work. The last good release is
    kept by environment and store: another store counts its releases anew."""
    from handbill.store.paths import receipt_path
    from handbill.store.store import open_store
    from handbill.store.trust import load_trust
    from handbill_runtime.follow.follower import Follower
    from handbill_runtime.follow.identity import runtime_key, seal_of
    from handbill_runtime.follow.last_good import LastGood
    from handbill_runtime.stages.decoded import MOST_PLANS, DecodedPlans

    receipt_path(environment, name)
    store, trusted = open_store(store_url), load_trust(trust)
    folder = state / environment / hashlib.sha256(store.url.encode()).hexdigest()[:12]
    key = runtime_key(folder)
    return Follower(
        store=store,
        environment=environment,
        trust=trusted,
        last_good=LastGood(folder, environment, trusted, seal_of(key)),
        runtime=name,
        key=key,
        decoded=DecodedPlans(decoded_plans or MOST_PLANS),
    )


async def _serve(
    follower: Follower, listen: str | None, new_ledger: bool, hints: Sequence[HintSource]
) -> None:
    from handbill_runtime.service import Service

    await Service(follower, _stop_on_signal(), listen, new_ledger, hints).run()


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stop.set)
    return stop


async def _once(follower: Follower, period: Period, new_ledger: bool) -> Finished:
    from handbill_runtime.drivers.table import Drivers
    from handbill_runtime.ledger.memory import LedgerMemory

    stop = _stop_on_signal()
    async with AsyncExitStack() as stack:
        stack.callback(follower.end)
        follower.start()
        active = follower.active or _refuse_nothing(follower)
        memory = LedgerMemory(follower.last_good.store, new_ledger)
        ledger = stack.enter_context(closing(memory.open(active.environment.ledger)))
        ledger.take_lease(follower.runtime, datetime.now(UTC))
        memory.remember(ledger)
        drivers = await stack.enter_async_context(Drivers())
        reports, troubles = await _run(
            ledger, drivers, active, period, stop.is_set, follower.guard.stops
        )
        return Finished(reports, troubles, stop.is_set())


async def _run(
    ledger: Ledger,
    drivers: Drivers,
    active: ActiveRelease,
    period: Period,
    stopping: Callable[[], bool],
    stopped: Callable[[str], bool],
) -> tuple[Reports, Collection[Trouble]]:
    """By the machine's clock where no time was given, else on a virtual one."""
    from handbill_runtime.clock import SystemClock, VirtualClock
    from handbill_runtime.engine import Engine
    from handbill_runtime.replay import replay, run_once

    until = period.at or datetime.now(UTC)
    start = period.since or until - LOOK_BACK
    if period.at is None and period.since is None:
        engine = Engine(
            ledger, drivers, SystemClock(), start=start, stopping=stopping, stopped=stopped
        )
        return await run_once(engine, active), tuple(engine.troubles.values())
    clock = VirtualClock(period.since or until)
    engine = Engine(ledger, drivers, clock, start=start, stopping=stopping, stopped=stopped)
    return await replay(engine, clock, active, until), tuple(engine.troubles.values())


def _refuse_nothing(follower: Follower) -> NoReturn:
    from handbill.store.errors import NotInStore
    from handbill_runtime.errors import RuntimeFault

    refusal = follower.refusal
    if refusal is not None:
        raise RuntimeFault(refusal.code, refusal.message, refusal.hint or "")
    raise NotInStore(
        f"nothing was ever published to `{follower.environment}` in {follower.store.url}",
        f"handbill publish --env {follower.environment}",
    )


def _show(finished: Finished, output: str) -> None:
    from handbill.cli.run_summary import summary_json, summary_table
    from handbill_runtime.summary import summarize

    summary = summarize(finished.reports.values())
    click.echo(
        summary_json(summary, finished.troubles) if output == "json" else summary_table(summary)
    )
    for trouble in finished.troubles:
        click.echo(f"error[{trouble.code}]: {trouble.tenant}: {trouble.message}", err=True)
        if trouble.hint:
            click.echo(f"  = help: {trouble.hint}", err=True)
    if finished.stopped:
        click.echo("stopped before everything was done; run it again to finish", err=True)
