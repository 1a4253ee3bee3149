"""`handbill owners`: who owns what, as the file that GitHub asks reviewers by."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.output import fail, show
from handbill.cli.workspace import find_root, git_location, line_reader, open_tree, root_option
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source.layout import DocumentKind

if TYPE_CHECKING:
    from handbill.policy.owners import Ownership


@click.command()
@root_option
@click.option("--write", is_flag=True, help="Write .github/CODEOWNERS.")
@click.option(
    "--check", is_flag=True, help="Fail where .github/CODEOWNERS is not what this writes."
)
def owners(root: Path, write: bool, check: bool) -> None:
    """Show who owns what, from the `owners` of the configuration, as a CODEOWNERS file.

    The platform's owners stand first and own what nobody else does; tenants without owners of their own
    have their group's.
    """
    from handbill.policy.code_owners import CODE_OWNERS_FILE, UnwritablePath, code_owners

    root = find_root(root)
    repository, subfolder = git_location(root)
    try:
        text = code_owners(_ownership(root), subfolder)
    except UnwritablePath as error:
        fail(
            "HB716",
            f"CODEOWNERS cannot name the folder `{error}`",
            "give the folder a plainer name",
        )
    file = repository / CODE_OWNERS_FILE
    found = file.read_text("utf-8", "replace") if file.is_file() else None
    if check:
        _check(text, found)
    elif write:
        _write(file, text, found)
    else:
        click.echo(text, nl=False)


def _ownership(root: Path) -> Ownership:
    """What the documents say; ends with their mistakes where one that names owners cannot be read."""
    from handbill.policy.owners import ownership_of
    from handbill.schema.documents import check_documents
    from handbill.source.documents import load_documents

    tree, found = open_tree(root, None)
    if tree is not None:
        loaded, in_files = load_documents(tree)
        documents, in_schema = check_documents(loaded)
        found = (*found, *in_files, *in_schema)
    broken = [each for each in found if each.is_error and _names_owners(each)]
    if tree is None or broken:
        show(broken or found, line_reader(tree), "text")
        sys.exit(1)
    return ownership_of(documents)


def _names_owners(found: Diagnostic) -> bool:
    from handbill.policy.owners import OWNING
    from handbill.source.layout import classify

    place = classify(found.range.file) if found.range is not None else None
    return place is not None and (place.kind in OWNING or place.kind is DocumentKind.PLATFORM)


def _check(text: str, found: str | None) -> None:
    from handbill.policy.code_owners import CODE_OWNERS_FILE

    if found == text:
        click.echo(f"{CODE_OWNERS_FILE} is what the configuration says")
        return
    said = "is not there" if found is None else "is not what the configuration says"
    click.echo(f"error[HB715]: {CODE_OWNERS_FILE} {said}", err=True)
    for line in _differences(text, found or ""):
        click.echo(f"  = {line}", err=True)
    click.echo("  = help: handbill owners --write", err=True)
    sys.exit(1)


def _differences(text: str, found: str) -> list[str]:
    """The lines that are missing, and those that should not be there; comments left out."""
    wanted, there = text.splitlines(), found.splitlines()
    missing = [f"missing: {line}" for line in wanted if line not in there]
    extra = [f"too much: {line}" for line in there if line.strip() and line not in wanted]
    return [*missing, *extra][:10]


def _write(file: Path, text: str, found: str | None) -> None:
    from handbill.policy.code_owners import CODE_OWNERS_FILE, is_generated

    if found is not None and found.strip() and not is_generated(found):
        fail(
            "HB716",
            f"{CODE_OWNERS_FILE} was written by hand, so it is left as it is",
            "put its owners into the configuration and delete it",
        )
    if found != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    click.echo(f"{CODE_OWNERS_FILE} {'is up to date' if found == text else 'written'}")
