"""Which configuration a command is about: the folder that holds handbill.yaml, and a revision."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import rich_click as click

from handbill.cli import names
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source.git import open_revision
from handbill.source.layout import PLATFORM_FILE
from handbill.source.tree import SourceTree
from handbill.source.working_tree import open_working_tree

ReadLines = Callable[[str], Sequence[str] | None]


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds handbill.yaml; `start` where none does."""
    start = start.resolve()
    return next((at for at in (start, *start.parents) if (at / PLATFORM_FILE).is_file()), start)


def git_location(root: Path) -> tuple[Path, str]:
    """The git repository that `root` is in, and the path of `root` inside it ("" at its top, and
    in a bare repository)."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            inside = root.relative_to(folder).as_posix()
            return folder, "" if inside == "." else inside
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
            return folder, ""
    return root, ""


def open_tree(
    root: Path, revision: str | None, tenants: Collection[str] | None = None
) -> tuple[SourceTree | None, tuple[Diagnostic, ...]]:
    """The configuration as git holds it at `revision`, or as it stands in the folder; with `tenants`
    without the folders of all others."""
    if revision is None:
        return open_working_tree(root, tenants)
    repository, subfolder = git_location(root)
    return open_revision(repository, revision, subfolder, tenants)


def line_reader(tree: SourceTree | None) -> ReadLines:
    """Shows source lines of `tree`; None for a file that it does not have."""

    def read(file: str) -> Sequence[str] | None:
        try:
            data = tree.read(file) if tree is not None else None
        except KeyError:
            return None
        return None if data is None else data.decode("utf-8", "replace").split("\n")

    return read


root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The configuration: a folder that holds handbill.yaml, or any folder below it.",
)
revision_option = click.option(
    "--rev",
    "revision",
    shell_complete=names.revisions,
    help="A git revision to read instead of the working tree.",
)
