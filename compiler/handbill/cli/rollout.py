"""`handbill rollout`: how far a change is that comes out in rings; its next ring, or its end, by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from handbill.cli.output import fail, output_option
from handbill.cli.pointer_move import move_pointer, moving_options
from handbill.cli.store_place import (
    environment_option,
    open_place,
    repository_option,
    store_option,
)
from handbill.cli.wishes import (
    Wishes,
    despite_freeze_option,
    ignore_runtime_option,
    refuse_without_reason,
)

if TYPE_CHECKING:
    from handbill.publish.rollout import RolloutStatus

VERSION = 1


@click.group()
def rollout() -> None:
    """Look at a rollout, reach its next ring, or stop it. `rollout` in environments/E.yaml has the rings."""


@rollout.command()
@environment_option
@repository_option
@store_option
@click.option(
    "--trust",
    multiple=True,
    required=True,
    help="A public key, a file of them, or the root document.",
)
@output_option
def status(
    environment: str, repository: Path, store_url: str | None, trust: tuple[str, ...], output: str
) -> None:
    """Show which rings are reached, whom they concern and how the runtimes are.

    Exit code 1 where no rollout is under way.
    """
    from handbill.diagnostics.diagnostic import Diagnostic
    from handbill.publish.rollout import read_rollout
    from handbill.store.errors import StoreError
    from handbill.store.trust import open_trust

    now = datetime.now(UTC)
    try:
        store = open_place(store_url, environment, repository)
        found = read_rollout(store, environment, open_trust(trust, store), now)
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    if isinstance(found, Diagnostic):
        fail(found.code, found.message, found.hint)
    click.echo(json.dumps(_as_json(found), indent=2) if output == "json" else _as_text(found))


@rollout.command()
@moving_options
@despite_freeze_option
@ignore_runtime_option
def advance(
    environment: str,
    repository: Path,
    store_url: str | None,
    reason: str,
    by: str,
    output: str,
    despite_freeze: bool,
    ignored_runtimes: tuple[str, ...],
    **signing: Any,
) -> None:
    """Reach the next ring now, whether the last one is healthy or not."""
    from dataclasses import replace

    from handbill.cli.store_place import bringing_out_of
    from handbill.publish.rollout import advance as advance_rollout

    wishes = Wishes(reason, by, False, (), despite_freeze, ignored_runtimes)
    refuse_without_reason(wishes)
    rules = bringing_out_of(repository, environment)
    orders = replace(wishes.orders, bringing_out=rules, by=by)
    place = (environment, repository, store_url)
    move_pointer(place, signing, lambda who: advance_rollout(who, who.clock(), orders), output)


@rollout.command()
@moving_options
def stop(
    environment: str,
    repository: Path,
    store_url: str | None,
    reason: str,
    by: str,
    output: str,
    **signing: Any,
) -> None:
    """Return everybody to what ran before the rollout. A freeze does not matter."""
    from handbill.publish.orders import Orders
    from handbill.publish.rollout import stop as stop_rollout

    orders = Orders(by=by, why=reason)
    place = (environment, repository, store_url)
    move_pointer(place, signing, lambda who: stop_rollout(who, who.clock(), orders), output)


def _as_text(found: RolloutStatus) -> str:
    rollout, health = found.rollout, found.health
    lines = [
        f"{found.pointer.environment}: number {found.pointer.sequence}, target {rollout.target[:19]}, "
        f"commit {found.pointer.commit[:12]}"
    ]
    for place, ring in enumerate(rollout.rings, 1):
        state = "reached" if place <= rollout.reached else "waiting"
        when = f" at {rollout.since}" if place == rollout.reached else ""
        lines.append(f"  {place} {ring.name:<12} {state}{when}")
    lines.append(f"runs the target: {_names(found.concerned)}")
    if found.waiting:
        lines.append(f"not yet: {_names(found.waiting)}")
    lines.append(f"runtimes: {health.activated} of {health.live} have it")
    if health.failure:
        lines.append(f"failed: {health.failure}")
    elif found.next_at is not None:
        lines.append(f"next ring: {found.next_at:%Y-%m-%dT%H:%M:%SZ}, if all stays well")
    elif rollout.reached < len(rollout.rings):
        lines.append("next ring: once enough runtimes have had it for its time")
    return "\n".join(lines)


def _names(tenants: frozenset[str]) -> str:
    shown = ", ".join(sorted(tenants)[:10]) or "nobody"
    return shown + (f" and {len(tenants) - 10} more" if len(tenants) > 10 else "")


def _as_json(found: RolloutStatus) -> dict[str, Any]:
    import msgspec

    health = found.health
    return {
        "version": VERSION,
        "sequence": found.pointer.sequence,
        "commit": found.pointer.commit,
        "rollout": msgspec.to_builtins(found.rollout),
        "reached_tenants": sorted(found.concerned),
        "waiting_tenants": sorted(found.waiting),
        "runtimes": {
            "live": health.live,
            "activated": health.activated,
            "failure": health.failure or None,
        },
        "next_at": f"{found.next_at:%Y-%m-%dT%H:%M:%SZ}" if found.next_at else None,
    }
