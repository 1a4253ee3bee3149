"""The files and folders that a command was asked about, out of all that a configuration holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import rich_click as click

from handbill.source.layout import NAME, tenant_of
from handbill.source.narrowed import TENANTS_CAMPAIGN
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


@dataclass(frozen=True, slots=True)
class Selection:
    """The least that has to be read to say everything about some paths. `tenants` are the folders
    that they stand in and `campaigns` the campaign files that they are; None for all there are."""

    tenants: frozenset[str] | None = None
    campaigns: frozenset[str] | None = None


def selection_of(paths: tuple[str, ...], root: Path) -> Selection:
    """What `paths` are about. What tenants share reaches all of them."""
    inside = [inside_of(path, root) for path in paths]
    tenants = frozenset(tenant_of(f"{path}/") or "" for path in inside)
    if not tenants or not all(NAME.match(each) for each in tenants):
        return Selection()
    alone = all(TENANTS_CAMPAIGN.fullmatch(path) for path in inside)
    return Selection(tenants, frozenset(inside) if alone else None)


def inside_of(path: str, root: Path) -> str:
    """`path` as the configuration at `root` names it."""
    target = Path(path).resolve()
    return target.relative_to(root).as_posix() if target.is_relative_to(root) else path


def is_below(file: str, path: str, root: Path) -> bool:
    """Whether `file`, of the configuration at `root`, is `path` or stands below it."""
    inside = inside_of(path, root)
    return inside == "." or file == inside or file.startswith(inside.rstrip("/") + "/")


def _exists(path: str, root: Path) -> bool:
    """In the configuration: what stands elsewhere is not checked, and so has no clean bill."""
    targets = (Path(path).resolve(), (root / path).resolve())
    return any(target.is_relative_to(root) and target.exists() for target in targets)
