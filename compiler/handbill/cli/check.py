"""`handbill check`: every finding of the compiler about a configuration; writes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

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


@click.command()
@click.argument("paths", nargs=-1)
@root_option
@revision_option
@findings_option
def check(paths: tuple[str, ...], root: Path, revision: str | None, output: str) -> None:
    """Check the configuration and explain every mistake at its line.

    With PATHS only what concerns these files and folders is shown, and no more is read and checked
    than that takes: of a tenant's campaign the tenant's and the shared files.
    """
    from handbill.cli.findings import findings_of
    from handbill.pipeline import Compiled, compile_tree

    root = find_root(root)
    selection = selection_of(paths, root)
    tree, found = open_tree(root, revision, selection.tenants)
    refuse_unknown(paths, root, tree, revision)
    if tree is not None and selection.campaigns is not None:
        tree = of_campaigns(tree, selection.campaigns)
    compiled = (
        compile_tree(tree, found) if tree is not None else Compiled(None, None, None, {}, found)
    )

    def concerns(file: str) -> bool:
        return not paths or any(is_below(file, path, root) for path in paths)

    shown = [each for each in findings_of(compiled, concerns) if _is_about(each, concerns)]
    show(shown, line_reader(tree), output, git_location(root)[1])
    if output == "text":
        click.echo(_summary(compiled.repository, shown))
    sys.exit(1 if has_errors(shown) else 0)


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
