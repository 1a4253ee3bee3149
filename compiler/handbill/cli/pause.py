"""`handbill pause`: the emergency stop. It needs the store and an operator's key, and nothing else."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from handbill.cli.pausing import change, options_of_a_stop


@click.command()
@options_of_a_stop(one="Stop this one; may be given repeatedly.", everybody="Stop everybody.")
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
