"""`handbill pause`: the emergency stop. It needs the store and an operator's key, and nothing else."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from handbill.cli.pausing import by_option, change, reason_option
from handbill.cli.store_place import (
    cosign_option,
    environment_option,
    key_option,
    repository_option,
    store_option,
    trust_option,
)


@click.command()
@environment_option
@repository_option
@store_option
@key_option
@cosign_option
@trust_option
@click.option("--tenant", "tenants", multiple=True, help="Stop this one; may be given repeatedly.")
@click.option("--all", "everyone", is_flag=True, help="Stop everybody.")
@reason_option
@by_option
def pause(
    environment: str,
    repository: Path,
    store_url: str | None,
    key_reference: str,
    cosigners: tuple[str, ...],
    trust: tuple[str, ...],
    tenants: tuple[str, ...],
    everyone: bool,
    reason: str,
    by: str,
) -> None:
    """Stop sending at once, for some tenants or for all.

    Runtimes select, claim and send nothing more for them; messages on their way are finished, and
    what is planned goes out after `handbill resume` unless it has expired. Works while git, CI and
    the publisher are down.
    """
    if bool(tenants) == everyone:
        raise click.UsageError("say whom to stop: --tenant NAME, or --all")
    change(
        environment,
        repository,
        store_url,
        key_reference,
        cosigners,
        trust,
        stop=tenants,
        everyone=True if everyone else None,
        by=by,
        reason=reason,
    )
