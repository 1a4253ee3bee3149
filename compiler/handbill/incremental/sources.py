"""Where a build reads from: the tenants there are, each with an id of all its files, and the files of
those that are asked for. A commit's ids are those of its folders in git, so that what did not change
is not even listed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.incremental.tenants import by_owner
from handbill.source.git import Opened, open_opened, tenant_folders
from handbill.source.layout import tenant_of
from handbill.source.memory import keys_of
from handbill.source.narrowed import of_tenants
from handbill.source.tree import WORKING_TREE, SourceTree
from handbill.source.working_tree import open_working_tree

Result: TypeAlias = tuple[SourceTree | None, tuple[Diagnostic, ...]]


class Source(Protocol):
    @property
    def ids(self) -> Mapping[str, str] | None:
        """Tenant → id; None where tenants cannot be told apart, and so everything is read."""

    @property
    def shared_id(self) -> str | None:
        """Of everything that is no tenant's: equal where all of it is; None where that is not known
        without reading it."""

    @property
    def revision(self) -> str:
        """As its trees name it."""

    def open(self, tenants: Collection[str] | None) -> Result:
        """The shared files and those of `tenants`; None for all."""


@dataclass(slots=True)
class Commit:
    """A revision of a repository."""

    opened: Opened
    ids: Mapping[str, str] | None = field(init=False)

    def __post_init__(self) -> None:
        self.ids = tenant_folders(self.opened)

    @property
    def shared_id(self) -> str | None:
        return self.opened.shared_id

    @property
    def revision(self) -> str:
        return self.opened.commit

    def open(self, tenants: Collection[str] | None) -> Result:
        return open_opened(self.opened, tenants)


@dataclass
class Folder:
    """A working tree, read once."""

    root: Path
    revision = WORKING_TREE
    shared_id = None
    ids: Mapping[str, str] | None = field(init=False)
    _tree: SourceTree | None = field(init=False)
    _found: Mapping[str | None, tuple[Diagnostic, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._tree, found = open_working_tree(self.root)
        self._found = by_owner(found)
        self.ids = None
        if self._tree is not None:
            keys = keys_of(self._tree).tenants
            self.ids = {name: f"{key.whole} {key.tests}" for name, key in keys.items()}
            self.ids |= {
                name: "no files" for name in self._found if name is not None and name not in keys
            }
            self.ids = {
                name: f"{each} {self._found.get(name, ())!r}" for name, each in self.ids.items()
            }

    def open(self, tenants: Collection[str] | None) -> Result:
        if self._tree is None or tenants is None:
            return self._tree, tuple(one for found in self._found.values() for one in found)
        owners = (None, *tenants)
        found = tuple(one for owner in owners for one in self._found.get(owner, ()))
        return of_tenants(self._tree, tenants), found


def has_tenants(tree: SourceTree) -> bool:
    """Whether a tree that was opened without tenants holds some all the same: their names are odd."""
    return any(tenant_of(path) is not None for path in (*tree.paths, *tree.refused))
