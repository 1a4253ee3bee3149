"""A configuration as it would be with some files more, so that they can be judged before they are
written. Other retailers' files are left out: they cannot make these wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.source.layout import classify, tenant_of
from handbill.source.tree import SourceTree


@dataclass(frozen=True, slots=True)
class Overlay:
    """A SourceTree: `tree` without other tenants than `tenant`, with `files` over it."""

    tree: SourceTree
    tenant: str
    files: Mapping[str, bytes]
    paths: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        added = {path for path in self.files if classify(path) is not None}
        paths = sorted({path for path in self.tree.paths if self._concerns(path)} | added)
        object.__setattr__(self, "paths", tuple(paths))

    @property
    def revision(self) -> str:
        return self.tree.revision

    @property
    def refused(self) -> tuple[str, ...]:
        return tuple(path for path in self.tree.refused if self._concerns(path))

    def read(self, path: str) -> bytes:
        if path not in self.paths:
            raise KeyError(path)
        return self.files[path] if path in self.files else self.tree.read(path)

    def blob_id(self, path: str) -> str:
        if path not in self.files:
            return self.tree.blob_id(path)
        data = self.files[path]
        return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()

    def _concerns(self, path: str) -> bool:
        return tenant_of(path) in (None, self.tenant)
