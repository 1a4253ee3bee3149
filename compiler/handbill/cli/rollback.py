"""`handbill rollback`: an earlier release is what the environment runs again."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from handbill.cli.output import fail, output_option, show
from handbill.cli.store_place import (
    cosign_option,
    environment_option,
    key_option,
    open_place,
    repository_option,
    store_option,
    trust_option,
)
from handbill.cli.wishes import by_option, ignore_runtime_option, reason_option
from handbill.cli.workspace import line_reader


@click.command()
@environment_option
@repository_option
@store_option
@key_option
@cosign_option
@trust_option
@click.option(
    "--to", type=int, help="The number in `handbill history`; the release before, if not."
)
@reason_option
@by_option
@ignore_runtime_option
@output_option
def rollback(
    environment: str,
    repository: Path,
    store_url: str | None,
    key_reference: str,
    cosigners: tuple[str, ...],
    trust: tuple[str, ...],
    to: int | None,
    reason: str,
    by: str,
    ignored_runtimes: tuple[str, ...],
    output: str,
) -> None:
    """Make an earlier release active again, with the environment it was published for.

    Without --to it is the last one before this that everybody ran; a rollout under way ends.
    Nothing is compiled: it works while the configuration is broken. A publisher that follows the
    branch does not bring back what was taken back; the next commit is published as usual.
    """
    from handbill.cli.publication_report import publication_json, publication_text
    from handbill.diagnostics.diagnostic import has_errors
    from handbill.publish.keys import load_key, load_keys
    from handbill.publish.orders import Orders
    from handbill.publish.publisher import Publisher
    from handbill.publish.rollback import rollback as roll_back
    from handbill.store.errors import StoreError
    from handbill.store.trust import open_trust

    try:
        key, warnings = load_key(key_reference)
        others, more = load_keys(cosigners)
        store = open_place(store_url, environment, repository)
        publisher = Publisher(
            store,
            environment,
            key,
            lambda: datetime.now(UTC),
            open_trust(trust, store),
            cosigners=others,
        )
        publication = roll_back(
            publisher,
            to,
            Orders(by=by, why=reason, ignored_runtimes=frozenset(ignored_runtimes)),
        )
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    diagnostics = (*warnings, *more, *publication.diagnostics)
    if output == "json":
        click.echo(json.dumps(publication_json(publication, diagnostics), indent=2, default=str))
    else:
        show(diagnostics, line_reader(None), output)
        click.echo(publication_text(publication, environment))
    sys.exit(1 if has_errors(diagnostics) else 0)
