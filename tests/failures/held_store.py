"""A store whose files lie in memory, so that tens of thousands of damaged ones can be looked at.

It holds the very bytes that a real publisher wrote to a real folder, and counts what is read.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from handbill.store.store import Listed, Stored, Unchanged

UNCHANGED = Unchanged.UNCHANGED
MODIFIED = datetime(2026, 12, 5, tzinfo=UTC)


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

    def read_unless(self, path: str, version: str) -> Stored | Unchanged | None:
        stored = self.read(path)
        return UNCHANGED if stored is not None and stored.version == version else stored

    def read_many(self, paths: Sequence[str]) -> Iterator[Stored | None]:
        return map(self.read, paths)

    def size(self, path: str) -> int | None:
        return len(self.files[path]) if path in self.files else None

    def sizes(self, paths: Sequence[str]) -> tuple[int | None, ...]:
        return tuple(map(self.size, paths))

    def names(self, folder: str) -> tuple[str, ...]:
        return tuple(each for each in self._below(folder) if "/" not in each)

    def folders(self, folder: str) -> tuple[str, ...]:
        return tuple(
            sorted({each.partition("/")[0] for each in self._below(folder) if "/" in each})
        )

    def listed(self, folder: str) -> tuple[Listed, ...]:
        return tuple(
            Listed(name, len(self.files[f"{folder}/{name}"]), MODIFIED)
            for name in self.names(folder)
        )

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

    def remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            self.files.pop(path, None)

    def _below(self, folder: str) -> list[str]:
        inside = f"{folder.rstrip('/')}/"
        return sorted(path.removeprefix(inside) for path in self.files if path.startswith(inside))


def files_of(root: Path) -> dict[str, bytes]:
    """Every file below the folder, by its path there."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
