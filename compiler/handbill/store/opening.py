"""Which store a URL names: a folder, a bucket (`s3:`, `gs:`, `az:`) or a registry (`oci:`).

Opening asks nobody and writes nothing: a folder is made by the first publish, a bucket or registry
is first spoken to when it is first read. A URL never holds a secret. What one kind of store needs is
imported only when a store of that kind is opened.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from pathlib import Path

from handbill.store.errors import StoreUnusable
from handbill.store.store import Store

FORMS = "file:///FOLDER, s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, az://CONTAINER/PREFIX or oci://HOST/REPOSITORY"
_BUCKETS = ("s3", "gs", "az")
REMOTE_STORES: Mapping[str, str] = {
    "s3": "BUCKET/PREFIX",
    "gs": "BUCKET/PREFIX",
    "az": "CONTAINER/PREFIX",
    "oci": "HOST/REPOSITORY",
}
"""The schemes of stores that are not folders, and what follows each."""


def open_store(url: str) -> Store:
    """The store at a URL or a plain path. Raises `StoreUnusable`."""
    parts = _split(url)
    if parts.scheme in _BUCKETS and "://" in url:
        check_remote(url, parts)
        from handbill.store.bucket import open_bucket

        return open_bucket(parts.scheme, parts.netloc, parts.path.strip("/"))
    if parts.scheme == "oci":
        check_remote(url, parts)
        from handbill.store.oci import open_registry

        return open_registry(parts.netloc, parts.path.strip("/"))
    if parts.scheme == "file":
        return _open_folder(_path_of(url, parts))
    if "://" in url:
        raise StoreUnusable(
            f"a store at `{parts.scheme}://` cannot be opened: no store is of that kind",
            f"write {FORMS}",
        )
    return _open_folder(Path(url))


def _split(url: str) -> urllib.parse.SplitResult:
    if not url or "\0" in url:
        raise StoreUnusable("a store needs a URL", f"write {FORMS}")
    try:
        return urllib.parse.urlsplit(url)
    except ValueError as error:
        raise StoreUnusable(f"`{url}` cannot be read as a URL", f"write {FORMS}") from error


def _open_folder(path: Path) -> Store:
    from handbill.store.folder import FolderStore

    return FolderStore(path)


def _path_of(url: str, parts: urllib.parse.SplitResult) -> Path:
    if parts.netloc not in ("", "localhost") or parts.query or parts.fragment:
        raise StoreUnusable(
            f"`{url}` names a folder on another machine",
            "a folder's URL has three slashes: file:///var/lib/handbill/store",
        )
    return Path(urllib.parse.unquote(parts.path))


def check_remote(url: str, parts: urllib.parse.SplitResult) -> None:
    """No secrets, options or odd names in a URL that logs and environments' files show.

    `parts` are those of `url`. Raises `StoreUnusable`."""
    shown = f"{parts.scheme}://…"
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise StoreUnusable(
            f"the store's URL `{shown}` may hold a name and a prefix, nothing else",
            "give the address and the credentials by environment variables: docs/stores.md names them",
        )
    segments = parts.path.strip("/").split("/")
    odd = any(segment in (".", "..") for segment in segments) or "//" in parts.path or "%" in url
    if not parts.hostname or not parts.netloc.isascii() or odd or not parts.path.isascii():
        raise StoreUnusable(f"`{url}` does not name a bucket or a repository", f"write {FORMS}")
