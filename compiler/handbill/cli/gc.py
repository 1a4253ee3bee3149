"""`handbill gc`: what nobody names any more leaves the store."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli import names
from handbill.cli.output import fail, output_option
from handbill.cli.store_place import open_place, repository_option, store_option

if TYPE_CHECKING:
    from handbill.store.collect import Collection, Findings, Garbage, Keep
    from handbill.store.store import Store

VERSION = 1
_AGE = re.compile(r"([1-9][0-9]{0,4})(h|d)")


class Age(click.ParamType[timedelta]):
    """`36h` or `30d`."""

    name = "age"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        found = _AGE.fullmatch(value)
        if found is None:
            self.fail(f"`{value}` is not an age: write 36h or 30d", param, ctx)
        number = int(found[1])
        return timedelta(hours=number) if found[2] == "h" else timedelta(days=number)


@click.command()
@click.option(
    "--env",
    "environment",
    help="The environment whose file names the store. All environments of that store are kept.",
    shell_complete=names.environments,
)
@repository_option
@store_option
@click.option(
    "--keep",
    type=Age(),
    default="30d",
    show_default=True,
    help="Releases that were active at some time since then can be returned to.",
)
@click.option(
    "--keep-last",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="So many of the last history entries are kept, whatever their age.",
)
@click.option(
    "--keep-pictures",
    type=Age(),
    default="400d",
    show_default=True,
    help="Pictures stay at least so long: mails that were sent still show them.",
)
@click.option(
    "--grace",
    type=Age(),
    default="24h",
    show_default=True,
    help="Between marking a file and removing it; longer than any publish takes.",
)
@click.option("--delete", is_flag=True, help="Mark and remove; without it nothing is changed.")
@output_option
def gc(
    environment: str | None,
    repository: Path,
    store_url: str | None,
    keep: timedelta,
    keep_last: int,
    keep_pictures: timedelta,
    grace: timedelta,
    delete: bool,
    output: str,
) -> None:
    """Find what no pointer, history, rollout or receipt names, and with --delete remove it.

    A file is marked first and removed by a later run, when the grace has passed.
    """
    from handbill.store.collect import Keep, collect, find_garbage
    from handbill.store.errors import StoreError
    from handbill.store.references import HistoryWindow

    if environment is None and store_url is None:
        raise click.UsageError(
            "say which store: --store URL, or --env E for that of environments/E.yaml"
        )
    kept = Keep(HistoryWindow(keep, keep_last), keep_pictures, grace)
    try:
        store = _store(environment, repository, store_url)
        if delete:
            _show_collection(collect(store, kept), kept, output)
        else:
            _show_findings(find_garbage(store, kept, datetime.now(UTC)), kept, output)
    except StoreError as error:
        fail(error.code, error.message, error.hint)


def _store(environment: str | None, repository: Path, store_url: str | None) -> Store:
    if environment is None:
        from handbill.store.store import open_store

        return open_store(store_url or "")
    return open_place(store_url, environment, repository)


def _show_findings(found: Findings, keep: Keep, output: str) -> None:
    due = found.due(datetime.now(UTC), keep.grace)
    if output == "json":
        _echo_json(found.kept, due=due, garbage=found.garbage)
        return
    for each in found.garbage:
        click.echo(f"{each.path}  {each.size} bytes  {_since(each)}")
    click.echo(f"{_sum(found.garbage)} named by nobody; {found.kept} kept, {found.young} too young")
    if found.garbage:
        click.echo(f"--delete would remove {_sum(due)} now, and mark the rest")


def _show_collection(done: Collection, keep: Keep, output: str) -> None:
    if output == "json":
        _echo_json(done.kept, removed=done.removed, marked=done.marked, waiting=done.waiting)
        return
    click.echo(f"removed {_sum(done.removed)}; {done.kept} kept")
    rest = (*done.marked, *done.waiting)
    if rest:
        hours = int(keep.grace.total_seconds() // 3600)
        click.echo(
            f"marked {_sum(rest)}: a run of `handbill gc --delete` {hours} h after marking removes them"
        )


def _since(each: Garbage) -> str:
    return f"marked since {each.marked}" if each.marked else "not marked yet"


def _sum(files: Iterable[Garbage]) -> str:
    sizes = [each.size for each in files]
    return f"{len(sizes)} {'file' if len(sizes) == 1 else 'files'} ({sum(sizes) / 1e6:.1f} MB)"


def _echo_json(kept: int, **files: Iterable[Garbage]) -> None:
    lists = {
        name: [{"path": e.path, "size": e.size, "marked": e.marked} for e in each]
        for name, each in files.items()
    }
    click.echo(json.dumps({"version": VERSION, "kept": kept, **lists}, indent=2))
