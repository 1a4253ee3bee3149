"""`handbill verify`: everything that an environment runs, proved, and where it is not sound."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import rich_click as click

from handbill.cli.output import fail, output_option
from handbill.cli.store_place import (
    environment_option,
    open_place,
    repository_option,
    store_option,
)

if TYPE_CHECKING:
    from handbill.publish.verification import Verification

VERSION = 1


@click.command()
@environment_option
@repository_option
@store_option
@click.option(
    "--trust",
    multiple=True,
    required=True,
    envvar="HANDBILL_TRUST",
    help="The root document, or the public key that signs here (or a file of such keys).",
)
@click.option("--sequence", type=click.IntRange(1), help="A number in the history, not the active.")
@output_option
def verify(
    environment: str,
    repository: Path,
    store_url: str | None,
    trust: tuple[str, ...],
    sequence: int | None,
    output: str,
) -> None:
    """Prove what an environment runs: root documents, pointer, history, every object of every pack,
    pictures, provenance and pause.

    Each line says what was verified and to what that is bound. Exit code 1 with the place of each
    fault.
    """
    from handbill.publish.verification import verify_environment
    from handbill.store.errors import StoreError
    from handbill.store.trust import load_trust

    try:
        store = open_place(store_url, environment, repository)
        pinned = load_trust(trust)
        found = verify_environment(store, environment, pinned, datetime.now(UTC), sequence)
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    click.echo(_as_json(found) if output == "json" else _as_text(found))
    sys.exit(1 if found.faults else 0)


def _as_text(found: Verification) -> str:
    lines = [f"{each.what}: {each.bound}" for each in found.proved]
    for fault in found.faults:
        lines.append(f"error[{fault.code}]: {fault.message}\n  --> {fault.place}")
        if fault.hint:
            lines.append(f"  = help: {fault.hint}")
    count = len(found.faults)
    if not count:
        lines.append(f"{found.environment} is sound")
    else:
        lines.append(f"{found.environment} is not sound: {count} fault{'s' * (count > 1)}")
    return "\n".join(lines)


def _as_json(found: Verification) -> str:
    document = {
        "version": VERSION,
        "environment": found.environment,
        "pointer": msgspec.to_builtins(found.pointer),
        "proved": [asdict(each) for each in found.proved],
        "faults": [asdict(each) for each in found.faults],
    }
    return json.dumps(document, indent=2)
