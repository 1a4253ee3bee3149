"""`handbill test`: the tenants' own tests, on the working tree or a revision."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.output import show
from handbill.cli.selected_paths import is_below, refuse_unknown
from handbill.cli.workspace import find_root, line_reader, open_tree, revision_option, root_option
from handbill.diagnostics.diagnostic import Diagnostic

if TYPE_CHECKING:
    from handbill.cli.testing import Tested
    from handbill.pipeline import Compiled


@click.command()
@click.argument("paths", nargs=-1)
@root_option
@revision_option
@click.option("--update", is_flag=True, help="Store what `snapshot: true` is compared with.")
@click.option("--full", is_flag=True, help="Show messages whole where they are not as expected.")
@click.option(
    "--output",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="For people, for programs (versioned), or for CI.",
)
def test(
    paths: tuple[str, ...],
    root: Path,
    revision: str | None,
    update: bool,
    full: bool,
    output: str,
) -> None:
    """Run the tests of campaigns: who is selected, and what each message says.

    Nothing is sent. With PATHS only the tests below these files and folders run.
    """
    from handbill.cli.testing import run_tests, update_snapshots
    from handbill.pipeline import Compiled, compile_tree

    if update and revision is not None:
        raise click.UsageError("--update writes to the working tree, so it cannot go with --rev")
    root = find_root(root)
    tree, found = open_tree(root, revision)
    refuse_unknown(paths, root, tree, revision)
    nothing = Compiled(tree, None, None, {}, found)
    compiled = compile_tree(tree, found) if tree is not None else nothing
    tested = run_tests(
        compiled, lambda file: not paths or any(is_below(file, path, root) for path in paths)
    )
    if update and tree is not None:
        for path in update_snapshots(tested, root, tree):
            click.echo(f"written: {path}", err=True)
        compiled, tested = _again(root, paths)
    _show(compiled, tested, output, full)


def _again(root: Path, paths: tuple[str, ...]) -> tuple[Compiled, Tested]:
    """What the same tests say now."""
    from handbill.cli.testing import run_tests
    from handbill.pipeline import compile_tree

    tree, found = open_tree(root, None)
    assert tree is not None
    compiled = compile_tree(tree, found)
    return compiled, run_tests(
        compiled, lambda file: not paths or any(is_below(file, path, root) for path in paths)
    )


def _show(compiled: Compiled, tested: Tested, output: str, full: bool) -> None:
    from handbill.cli.test_report import is_passed, json_report, junit_report, text_report

    kept = _kept_from_running(compiled, tested)
    diagnostics = (*kept, *tested.diagnostics)
    if output == "text":
        show(diagnostics, line_reader(compiled.tree), "text")
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        click.echo(text_report(tested, colour, kept, full))
    else:
        from dataclasses import replace

        told = replace(tested, diagnostics=diagnostics)
        click.echo(json_report(told) if output == "json" else junit_report(told, full))
    passed = is_passed(tested) and not any(each.is_error for each in diagnostics)
    sys.exit(0 if passed else 1)


def _kept_from_running(compiled: Compiled, tested: Tested) -> list[Diagnostic]:
    """Errors of the configuration that keep a chosen test from running; others are `check`'s."""
    untested = {each.tenant for each in tested.diagnostics if each.code == "HB477"}
    return [
        each
        for each in compiled.diagnostics
        if each.is_error
        and (
            compiled.release is None
            or each.tenant in untested
            or (each.tenant is None and untested)
            or (each.range is not None and "/tests/" in each.range.file)
            or (each.range is not None and each.range.file.startswith("personas/"))
        )
    ]
