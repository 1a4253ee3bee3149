"""`handbill status`: what each runtime of an environment runs, and what it last refused."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import msgspec
import rich_click as click

from handbill.cli.output import fail, output_option

if TYPE_CHECKING:
    from handbill.plan.model import Pointer
    from handbill.store.receipts import Receipt


@click.command()
@click.option("--store", "store_url", required=True, help="Where releases are published.")
@click.option("--env", "environment", required=True, help="The environment to look at.")
@click.option("--trust", multiple=True, required=True, help="A public key, or a file of them.")
@output_option
def status(store_url: str, environment: str, trust: tuple[str, ...], output: str) -> None:
    """Show what is published and what each runtime has active, with the newest refusal apart.

    Exit code 1 while some runtime does not run what is published.
    """
    from handbill.store.errors import StoreError
    from handbill.store.keys import load_trusted
    from handbill.store.pointer import read_pointer
    from handbill.store.receipts import read_receipts
    from handbill.store.store import open_store

    try:
        store = open_store(store_url)
        receipts = read_receipts(store, environment)
        problem: StoreError | None = None
        pointer = None
        try:
            stored = read_pointer(store, environment, load_trusted(trust))
            pointer = stored.pointer if stored else None
        except StoreError as error:
            problem = error
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    if output == "json":
        document = {
            "version": 1,
            "published": msgspec.to_builtins(pointer),
            "problem": {"code": problem.code, "message": problem.message} if problem else None,
            "runtimes": msgspec.to_builtins(dict(receipts.receipts)),
            "unreadable": {name: str(each) for name, each in receipts.unreadable.items()},
        }
        click.echo(json.dumps(document, indent=2, sort_keys=True))
    else:
        click.echo(_published(environment, pointer, problem))
        for _, receipt in sorted(receipts.receipts.items()):
            click.echo(_runtime(receipt, pointer))
        for name, unreadable in sorted(receipts.unreadable.items()):
            click.echo(f"{name}: error[{unreadable.code}]: {unreadable.message}")
    behind = [each for each in receipts.receipts.values() if not _is_current(each, pointer)]
    sys.exit(1 if behind or problem or receipts.unreadable else 0)


def _is_current(receipt: Receipt, pointer: Pointer | None) -> bool:
    return (
        pointer is not None
        and receipt.active is not None
        and receipt.active.sequence == pointer.sequence
    )


def _published(environment: str, pointer: Pointer | None, problem: object) -> str:
    from handbill.store.errors import StoreError

    if isinstance(problem, StoreError):
        return f"{environment}: error[{problem.code}]: {problem.message}"
    if pointer is None:
        return f"{environment}: nothing is published"
    held = f", held: {', '.join(each.tenant for each in pointer.held)}" if pointer.held else ""
    return (
        f"{environment}: number {pointer.sequence}, {pointer.release[:19]}, "
        f"commit {pointer.commit[:12]}, issued {pointer.issued}{held}"
    )


def _runtime(receipt: Receipt, pointer: Pointer | None) -> str:
    active = receipt.active
    state = "current" if _is_current(receipt, pointer) else "behind"
    line = (
        f"{receipt.runtime}: {state}, number {active.sequence} active since {active.at}"
        if active
        else f"{receipt.runtime}: nothing active"
    )
    if receipt.refused is None:
        return line
    refused = receipt.refused
    hint = f"\n    = help: {refused.hint}" if refused.hint else ""
    return f"{line}\n  refused at {refused.at}: error[{refused.code}]: {refused.message}{hint}"
