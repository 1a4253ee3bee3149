"""`handbill rollback`: an earlier release is what the environment runs again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rich_click as click

from handbill.cli.pointer_move import move_pointer, moving_options
from handbill.cli.wishes import ignore_runtime_option


@click.command()
@moving_options
@click.option(
    "--to", type=int, help="The number in `handbill history`; the release before, if not."
)
@ignore_runtime_option
def rollback(
    environment: str,
    repository: Path,
    store_url: str | None,
    to: int | None,
    reason: str,
    by: str,
    ignored_runtimes: tuple[str, ...],
    output: str,
    **signing: Any,
) -> None:
    """Make an earlier release active again, with the environment it was published for.

    Without --to it is the last one before this that everybody ran; a rollout under way ends.
    Nothing is compiled: it works while the configuration is broken. A publisher that follows the
    branch does not bring back what was taken back; the next commit is published as usual.
    """
    from handbill.publish.orders import Orders
    from handbill.publish.rollback import rollback as roll_back

    orders = Orders(by=by, why=reason, ignored_runtimes=frozenset(ignored_runtimes))
    place = (environment, repository, store_url)
    move_pointer(place, signing, lambda who: roll_back(who, to, orders), output)
