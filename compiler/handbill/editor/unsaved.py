"""A configuration as somebody sees it in an editor: unsaved documents over the files of a folder.

An object id is computed once for a file, however often the tree around it changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source import admission
from handbill.source.layout import classify
from handbill.source.tree import SourceTree


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A folder as it was read, and what was found then."""

    tree: SourceTree
    found: tuple[Diagnostic, ...]
    ids: dict[str, str] = field(default_factory=dict, repr=False)

    def blob_id(self, path: str) -> str:
        if path not in self.ids:
            self.ids[path] = self.tree.blob_id(path)
        return self.ids[path]


@dataclass(frozen=True, slots=True)
class UnsavedTree:
    """A SourceTree: `files` over a snapshot. `paths` is sorted."""

    snapshot: Snapshot
    files: Mapping[str, bytes]
    paths: tuple[str, ...]
    refused: tuple[str, ...]
    _ids: Mapping[str, str]

    @property
    def revision(self) -> str:
        return self.snapshot.tree.revision

    def read(self, path: str) -> bytes:
        return self.files[path] if path in self.files else self.snapshot.tree.read(path)

    def blob_id(self, path: str) -> str:
        return self._ids[path] if path in self._ids else self.snapshot.blob_id(path)


def with_unsaved(
    snapshot: Snapshot, files: Mapping[str, bytes]
) -> tuple[UnsavedTree, tuple[Diagnostic, ...]]:
    """The snapshot with what is being written over it, and what speaks against reading that.

    A file that the folder refuses (a link, a name that collides) stays refused.
    """
    refused = frozenset(snapshot.tree.refused)
    taken: dict[str, bytes] = {}
    found: list[Diagnostic] = []
    for path, data in files.items():
        place = classify(path)
        if place is None or path in refused:
            continue
        limit = admission.size_limit(place)
        if len(data) > limit:
            found.append(admission.too_large(path, len(data), limit))
        else:
            taken[path] = data
    known = snapshot.tree.paths
    dropped = {each.range.file for each in found if each.range}
    paths = known
    if dropped or not taken.keys() <= set(known):
        paths = tuple(sorted({*known, *taken} - dropped))
    left_out = tuple(sorted({*refused, *dropped}))
    ids = {path: _blob_id(data) for path, data in taken.items()}
    return UnsavedTree(snapshot, taken, paths, left_out, ids), (*snapshot.found, *found)


def _blob_id(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
