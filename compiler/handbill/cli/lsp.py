"""`handbill lsp`: the language server that editors start, over stdin and stdout."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import rich_click as click

if TYPE_CHECKING:
    from handbill.editor.server import Outside
    from handbill.pipeline import Compiled


@click.command()
@click.option("--stdio", is_flag=True, help="The default, and what many editors pass along.")
def lsp(stdio: bool) -> None:
    """Talk to an editor: findings as one types, what values mean, what fits, where it comes from.

    Editors start this by themselves; docs/editor.md says what to set in which one.
    """
    try:
        import pygls as pygls
    except ImportError as error:
        raise click.ClickException(
            "the language server needs one more package: pip install 'handbill[editor]'"
        ) from error
    from handbill.editor.features import make_server

    make_server(outside()).start_io()


def outside() -> Outside:
    """What the server asks of the commands above it."""
    from handbill.cli.findings import findings_of
    from handbill.editor.server import Outside

    return Outside(findings=findings_of, preview=_preview)


def _preview(compiled: Compiled, tenant: str, campaign: str) -> str:
    from handbill.cli.preview import page_of
    from handbill.editor.server import NothingToShow

    try:
        return page_of(compiled, tenant, campaign, datetime.now(UTC))
    except click.ClickException as error:
        raise NothingToShow(error.message) from error
