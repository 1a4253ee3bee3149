"""`handbill demo`: the whole way on sample data, in about a minute, with nothing but this machine."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from pathlib import Path

import rich_click as click

from handbill.cli.workspace import find_root, root_option


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
    """Compile, publish, run and deliver a week of five sample grocers, then hot-reload an edit.

    The mail server and the HTTP service are stand-ins on this machine; nothing leaves it.
    """
    from handbill.cli.demo.gallery import choose_samples, write_messages
    from handbill.cli.demo.households import HouseholdDataMissing
    from handbill.cli.demo.processes import DemoFailed
    from handbill.cli.demo.report import write_report
    from handbill.cli.demo.scenario import Demo
    from handbill.cli.output import fail
    from handbill.cli.run_summary import summary_table
    from handbill_runtime.summary import summarize

    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    started = time.monotonic()

    def say(line: str) -> None:
        click.echo(f"[{time.monotonic() - started:5.1f} s] {line}")

    out = _own_folder(out)
    running = Demo(find_root(root), out, say)
    try:
        running.prepare()
        asyncio.run(running.run())
        result = running.result
        click.echo(f"\n{summary_table(summarize(result.reports.values()))}\n")
        samples = choose_samples(out / "ledger.db", running.received())
        write_messages(out, samples)
        report = write_report(result, samples)
        reload, check = result.reload, result.reconciliation
        assert reload is not None
        assert check is not None
        say(f"reconciled: {check}")
        say(
            f"edited a subject: commit → active {reload.active * 1000:.0f} ms "
            f"(git itself {reload.committed * 1000:.0f} ms); {reload.mails} mails say it"
        )
        say(f"{len(samples)} kinds of message to look at: {report}")
        if serve:
            _serve(running, say)
        if not check.clean:
            sys.exit(1)
    except HouseholdDataMissing as missing:
        fail("HB952", "the households are not installed", str(missing))
    except DemoFailed as failure:
        fail("HB951", str(failure), f"the logs are in {out}")
    finally:
        running.close()


def _own_folder(out: Path) -> Path:
    """A folder that is new, empty, or an earlier demo's; a usage error for any other."""
    out = out.resolve()
    marks = {"report.html", "demo.key"}
    if out.exists() and any(out.iterdir()) and not marks & {each.name for each in out.iterdir()}:
        raise click.UsageError(f"{out} holds something else; name a new folder with --out")
    return out


def _serve(running: object, say: object) -> None:
    from handbill.cli.demo.scenario import Demo
    from handbill_runtime.links_server import LinksServer

    assert isinstance(running, Demo)
    ports = running.result.ports
    server = LinksServer(
        f"127.0.0.1:{ports.links}",
        f"sqlite://{running.folder / 'ledger.db'}",
        running.result.tenants,
    )
    click.echo(
        f"the inbox is at http://127.0.0.1:{ports.http}/ and every commit to "
        f"{running.folder / 'repository'} is published; end with Ctrl-C"
    )
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        click.echo("")
    finally:
        server.close()
