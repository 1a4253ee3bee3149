"""What publishing and following need of a place where releases live.

A store is a flat map from path to bytes with two atomic operations: create only, and swap on
condition. Everything above (packs, pointer, history) is written against this protocol, so that a
bucket can stand in for a folder. Paths are those of `paths.py`.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from handbill.store.errors import StoreUnusable

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Nothing larger is ever read from a store or written to one."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file's bytes and the version that `swap` compares: different bytes, different version."""

    data: bytes
    version: str


class Store(Protocol):
    """Every method raises a `StoreError` when the outside world fails; none returns half a file."""

    @property
    def url(self) -> str: ...

    def read(self, path: str) -> Stored | None:
        """The file's bytes, or None where there is none."""
        ...

    def size(self, path: str) -> int | None:
        """The file's length in bytes, or None where there is none."""
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files directly in `folder`, sorted; none where there is no folder."""
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

    def watched_folder(self, environment: str) -> Path | None:
        """The local folder in which the environment's pointer appears, where there is one."""
        ...


def open_store(url: str) -> Store:
    """The store at a `file:` URL or a plain path.

    Opening writes nothing: a folder is made by the first publish. Raises `StoreUnusable`.
    """
    from handbill.store.folder import FolderStore

    return FolderStore(_local_path(url))


def _local_path(url: str) -> Path:
    if not url or "\0" in url:
        raise StoreUnusable("a store needs a URL", "write file:///var/lib/handbill/store")
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError as error:
        raise StoreUnusable(
            f"`{url}` cannot be read as a URL", "write file:///var/lib/handbill/store"
        ) from error
    if parts.scheme == "file":
        if parts.netloc not in ("", "localhost") or parts.query or parts.fragment:
            raise StoreUnusable(
                f"`{url}` names a folder on another machine",
                "a folder's URL has three slashes: file:///var/lib/handbill/store",
            )
        return Path(urllib.parse.unquote(parts.path))
    if "://" in url:
        raise StoreUnusable(
            f"a store at `{parts.scheme}://` cannot be opened: this version keeps stores in folders",
            "write file:///var/lib/handbill/store",
        )
    return Path(url)
