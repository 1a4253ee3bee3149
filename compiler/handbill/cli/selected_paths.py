"""The files and folders that a command was asked about, out of all that a configuration holds."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from handbill.source.tree import SourceTree


def refuse_unknown(
    paths: tuple[str, ...], root: Path, tree: SourceTree | None, revision: str | None
) -> None:
    """A mistyped path must not pass for one without mistakes."""
    for path in paths:
        in_tree = tree is not None and any(is_below(file, path, root) for file in tree.paths)
        if not in_tree and (revision is not None or not _exists(path, root)):
            where = f"revision {revision}" if revision else f"the configuration ({root})"
            raise click.UsageError(f"there is no `{path}` in {where}")


def is_below(file: str, path: str, root: Path) -> bool:
    """Whether `file`, of the configuration at `root`, is `path` or stands below it."""
    target = Path(path).resolve()
    inside = target.relative_to(root).as_posix() if target.is_relative_to(root) else path
    return inside == "." or file == inside or file.startswith(inside.rstrip("/") + "/")


def _exists(path: str, root: Path) -> bool:
    """In the configuration: what stands elsewhere is not checked, and so has no clean bill."""
    targets = (Path(path).resolve(), (root / path).resolve())
    return any(target.is_relative_to(root) and target.exists() for target in targets)
