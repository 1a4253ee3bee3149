"""`handbill upgrade`: files that say things as an older Handbill did are rewritten, each step explained."""

from __future__ import annotations

import sys
from pathlib import Path

import rich_click as click

from handbill.cli.output import fail, show
from handbill.cli.workspace import find_root, line_reader, open_tree, root_option
from handbill.source.layout import PLATFORM_FILE


@click.command()
@root_option
@click.option(
    "--check", is_flag=True, help="Write nothing; exit with 1 where there is something to do."
)
def upgrade(root: Path, check: bool) -> None:
    """Bring the configuration to the format of this Handbill; what it says stays the same."""
    from handbill.authoring.formatting.repository import write
    from handbill.authoring.upgrade import upgraded_files
    from handbill.schema.formats import FORMAT, check_format
    from handbill.source.documents import load_documents

    root = find_root(root)
    tree, found = open_tree(root, None)
    if tree is None or PLATFORM_FILE not in tree.paths:
        show(found, line_reader(tree), "text")
        fail("HB114", f"there is no {PLATFORM_FILE} in {root} or above it", "give --root FOLDER")
    loaded, broken = load_documents(tree)
    if newer := check_format(loaded):
        show(newer, line_reader(tree), "text")
        sys.exit(1)
    files = [*upgraded_files(tree)]
    for step in dict.fromkeys(step for each in files for step in each.steps):
        click.echo(f"{step.name}: {step.explanation}")
    left = [each.file for each in files if each.file.after is None]
    for each in files:
        if each.file.after is None:
            continue
        if not check and not write(root, each.file):
            click.echo(f"left alone, since somebody is writing it: {each.file.path}", err=True)
            continue
        click.echo(f"{'would be rewritten' if check else 'rewritten'}: {each.file.path}")
    findings = [
        *(found for file in left for found in file.found),
        *(b for b in broken if b.is_error),
    ]
    show(findings, line_reader(tree), "text")
    if not files:
        click.echo(f"format {FORMAT}: nothing to do")
    sys.exit(1 if findings or (check and files) else 0)
