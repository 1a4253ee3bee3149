"""What publishing and following need of a place where releases live.

A store is a flat map from path to bytes with two atomic operations: create only, and swap on
condition. Everything above (packs, pointer, history) is written against this protocol, so that a
bucket or a registry can stand in for a folder. Paths are those of `paths.py`; `opening.py` finds
the store of a URL. Where many files are asked for at once, a distant store asks for them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Protocol

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Nothing larger is ever read from a store or written to one."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file's bytes and the version that `swap` compares: different bytes, different version."""

    data: bytes
    version: str


class Unchanged(Enum):
    """The answer of `read_unless` where there is nothing new to read."""

    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a folder; `modified` knows its zone and is the store's own clock."""

    name: str
    size: int
    modified: datetime


class Reader(Protocol):
    """The part of a store by which packs are read."""

    def read(self, path: str) -> Stored | None:
        """The file's bytes, or None where there is none."""
        ...

    def read_many(self, paths: Sequence[str]) -> Iterator[Stored | None]:
        """As `read` of each path, in this order. At most a few dozen files are held at a time."""
        ...


class Store(Reader, Protocol):
    """Every method raises a `StoreError` when the outside world fails; none returns half a file."""

    @property
    def url(self) -> str: ...

    def read_unless(self, path: str, version: str) -> Stored | Unchanged | None:
        """As `read`, but UNCHANGED while the file's version is still `version`.

        What a poll asks: on a bucket it is one small request that transfers no bytes of the file.
        """
        ...

    def size(self, path: str) -> int | None:
        """The file's length in bytes, or None where there is none."""
        ...

    def sizes(self, paths: Sequence[str]) -> tuple[int | None, ...]:
        """As `size` of each path."""
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files directly in `folder`, sorted; none where there is no folder."""
        ...

    def folders(self, folder: str) -> tuple[str, ...]:
        """The names of the folders directly in `folder`, sorted."""
        ...

    def listed(self, folder: str) -> tuple[Listed, ...]:
        """The files directly in `folder`, sorted by name."""
        ...

    def put(self, files: Mapping[str, bytes], *, durable: bool = True) -> None:
        """Writes each file whole, over whatever was there.

        When this returns, `durable` files survive a power cut.
        """
        ...

    def create(self, path: str, data: bytes) -> bool:
        """Writes a file that must not exist yet, durably; False (and no change) where it does."""
        ...

    def swap(self, path: str, expected: str | None, data: bytes) -> bool:
        """Replaces the file durably if its version is still `expected` (None: it must not exist).

        False, and no change, where somebody else was faster.
        """
        ...

    def remove(self, paths: Sequence[str]) -> None:
        """Removes files; one that is not there counts as removed. Only `collect.py` asks this."""
        ...

    def watched_folder(self, environment: str) -> Path | None:
        """The local folder in which the environment's pointer appears, where there is one."""
        ...


def open_store(url: str) -> Store:
    """The store at a URL or a plain path: see `opening.open_store`. Raises a StoreError."""
    from handbill.store import opening

    return opening.open_store(url)
