"""`handbill fmt`: YAML files as they are always written; what they say stays the same."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.output import show
from handbill.cli.selected_paths import is_below, refuse_unknown
from handbill.cli.workspace import find_root, line_reader, open_tree, root_option

if TYPE_CHECKING:
    from handbill.authoring.formatting.repository import FormattedFile


@click.command()
@click.argument("paths", nargs=-1)
@root_option
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def fmt(paths: tuple[str, ...], root: Path, check: bool, diff: bool) -> None:
    """Write YAML files as they are always written: fields in one order, texts in quotes, one indentation.

    Comments stay. With PATHS only these files and folders; a file that cannot be read is left alone.
    """
    from handbill.authoring.formatting.repository import formatted_files, write

    root = find_root(root)
    tree, found = open_tree(root, None)
    refuse_unknown(paths, root, tree, None)
    if tree is None:
        show(found, line_reader(None), "text")
        sys.exit(1)
    writes = not (check or diff)
    files = [
        *formatted_files(
            tree, lambda file: not paths or any(is_below(file, path, root) for path in paths)
        )
    ]
    changed = [file for file in files if file.changes]
    meanwhile = 0
    for file in changed:
        if diff:
            click.echo(_diff(file), nl=False)
        elif check:
            click.echo(f"would be rewritten: {file.path}")
        elif write(root, file):
            click.echo(f"rewritten: {file.path}")
        else:
            meanwhile += 1
            click.echo(f"left alone, since somebody is writing it: {file.path}", err=True)
    findings = [each for file in files for each in file.found]
    show(findings, line_reader(tree), "text")
    alone = sum(file.after is None for file in files) + meanwhile
    click.echo(_summary(len(files), len(changed) - meanwhile, alone, writes), err=diff)
    broken = any(each.is_error for each in findings)
    sys.exit(1 if broken or (changed and not writes) else 0)


def _diff(file: FormattedFile) -> str:
    assert file.after is not None
    before, after = (data.decode("utf-8").splitlines(True) for data in (file.before, file.after))
    lines = difflib.unified_diff(before, after, f"a/{file.path}", f"b/{file.path}")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _summary(files: int, changed: int, alone: int, writes: bool) -> str:
    if not files:
        return "no YAML file of a configuration here"
    verb = "rewritten" if writes else "to rewrite"
    left = f", {alone} left alone" if alone else ""
    if not changed:
        return f"{files} file{'s' * (files > 1)}: nothing {verb}{left}"
    return f"{files} file{'s' * (files > 1)}: {changed} {verb}{left}"
