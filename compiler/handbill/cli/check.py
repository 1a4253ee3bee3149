"""`handbill check`: every finding of the compiler about a configuration; writes nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import rich_click as click

from handbill.cli.counts import how_many
from handbill.cli.output import counted, findings_option, show
from handbill.cli.selected_paths import is_below, refuse_unknown
from handbill.cli.workspace import (
    find_root,
    git_location,
    line_reader,
    open_tree,
    revision_option,
    root_option,
)
from handbill.diagnostics.diagnostic import Diagnostic, has_errors


@click.command()
@click.argument("paths", nargs=-1)
@root_option
@revision_option
@findings_option
def check(paths: tuple[str, ...], root: Path, revision: str | None, output: str) -> None:
    """Check the configuration and explain every mistake at its line.

    With PATHS only what concerns these files and folders is shown, though everything is checked.
    """
    from handbill.cli.findings import findings_of
    from handbill.pipeline import Compiled, compile_tree

    root = find_root(root)
    tree, found = open_tree(root, revision)
    refuse_unknown(paths, root, tree, revision)
    compiled = (
        compile_tree(tree, found) if tree is not None else Compiled(None, None, None, {}, found)
    )
    shown = [each for each in findings_of(compiled) if _concerns(each, paths, root)]
    show(shown, line_reader(tree), output, git_location(root)[1])
    if output == "text":
        click.echo(_summary(compiled.repository, shown))
    sys.exit(1 if has_errors(shown) else 0)


def _concerns(diagnostic: Diagnostic, paths: tuple[str, ...], root: Path) -> bool:
    if not paths or diagnostic.range is None:
        return True
    places = [diagnostic.range, *(related.range for related in diagnostic.related)]
    return any(is_below(place.file, path, root) for place in places for path in paths)


def _summary(repository: object, shown: list[Diagnostic]) -> str:
    from handbill.resolve.model import ResolvedRepository

    if not isinstance(repository, ResolvedRepository):
        return counted(shown) or "nothing was checked"
    tenants = {**repository.partial, **repository.tenants}
    campaigns = sum(len(tenant.campaigns) for tenant in tenants.values())
    checked = f"{how_many(campaigns, 'campaign')} of {how_many(len(tenants), 'tenant')}"
    return f"{checked}: {counted(shown) or 'no findings'}"
