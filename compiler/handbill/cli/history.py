"""`handbill history`: what was published to an environment, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import rich_click as click

from handbill.cli.output import fail, output_option, show
from handbill.cli.pause_report import audit_text
from handbill.cli.publication_report import origin_lines, rollout_line
from handbill.cli.store_place import (
    environment_option,
    open_place,
    repository_option,
    store_option,
)
from handbill.cli.workspace import line_reader
from handbill.publish.origin import one_line

if TYPE_CHECKING:
    from handbill.plan.pointer import Pointer
    from handbill.publish.history import History, HistoryEntry
    from handbill.store.pause import Pause

VERSION = 1
MAX_SHOWN = 300


@click.command()
@environment_option
@repository_option
@store_option
@click.option(
    "--trust",
    multiple=True,
    required=True,
    envvar="HANDBILL_TRUST",
    help="The public key that signs here, or a file of such keys.",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@output_option
def history(
    environment: str,
    repository: Path,
    store_url: str | None,
    trust: tuple[str, ...],
    limit: int,
    output: str,
) -> None:
    """List the releases of an environment and its emergency stops. Every signature is verified."""
    from handbill.publish.history import read_history
    from handbill.store.errors import StoreError
    from handbill.store.pause import read_pause_lines
    from handbill.store.trust import open_trust

    try:
        store = open_place(store_url, environment, repository)
        trusted = open_trust(trust, store)
        found = read_history(store, environment, trusted, limit)
        pauses = read_pause_lines(store, environment, trusted, limit)
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    if output == "json":
        click.echo(json.dumps(_as_json(found, pauses), indent=2))
        return
    if found.standing.damaged:
        show([found.standing.damaged], line_reader(None), output)
    if not found.entries:
        click.echo(f"nothing was ever published to {environment}")
    else:
        click.echo("number  issued                commit        release              state")
    for entry in found.entries:
        click.echo(_line(entry))
    for line in audit_text(pauses):
        click.echo(line)


def _line(entry: HistoryEntry) -> str:
    pointer = entry.pointer
    if pointer is None:
        problem = f"error[{entry.problem.code}]: {entry.problem.message}" if entry.problem else ""
        return f"{entry.sequence:>6}  {problem}"
    state = entry.place.value
    if pointer.restores:
        stopped = pointer.rollout is not None and pointer.rollout.stopped
        state += f", {'rollout stopped, back' if stopped else 'rollback'} to {pointer.restores}"
    elif pointer.rollout is not None:
        state += f", {rollout_line(pointer.rollout)}"
    if pointer.held:
        state += f", held: {', '.join(held.tenant for held in pointer.held)}"
    line = (
        f"{entry.sequence:>6}  {pointer.issued}  {pointer.commit[:12]:12}  "
        f"{pointer.release[:19]}  {state}"
    )
    return "\n".join((line, *(f"        {each}" for each in _said(pointer))))


def _said(pointer: Pointer) -> Iterator[str]:
    """Who and why, whether it was reviewed, and what it skipped."""
    by, why = one_line(pointer.by, MAX_SHOWN), one_line(pointer.why, MAX_SHOWN)
    if by or why:
        yield f"{by or 'somebody'}: {why}" if why else by
    if pointer.promoted:
        environment, _, number = pointer.promoted.partition(" ")
        yield f"from {environment}, number {number}"
    yield from origin_lines(pointer)


def _as_json(found: History, pauses: Sequence[Pause]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "entries": [
            {
                "sequence": entry.sequence,
                "state": entry.place.value,
                "pointer": msgspec.to_builtins(entry.pointer),
                "problem": {"code": entry.problem.code, "message": entry.problem.message}
                if entry.problem
                else None,
            }
            for entry in found.entries
        ],
        "pauses": [msgspec.to_builtins(pause) for pause in pauses],
    }
