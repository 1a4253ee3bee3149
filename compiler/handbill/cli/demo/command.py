"""`handbill demo`: the whole way on sample data, in a minute or two, with nothing but this machine."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.counts import how_many
from handbill.cli.workspace import find_root, root_option

if TYPE_CHECKING:
    from handbill.cli.demo.folder import DemoFolder
    from handbill.cli.demo.scenario import Demo


@click.command()
@root_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="demo-output",
    show_default=True,
    help="Where everything goes; what is there is replaced.",
)
@click.option("--serve", is_flag=True, help="Stay up afterwards, with links that work.")
def demo(root: Path, out: Path, serve: bool) -> None:
    """Compile, publish, run and deliver a week of eight sample grocers, then hot-reload an edit.

    The mail server and the HTTP service are stand-ins on this machine; nothing leaves it.
    """
    from handbill.cli.demo.ending import end_like_ctrl_c
    from handbill.cli.demo.folder import DemoFolder, FolderInUse, FolderRefused
    from handbill.cli.output import fail

    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    end_like_ctrl_c()
    try:
        held = DemoFolder(out)
    except FolderRefused as refused:
        raise click.UsageError(f"{refused}; name a new folder with --out") from None
    except FolderInUse as used:
        fail("HB953", str(used), "end it first, or name another folder with --out")
    try:
        _demonstrate(find_root(root), held, serve)
    except KeyboardInterrupt:
        click.echo("ended before it was done", err=True)
        sys.exit(1)
    finally:
        held.close()


def _demonstrate(root: Path, held: DemoFolder, serve: bool) -> None:
    from handbill.cli.demo.households import HouseholdDataMissing
    from handbill.cli.demo.processes import DemoFailed
    from handbill.cli.demo.scenario import Demo
    from handbill.cli.output import fail

    started = time.monotonic()

    def say(line: str) -> None:
        click.echo(f"[{time.monotonic() - started:5.1f} s] {line}")

    if held.moved is not None:
        say(f"somebody worked in the earlier demo's repository: all of it is kept in {held.moved}")
    running = Demo(root, held, say)
    try:
        running.prepare()
        asyncio.run(running.run())
        clean = _tell(running, say)
        if serve:
            _serve(running)
        if not clean:
            sys.exit(1)
    except HouseholdDataMissing as missing:
        fail("HB952", "the households are not installed", str(missing))
    except DemoFailed as failure:
        fail("HB951", str(failure), f"the logs are in {held.path}")
    finally:
        running.close()


def _tell(running: Demo, say: Callable[[str], None]) -> bool:
    """Writes the report and says what came of it; whether ledger and receivers agree."""
    from handbill.cli.demo.gallery import choose_samples, write_messages
    from handbill.cli.demo.report import write_report
    from handbill.cli.run_summary import summary_table
    from handbill_runtime.summary import summarize

    result = running.result
    click.echo(f"\n{summary_table(summarize(result.reports.values()))}\n")
    samples = choose_samples(running.folder / "ledger.db", running.received())
    write_messages(running.folder, samples)
    report = write_report(result, samples)
    reload, check = result.reload, result.reconciliation
    assert reload is not None
    assert check is not None
    say(f"reconciled: {check}")
    say(
        f"edited a subject: commit → active {reload.active * 1000:.0f} ms "
        f"(git itself {reload.committed * 1000:.0f} ms); "
        f"{how_many(reload.mails, 'mail')} {'says' if reload.mails == 1 else 'say'} it"
    )
    say(f"{len(samples)} kinds of message to look at: {report}")
    return check.clean


def _serve(running: Demo) -> None:
    """Until Ctrl-C, or whatever is like it."""
    from handbill.store.store import open_store
    from handbill_runtime.links_server import LinksServer

    ports = running.result.ports
    server = LinksServer(
        f"127.0.0.1:{ports.links}",
        f"sqlite://{running.folder / 'ledger.db'}",
        running.result.tenants,
        open_store((running.folder / "store").as_uri()),
    )
    try:
        click.echo(
            f"the inbox is at http://127.0.0.1:{ports.http}/ and every commit to "
            f"{running.folder / 'repository'} is published; end with Ctrl-C"
        )
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        click.echo("")
    finally:
        server.close()
