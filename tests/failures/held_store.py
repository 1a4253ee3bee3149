"""A store whose files lie in memory, so that tens of thousands of damaged ones can be looked at.

It holds the very bytes that a real publisher wrote to a real folder, and counts what is read.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handbill.store.store import Stored


@dataclass
class HeldStore:
    """See `Store`; `files` may be changed at any time, which is the point."""

    files: dict[str, bytes]
    reads: Counter[str] = field(default_factory=Counter)
    """Path → how often it was read and there."""

    @property
    def url(self) -> str:
        return "file:///held"

    def watched_folder(self, environment: str) -> Path | None:
        return None

    def read(self, path: str) -> Stored | None:
        data = self.files.get(path)
        if data is None:
            return None
        self.reads[path] += 1
        return Stored(data, hashlib.sha256(data).hexdigest())

    def size(self, path: str) -> int | None:
        return len(self.files[path]) if path in self.files else None

    def names(self, folder: str) -> tuple[str, ...]:
        inside = f"{folder.rstrip('/')}/"
        below = (path.removeprefix(inside) for path in self.files if path.startswith(inside))
        return tuple(sorted({name.partition("/")[0] for name in below}))

    def put(self, files: Mapping[str, bytes], *, durable: bool = True) -> None:
        self.files.update(files)

    def create(self, path: str, data: bytes) -> bool:
        if path in self.files:
            return False
        self.files[path] = data
        return True

    def swap(self, path: str, expected: str | None, data: bytes) -> bool:
        current = self.files.get(path)
        version = None if current is None else hashlib.sha256(current).hexdigest()
        if version != expected:
            return False
        self.files[path] = data
        return True


def files_of(root: Path) -> dict[str, bytes]:
    """Every file below the folder, by its path there."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
