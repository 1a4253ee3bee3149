"""What commands have in common that move a pointer to what is stored already: their options, and how
what came of it is shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from handbill.cli.wishes import by_option, reason_option
from handbill.cli.workspace import line_reader

if TYPE_CHECKING:
    from handbill.publish.publication import Publication
    from handbill.publish.publisher import Publisher


def moving_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of what signs a pointer."""
    options = (
        environment_option,
        repository_option,
        store_option,
        key_option,
        cosign_option,
        trust_option,
        reason_option,
        by_option,
        output_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


def move_pointer(
    place: tuple[str, Path, str | None],
    signing: dict[str, Any],
    step: Callable[[Publisher], Publication],
    output: str,
) -> None:
    """Takes `step` as the one who signs, shows what came of it and ends the process: 1 where there
    are errors. `place` is environment, repository and the store's URL if one was given; `signing`
    has the options key_reference, cosigners and trust."""
    from handbill.cli.publication_report import publication_json, publication_text
    from handbill.diagnostics.diagnostic import has_errors
    from handbill.publish.keys import load_key, load_keys
    from handbill.publish.publisher import Publisher
    from handbill.store.errors import StoreError
    from handbill.store.trust import open_trust

    environment, repository, store_url = place
    try:
        key, warnings = load_key(signing["key_reference"])
        others, more = load_keys(signing["cosigners"])
        store = open_place(store_url, environment, repository)
        trust = open_trust(signing["trust"], store)
        publisher = Publisher(
            store, environment, key, lambda: datetime.now(UTC), trust, cosigners=others
        )
        publication = step(publisher)
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    diagnostics = (*warnings, *more, *publication.diagnostics)
    if output == "json":
        click.echo(json.dumps(publication_json(publication, diagnostics), indent=2, default=str))
    else:
        show(diagnostics, line_reader(None), output)
        click.echo(publication_text(publication, environment))
    sys.exit(1 if has_errors(diagnostics) else 0)
