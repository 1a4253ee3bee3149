"""One configuration that an editor has open: compiled again after every keystroke, at the cost of what
the keystroke changed.

Shared files are always read; of tenants all while there are few, else those that have a document open.
A look that has become pointless ends with Superseded at the next campaign. What it had made until then
is kept for the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.editor.unsaved import Snapshot, UnsavedTree, with_unsaved
from handbill.pipeline import Compiled, compile_tree
from handbill.source.layout import PLATFORM_FILE, tenant_of
from handbill.source.memory import Memory
from handbill.source.narrowed import TENANTS_CAMPAIGN, of_campaigns
from handbill.source.working_tree import open_working_tree

T = TypeVar("T")
FEW_TENANTS = 30
"""So many are compiled whole; of more only those that somebody is at work on."""


class Superseded(Exception):
    """Somebody has typed on: nobody waits for this answer any more."""


@dataclass(slots=True)
class _Interruptible(Memory):
    superseded: Callable[[], bool] = lambda: False

    def recall(self, stage, key, make):  # type: ignore[no-untyped-def]
        if self.superseded():
            raise Superseded
        return Memory.recall(self, stage, key, make)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found. `tree` is None where the folder has gone."""

    tree: UnsavedTree | None
    compiled: Compiled
    diagnostics: tuple[Diagnostic, ...]


def is_campaign(path: str) -> bool:
    """Whether nothing but itself depends on the file."""
    return TENANTS_CAMPAIGN.fullmatch(path) is not None


def find_configuration(file: Path) -> Path | None:
    """The nearest folder above `file` that holds handbill.yaml."""
    return next((at for at in file.parents if (at / PLATFORM_FILE).is_file()), None)


@dataclass(slots=True)
class Configuration:
    """The folder `root`. To be used by one thread at a time."""

    root: Path
    few: int = FEW_TENANTS
    _memory: _Interruptible = field(default_factory=_Interruptible)
    _at_a_glance: _Interruptible = field(default_factory=_Interruptible)
    _snapshot: Snapshot | None = None
    _scope: frozenset[str] | None = None

    def reread(self) -> None:
        """The next look reads the folder anew."""
        self._snapshot = None

    def look(
        self, documents: Mapping[str, bytes], superseded: Callable[[], bool] = lambda: False
    ) -> Look:
        """Compiles the folder with `documents` (path → bytes) over its files. Raises Superseded."""
        return self._compiled(documents, superseded, self._memory, is_glance=False)

    def glance(
        self, documents: Mapping[str, bytes], superseded: Callable[[], bool] = lambda: False
    ) -> Look:
        """The same without the campaigns that are not open: what can be said at once of a file that
        all of them depend on. Raises Superseded."""
        return self._compiled(documents, superseded, self._at_a_glance, is_glance=True)

    def _compiled(
        self,
        documents: Mapping[str, bytes],
        superseded: Callable[[], bool],
        memory: _Interruptible,
        is_glance: bool,
    ) -> Look:
        snapshot = self._opened(documents)
        if isinstance(snapshot, tuple):
            return Look(None, Compiled(None, None, None, {}, snapshot), snapshot)
        tree, found = with_unsaved(snapshot, documents)
        memory.superseded = superseded
        seen = of_campaigns(tree, list(filter(is_campaign, documents))) if is_glance else tree
        compiled = compile_tree(seen, found, memory)
        return Look(tree, compiled, compiled.diagnostics)

    def _opened(self, documents: Mapping[str, bytes]) -> Snapshot | tuple[Diagnostic, ...]:
        scope = self._wanted(documents)
        if self._snapshot is None or scope != self._scope:
            tree, found = open_working_tree(self.root, scope)
            if tree is None:
                return found
            self._snapshot, self._scope = Snapshot(tree, found), scope
        return self._snapshot

    def _wanted(self, documents: Mapping[str, bytes]) -> frozenset[str] | None:
        """The tenants to read; None for all."""
        try:
            count = sum(1 for _ in (self.root / "tenants").iterdir())
        except OSError:
            return None
        if count <= self.few:
            return None
        return frozenset(tenant for path in documents if (tenant := tenant_of(path)))
