"""`handbill compile`: a release on disk, and its digest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.output import counted, fail, show
from handbill.cli.workspace import find_root, line_reader, open_tree, revision_option, root_option

if TYPE_CHECKING:
    from handbill.lower.release import CompiledRelease


@click.command()
@root_option
@revision_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write the release's packs; without it only the digest is printed.",
)
def compile(root: Path, revision: str | None, out: Path | None) -> None:
    """Compile the configuration into a release and print its digest.

    Tenants with errors are left out, and the exit code is 1.
    """
    from handbill.pipeline import compile_tree

    tree, found = open_tree(find_root(root), revision)
    compiled = compile_tree(tree, found) if tree is not None else None
    diagnostics = compiled.diagnostics if compiled else found
    show(diagnostics, line_reader(tree), "text")
    if compiled is None or compiled.release is None:
        click.echo(f"no release: {counted(diagnostics)}", err=True)
        sys.exit(1)
    release = compiled.release
    if out is not None:
        _write(release, out)
    if release.failed:
        click.echo(f"left out: {', '.join(release.failed)}", err=True)
    click.echo(release.digest)
    sys.exit(1 if compiled.has_errors else 0)


def _write(release: CompiledRelease, out: Path) -> None:
    from handbill.store.errors import StoreError
    from handbill.store.pack import write_packs
    from handbill.store.store import open_store

    try:
        write_packs(open_store(out.resolve().as_uri()), release.packs)
    except StoreError as error:
        fail(error.code, error.message, error.hint)
