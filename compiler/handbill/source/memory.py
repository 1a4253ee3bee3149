"""What a publisher remembers from one commit to the next: everything that did not change.

What a stage makes of a file depends on the file's path and bytes, and what it makes of a tenant on
the tenant's own files and on those that all tenants share, and on nothing else. So git's object ids
are the keys, and an entry can be missing but never wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from handbill.source.layout import tenant_of
from handbill.source.tree import SourceTree

T = TypeVar("T")


class Recall(Protocol):
    """What the stages ask: what they once made of a file or a tenant, or else of `make` now."""

    def of_file(self, stage: str, path: str, make: Callable[[], T], about: Hashable = None) -> T:
        """`about` is what else the stage looks at; hashable and compared by value."""

    def of_tenant(self, stage: str, tenant: str, make: Callable[[], T]) -> T: ...


class Forgetful:
    """Makes everything anew."""

    def of_file(self, stage: str, path: str, make: Callable[[], T], about: Hashable = None) -> T:
        return make()

    def of_tenant(self, stage: str, tenant: str, make: Callable[[], T]) -> T:
        return make()


FORGETFUL = Forgetful()


@dataclass(slots=True)
class Memory:
    """Holds what the last compile used, and nothing older."""

    _kept: dict[Hashable, Any] = field(default_factory=dict)
    _used: dict[Hashable, Any] = field(default_factory=dict)

    def recall(self, stage: str, key: Hashable, make: Callable[[], T]) -> T:
        """The stage's entry for `key`, or what `make` gives now."""
        entry = (stage, key)
        if entry not in self._used:
            self._used[entry] = self._kept[entry] if entry in self._kept else make()
        found: T = self._used[entry]
        return found

    def of(self, tree: SourceTree) -> Recall:
        """What is remembered of the files and tenants as `tree` has them."""
        return _OfTree(self, tree, tenant_keys(tree))

    def forget_unused(self) -> None:
        """To be called when a compile is through."""
        self._kept, self._used = self._used, {}


@dataclass(frozen=True, slots=True)
class _OfTree:
    memory: Memory
    tree: SourceTree
    tenants: Mapping[str, str]

    def of_file(self, stage: str, path: str, make: Callable[[], T], about: Hashable = None) -> T:
        return self.memory.recall(stage, (path, self.tree.blob_id(path), about), make)

    def of_tenant(self, stage: str, tenant: str, make: Callable[[], T]) -> T:
        return self.memory.recall(stage, self.tenants[tenant], make)


def tenant_keys(tree: SourceTree) -> dict[str, str]:
    """Tenant → digest of the paths and blob ids of its own files and of all shared ones."""
    shared = hashlib.sha256()
    own: dict[str, list[str]] = {}
    lines = [(path, f"{path}\0{tree.blob_id(path)}\n") for path in tree.paths]
    lines += [(path, f"{path}\0refused\n") for path in tree.refused]
    for path, line in lines:
        tenant = tenant_of(path)
        if tenant is None:
            shared.update(line.encode("utf-8", "surrogateescape"))
        else:
            own.setdefault(tenant, []).append(line)
    common = shared.hexdigest()
    return {tenant: _digest(common + "".join(lines)) for tenant, lines in own.items()}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
