"""Which store a command of publishing is about, and whom it trusts there.

An environment's file names its store. It is read by itself, not through the compiler, so that an
incident can be rolled back while the rest of the configuration is broken.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli import names
from handbill.cli.workspace import find_root

if TYPE_CHECKING:
    from handbill.lower.bringing_out import BringingOut
    from handbill.store.store import Store

environment_option = click.option(
    "--env",
    "environment",
    required=True,
    help="The environment: environments/E.yaml.",
    shell_complete=names.environments,
)
repository_option = click.option(
    "--repo",
    "--root",
    "repository",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The configuration: a folder that holds handbill.yaml, or any folder below it.",
)
store_option = click.option(
    "--store", "store_url", help="The store, instead of the one that environments/E.yaml names."
)
key_option = click.option(
    "--key",
    "key_reference",
    envvar="HANDBILL_KEY",
    required=True,
    help="The private key's file, or env:NAME for one in an environment variable.",
)
cosign_option = click.option(
    "--cosign",
    "cosigners",
    multiple=True,
    help="A further private key that signs too, where the environment asks for several.",
)
trust_option = click.option(
    "--trust",
    multiple=True,
    help="A further public key to believe, a file of them, or the root document.",
)


def open_place(store_url: str | None, environment: str, repository: Path) -> Store:
    """The store named by `--store` or by the environment's file. Raises a StoreError."""
    from handbill.store.paths import environment_folder
    from handbill.store.store import open_store

    environment_folder(environment)
    if store_url is not None:
        return open_store(store_url)
    root = find_root(repository)
    return open_store(_store_of(root, environment))


def bringing_out_of(repository: Path, environment: str) -> BringingOut:
    """The rings and freezes that the environment's file has in the folder as it stands; none where
    the file cannot be used, so that an operator can always act."""
    from handbill.lower.bringing_out import AT_ONCE, lower_bringing_out
    from handbill.schema.models.environment import EnvironmentDocument
    from handbill.source.yaml import load_document

    file = f"environments/{environment}.yaml"
    try:
        document, _ = load_document(file, (find_root(repository) / file).read_bytes())
        if document is None:
            return AT_ONCE
        return lower_bringing_out(EnvironmentDocument.model_validate(document.value))
    except (OSError, ValueError, click.ClickException):
        return AT_ONCE


def _store_of(root: Path, environment: str) -> str:
    from handbill.source.yaml import load_document
    from handbill.store.errors import StoreUnusable

    file = f"environments/{environment}.yaml"
    hint = f"write `store: file:///…` in {file}, or give --store URL"
    try:
        document, _ = load_document(file, (root / file).read_bytes())
    except OSError as error:
        raise StoreUnusable(f"{root / file} cannot be read: {error.strerror}", hint) from error
    value = document.value if document is not None else None
    store = value.get("store") if isinstance(value, dict) else None
    if not isinstance(store, str):
        raise StoreUnusable(f"{root / file} does not say which store it publishes to", hint)
    return store
