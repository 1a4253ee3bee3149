"""`handbill check`: every finding of the compiler about a configuration; writes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.counts import how_many
from handbill.cli.output import counted, findings_option, show
from handbill.cli.selected_paths import is_below, refuse_unknown, selection_of
from handbill.cli.workspace import (
    find_root,
    git_location,
    line_reader,
    open_tree,
    revision_option,
    root_option,
)
from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.source.narrowed import of_campaigns

if TYPE_CHECKING:
    from handbill.source.memory import Memory


@click.command()
@click.argument("paths", nargs=-1)
@root_option
@revision_option
@findings_option
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
def check(
    paths: tuple[str, ...], root: Path, revision: str | None, output: str, watch: bool
) -> None:
    """Check the configuration and explain every mistake at its line.

    With PATHS only what concerns these files and folders is shown, and no more is read and checked
    than that takes: of a tenant's campaign the tenant's and the shared files.
    """
    root = find_root(root)
    if not watch:
        sys.exit(1 if _check(paths, root, revision, output, None) else 0)
    if revision is not None or output != "text":
        raise click.UsageError("--watch shows the folder as text: without --rev and --output")
    from handbill.cli.watching import whenever_it_changes
    from handbill.source.memory import Memory

    memory = Memory()
    whenever_it_changes(root, lambda: _check_again(paths, root, memory))


def _check_again(paths: tuple[str, ...], root: Path, memory: Memory) -> None:
    """A path that has gone since is no reason to end."""
    try:
        _check(paths, root, None, "text", memory)
    except click.UsageError as gone:
        click.echo(gone.format_message(), err=True)


def _check(
    paths: tuple[str, ...], root: Path, revision: str | None, output: str, memory: Memory | None
) -> bool:
    """Shows what is found; whether there are errors. What `memory` holds of earlier checks is not
    made again."""
    from handbill.cli.findings import findings_of
    from handbill.pipeline import Compiled, compile_tree

    selection = selection_of(paths, root)
    tree, found = open_tree(root, revision, selection.tenants)
    refuse_unknown(paths, root, tree, revision)
    if tree is not None and selection.campaigns is not None:
        tree = of_campaigns(tree, selection.campaigns)
    compiled = (
        compile_tree(tree, found, memory)
        if tree is not None
        else Compiled(None, None, None, {}, found)
    )

    def concerns(file: str) -> bool:
        return not paths or any(is_below(file, path, root) for path in paths)

    shown = [each for each in findings_of(compiled, concerns) if _is_about(each, concerns)]
    show(shown, line_reader(tree), output, git_location(root)[1])
    if output == "text":
        click.echo(_summary(compiled.repository, shown))
    return has_errors(shown)


def _is_about(diagnostic: Diagnostic, concerns: Callable[[str], bool]) -> bool:
    if diagnostic.range is None:
        return True
    places = [diagnostic.range, *(related.range for related in diagnostic.related)]
    return any(concerns(place.file) for place in places)


def _summary(repository: object, shown: list[Diagnostic]) -> str:
    from handbill.resolve.model import ResolvedRepository

    if not isinstance(repository, ResolvedRepository):
        return counted(shown) or "nothing was checked"
    tenants = {**repository.partial, **repository.tenants}
    campaigns = sum(len(tenant.campaigns) for tenant in tenants.values())
    checked = f"{how_many(campaigns, 'campaign')} of {how_many(len(tenants), 'tenant')}"
    return f"{checked}: {counted(shown) or 'no findings'}"
