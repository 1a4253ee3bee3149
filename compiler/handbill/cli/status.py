"""`handbill status`: what each runtime of an environment runs, and what it last refused."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import rich_click as click

from handbill.cli.output import fail, output_option
from handbill.cli.pause_report import standing_text
from handbill.cli.status_wait import Share, wait_until, waited_text
from handbill.cli.store_place import open_place, repository_option, store_option

if TYPE_CHECKING:
    from handbill.plan.pointer import Pointer
    from handbill.store.errors import StoreError
    from handbill.store.pause import PauseStanding
    from handbill.store.receipts import Receipt, Receipts
    from handbill.store.store import Store

STATUS_VERSION = 1


@dataclass(frozen=True, slots=True)
class Status:
    """What is published, what is wrong with it, and what the runtimes say of themselves."""

    environment: str
    pointer: Pointer | None
    problem: StoreError | None
    receipts: Receipts
    pause: PauseStanding | None = None
    """Who is stopped; None where nobody ever was."""
    live: Mapping[str, Receipt] = field(default_factory=dict)
    """Of the runtimes that are there: not ended, and heard of lately."""

    def is_current(self, receipt: Receipt) -> bool:
        """Whether the runtime runs what is published."""
        pointer, active = self.pointer, receipt.active
        if pointer is None or active is None:
            return False
        return (active.sequence, active.release) == (pointer.sequence, pointer.release)

    @property
    def is_well(self) -> bool:
        """Everything can be read, and every runtime that has not ended runs what is published."""
        if self.problem is not None or self.receipts.unreadable:
            return False
        if self.pause is not None and self.pause.problem is not None:
            return False
        live = self.live.values()
        return all(self.is_current(each) and not _lacks_tenants(each) for each in live)


def _lacks_tenants(receipt: Receipt) -> bool:
    """Whether the release is active without some of its tenants."""
    active, refused = receipt.active, receipt.refused
    return active is not None and refused is not None and refused.sequence == active.sequence


@click.command()
@click.option("--env", "environment", required=True, help="The environment to look at.")
@repository_option
@store_option
@click.option(
    "--trust",
    multiple=True,
    required=True,
    help="A public key, a file of them, or the root document.",
)
@click.option(
    "--wait",
    type=Share(),
    metavar="99%",
    help="Wait until this share of the live runtimes runs what is published.",
)
@click.option(
    "--sequence",
    type=click.IntRange(min=1),
    metavar="N",
    help="With --wait: for number N or a later one.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=60.0,
    metavar="SECONDS",
    show_default=True,
    help="With --wait: how long.",
)
@output_option
def status(
    environment: str,
    repository: Path,
    store_url: str | None,
    trust: tuple[str, ...],
    wait: float | None,
    sequence: int | None,
    timeout: float,
    output: str,
) -> None:
    """Show what is published and what each runtime has active, with the newest refusal apart, and
    what it cannot do for some tenant just now.

    Exit code 1 while some runtime does not run what is published, or the pointer is not sound; with
    --wait, where the share was not reached in time.
    """
    from handbill.store.errors import StoreError
    from handbill.store.trust import load_trust

    if sequence is not None and wait is None:
        raise click.UsageError("--sequence goes with --wait")
    if math.isnan(timeout):
        raise click.UsageError("--timeout is a number of seconds")
    reached: bool | None = None
    try:
        store = open_place(store_url, environment, repository)
        load_trust(trust)  # what is wrong with that is not waited for

        def look() -> Status:
            return read_status(store, environment, trust, datetime.now(UTC))

        if wait is None:
            found = look()
        else:
            found, reached = wait_until(look, wait, sequence, timeout)
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    click.echo(status_json(found, reached) if output == "json" else status_text(found))
    if reached is not None and output != "json":
        click.echo(waited_text(found, reached))
    sys.exit(0 if (found.is_well if reached is None else reached) else 1)


def read_status(store: Store, environment: str, trust: tuple[str, ...], now: datetime) -> Status:
    """Raises a StoreError where nothing can be said at all."""
    from handbill.store.errors import StoreError
    from handbill.store.pause import read_pause_standing
    from handbill.store.pointer import read_pointer, refuse_expired
    from handbill.store.receipts import live_receipts, read_receipts
    from handbill.store.trust import open_trust

    trusted = open_trust(trust, store)
    receipts = read_receipts(store, environment, trusted.runtimes)
    pointer: Pointer | None = None
    problem: StoreError | None = None
    try:
        stored = read_pointer(store, environment, trusted)
        if stored is None:
            _refuse_lost(store, environment)
        else:
            pointer = stored.pointer
            refuse_expired(pointer, now)
    except StoreError as error:
        problem = error
    pause = read_pause_standing(store, environment, trusted)
    live = live_receipts(receipts, now)
    return Status(environment, pointer, problem, receipts, pause, live)


def _refuse_lost(store: Store, environment: str) -> None:
    """Raises NotInStore where there is no pointer and yet there was one, or no store at all."""
    from handbill.store.errors import NotInStore
    from handbill.store.paths import history_folder, receipts_folder

    watched = store.watched_folder(environment)
    if watched is not None and not watched.parents[1].is_dir():
        raise NotInStore(
            f"there is no store at {store.url}", "see that its address is right and it is mounted"
        )
    folders = (history_folder(environment), receipts_folder(environment))
    if any(store.names(folder) for folder in folders):
        raise NotInStore(
            f"the pointer of `{environment}` is gone from the store {store.url}",
            "find out who removed it, then publish again: it is written anew",
        )


def status_json(status: Status, reached: bool | None = None) -> str:
    """Versioned; `published` as the pointer says, `runtimes` as the receipts do. `reached` is there
    where something was waited for."""
    problem = status.problem
    document: dict[str, Any] = {
        "version": STATUS_VERSION,
        "published": msgspec.to_builtins(status.pointer),
        "problem": _problem(problem) if problem else None,
        "pause": msgspec.to_builtins(status.pause.pause) if status.pause else None,
        "runtimes": {
            name: {
                **msgspec.to_builtins(receipt),
                "current": status.is_current(receipt),
                "live": name in status.live,
            }
            for name, receipt in status.receipts.receipts.items()
        },
        "unreadable": {name: _problem(error) for name, error in status.receipts.unreadable.items()},
    }
    if reached is not None:
        document["reached"] = reached
    return json.dumps(document, indent=2, sort_keys=True)


def _problem(error: StoreError) -> dict[str, str | None]:
    return {"code": error.code, "message": error.message, "hint": error.hint}


def status_text(status: Status) -> str:
    lines = [_published(status)]
    if status.problem is not None:
        lines.append(_error(status.problem.code, status.problem.message, status.problem.hint))
    lines += standing_text(status.pause) if status.pause else []
    for _, receipt in sorted(status.receipts.receipts.items()):
        lines.append(_shown(_runtime(receipt, status)))
        if receipt.refused is not None:
            refused = receipt.refused
            lines.append(f"  refused at {_shown(refused.at)}:")
            lines.append(_error(refused.code, refused.message, refused.hint))
        if receipt.pause is not None and receipt.pause.code:
            lines.append(_error(receipt.pause.code, receipt.pause.message, None))
        if receipt.ended is None:
            for trouble in receipt.troubles:
                message = f"{trouble.tenant}: {trouble.message}"
                lines.append(_error(trouble.code, message, trouble.hint))
    for name, unreadable in sorted(status.receipts.unreadable.items()):
        lines.append(f"{_shown(name)}: unknown")
        lines.append(_error(unreadable.code, unreadable.message, unreadable.hint))
    return "\n".join(lines)


def _shown(text: str) -> str:
    """What a runtime or whoever can write the store said, as one line that moves no cursor."""
    return "".join(each if each.isprintable() else " " for each in text)


def _error(code: str, message: str, hint: str | None) -> str:
    told = f"  error[{_shown(code)}]: {_shown(message)}"
    return told + (f"\n    = help: {_shown(hint)}" if hint else "")


def _published(status: Status) -> str:
    pointer = status.pointer
    if pointer is None:
        state = "the pointer is not sound" if status.problem else "nothing is published"
        return f"{status.environment}: {state}"
    held = f", held: {', '.join(each.tenant for each in pointer.held)}" if pointer.held else ""
    return (
        f"{status.environment}: number {pointer.sequence}, {pointer.release[:19]}, "
        f"commit {pointer.commit[:12]}, issued {pointer.issued}{held}"
    )


def _runtime(receipt: Receipt, status: Status) -> str:
    active = receipt.active
    if receipt.ended is not None:
        number = f", number {active.sequence} was active" if active else ""
        return f"{receipt.runtime}: ended at {receipt.ended}{number}"
    if active is None:
        return f"{receipt.runtime}: nothing active"
    state = "current" if status.is_current(receipt) else "behind"
    if receipt.runtime not in status.live:
        state = f"silent since {receipt.written}"
    obeys = f", obeys stop {receipt.pause.number}" if receipt.pause else ""
    return f"{receipt.runtime}: {state}, number {active.sequence} active since {active.at}{obeys}"
