"""`handbill resume`: what was stopped goes on."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from handbill.cli.pausing import change, options_of_a_stop


@click.command()
@options_of_a_stop(one="Resume this one; may be repeated.", everybody="Resume everybody.")
def resume(
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
    """Let tenants go on that `handbill pause` stopped.

    What was planned before is sent now, what fell due meanwhile is caught up with, and what has
    expired is not sent. Where everybody is stopped, resume everybody.
    """
    if bool(tenants) == everyone:
        raise click.UsageError("say who goes on: --tenant NAME, or --all")
    change(
        environment,
        repository,
        store_url,
        key_reference,
        cosigners,
        trust,
        resume=tenants,
        everyone=False if everyone else None,
        by=by,
        reason=reason,
    )
