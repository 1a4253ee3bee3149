"""A store in a bucket: S3 and what speaks its language, Google Cloud Storage, Azure Blob Storage.

Create-only is `If-None-Match: *`, swap is `If-Match` on the e-tag (on Google, the generation). A
request is tried a bounded number of times, by this module and not beneath it, because a write whose
answer was lost must be told from a race that was lost: after such a try the object is read again, and
our own bytes there mean that the write succeeded. Address and credentials come from the usual
environment variables.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import obstore
from obstore import exceptions

from handbill.store.bucket_settings import client_of, hint_of
from handbill.store.errors import StoreUnavailable, StoreUnusable, TooLarge
from handbill.store.store import MAX_FILE_BYTES, Listed, Stored, Unchanged

_Answer = TypeVar("_Answer")

TRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
TOGETHER = 32
"""So many requests are on their way at once where many files are asked for."""
_STATUS = re.compile(r"status code: (\d{3} [A-Za-z ]+)")
_NO_BUCKET = re.compile("NoSuchBucket|ContainerNotFound")
_REASON = re.compile(r"<(?:Code|Message)>([^<]{1,200})</(?:Code|Message)>")


def open_bucket(scheme: str, bucket: str, prefix: str) -> BucketStore:
    """Raises StoreUnusable where the name or the environment's variables do not make a store."""
    url = f"{scheme}://{bucket}/{prefix}".rstrip("/")
    try:
        client = client_of(scheme, bucket, prefix)
    except (exceptions.BaseError, ValueError, TypeError) as error:
        raise StoreUnusable(
            f"the store {url} cannot be opened: {_reason(error)}", hint_of(scheme)
        ) from error
    return BucketStore(client, url)


class BucketStore:
    """See `Store`. `client` is an obstore store whose root is this store's root."""

    def __init__(self, client: Any, url: str, tries: int = TRIES) -> None:
        self._client = client
        self._url = url
        self._tries = tries

    @property
    def url(self) -> str:
        return self._url

    def watched_folder(self, environment: str) -> Path | None:
        return None

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def read(self, path: str) -> Stored | None:
        return self._read(path, {})

    def read_unless(self, path: str, version: str) -> Stored | Unchanged | None:
        try:
            return self._read(path, {"if_none_match": _e_tag(version)})
        except exceptions.NotModifiedError:
            return Unchanged.UNCHANGED

    def read_many(self, paths: Sequence[str]) -> Iterator[Stored | None]:
        if len(paths) <= 1:
            yield from map(self.read, paths)
            return
        with ThreadPoolExecutor(TOGETHER) as readers:
            for chunk in _chunks(paths, TOGETHER):
                yield from readers.map(self.read, chunk)

    def size(self, path: str) -> int | None:
        def ask() -> int | None:
            try:
                return int(obstore.head(self._client, path)["size"])
            except FileNotFoundError as error:
                _refuse_absent_bucket(error)
                return None

        return self._tried(path, ask)

    def sizes(self, paths: Sequence[str]) -> tuple[int | None, ...]:
        if len(paths) <= 1:
            return tuple(map(self.size, paths))
        with ThreadPoolExecutor(TOGETHER) as readers:
            return tuple(readers.map(self.size, paths))

    def names(self, folder: str) -> tuple[str, ...]:
        return tuple(found.name for found in self.listed(folder))

    def folders(self, folder: str) -> tuple[str, ...]:
        found = self._tried(folder, lambda: obstore.list_with_delimiter(self._client, folder))
        return tuple(sorted(path.rpartition("/")[2] for path in found["common_prefixes"]))

    def listed(self, folder: str) -> tuple[Listed, ...]:
        found = self._tried(folder, lambda: obstore.list_with_delimiter(self._client, folder))
        listed = (
            Listed(each["path"].rpartition("/")[2], each["size"], each["last_modified"])
            for each in found["objects"]
        )
        return tuple(sorted(listed, key=lambda each: each.name))

    def _read(self, path: str, options: dict[str, str]) -> Stored | None:
        def ask() -> Stored | None:
            try:
                found = obstore.get(self._client, path, options=options)  # type: ignore[arg-type]
            except FileNotFoundError as error:
                _refuse_absent_bucket(error)
                return None
            _refuse_large(path, found.meta["size"])
            version = _version(found.meta["e_tag"], found.meta["version"])
            return Stored(bytes(found.bytes()), version)

        return self._tried(path, ask)

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def put(self, files: Mapping[str, bytes], *, durable: bool = True) -> None:
        """What a bucket has accepted is durable, whether `durable` asks for it or not."""
        for path, data in files.items():
            _refuse_large(path, len(data))
        if len(files) <= 1:
            for path, data in files.items():
                self._put(path, data)
            return
        with ThreadPoolExecutor(TOGETHER) as writers:
            for _ in writers.map(self._put, files.keys(), files.values()):
                pass

    def create(self, path: str, data: bytes) -> bool:
        return self._written_if(path, data, "create")

    def swap(self, path: str, expected: str | None, data: bytes) -> bool:
        if expected is None:
            return self.create(path, data)
        e_tag, version = expected.split("\n")
        mode = {"e_tag": e_tag} | ({"version": version} if version else {})
        return self._written_if(path, data, mode)

    def remove(self, paths: Sequence[str]) -> None:
        for chunk in _chunks(paths, 1000):
            self._tried(chunk[0], partial(self._delete, chunk))

    def _put(self, path: str, data: bytes) -> None:
        self._tried(path, lambda: self._send(path, data, "overwrite"))

    def _written_if(self, path: str, data: bytes, mode: str | dict[str, str]) -> bool:
        """Whether the condition held. Where it did not, we may be looking at our own write (its
        answer was lost) or at a conflict that ended with nobody's (409): the object itself says."""
        _refuse_large(path, len(data))
        for attempt in itertools.count(1):
            lost_answer = attempt > 1
            try:
                self._send(path, data, mode)
                return True
            except (exceptions.AlreadyExistsError, exceptions.PreconditionError) as error:
                stored = self.read(path)
                if stored is not None and lost_answer and stored.data == data:
                    return True
                if not _still_holds(stored, mode):
                    return False
                if attempt >= self._tries:
                    raise self._unavailable(path, error) from error
            except (exceptions.BaseError, OSError) as error:
                if _is_final(error) or attempt >= self._tries:
                    raise self._unavailable(path, error) from error
            _pause(attempt)
        raise AssertionError

    def _send(self, path: str, data: bytes, mode: Any) -> None:
        obstore.put(self._client, path, data, mode=mode, use_multipart=False)

    def _delete(self, paths: Sequence[str]) -> None:
        try:
            obstore.delete(self._client, list(paths))
        except FileNotFoundError:
            for path in paths:
                with contextlib.suppress(FileNotFoundError):
                    obstore.delete(self._client, path)

    # ── failing ──────────────────────────────────────────────────────────────────────────────────

    def _tried(self, path: str, ask: Callable[[], _Answer]) -> _Answer:
        """Asks again, ever later, where the failure may pass; each request is safe to repeat."""
        for attempt in itertools.count(1):
            try:
                return ask()
            except exceptions.NotModifiedError:
                raise
            except (exceptions.BaseError, OSError) as error:
                if _is_final(error) or attempt >= self._tries:
                    raise self._unavailable(path, error) from error
            _pause(attempt)
        raise AssertionError

    def _unavailable(self, path: str, error: Exception) -> StoreUnavailable:
        return StoreUnavailable(
            f"the store {self._url} cannot be used: {_reason(error)} ({path})", _advice(error)
        )


def _refuse_absent_bucket(error: FileNotFoundError) -> None:
    """An object may not be there; a bucket that is not there is a failure."""
    if _NO_BUCKET.search(str(error)):
        raise error


def _still_holds(stored: Stored | None, mode: str | dict[str, str]) -> bool:
    """Whether the condition of a write that was refused holds now, so that trying again is right."""
    if mode == "create":
        return stored is None
    return stored is not None and isinstance(mode, dict) and _e_tag(stored.version) == mode["e_tag"]


def _version(e_tag: str | None, version: str | None) -> str:
    """Both marks in one text: S3 and Azure compare the e-tag, Google the generation."""
    return f"{e_tag or ''}\n{version or ''}"


def _e_tag(version: str) -> str:
    return version.partition("\n")[0]


def _is_final(error: Exception) -> bool:
    """Whether asking again would bring the same answer."""
    if isinstance(error, FileNotFoundError | exceptions.PermissionDeniedError):
        return True
    if isinstance(error, exceptions.UnauthenticatedError | exceptions.NotSupportedError):
        return True
    status = _STATUS.search(str(error))
    if status is not None:
        return status[1][0] == "4" and status[1][:3] not in ("408", "409", "429")
    return "builder error" in str(error) or isinstance(error, exceptions.InvalidPathError)


def _reason(error: Exception) -> str:
    """One line of what the server or the network said; never the request's own headers."""
    text = str(error)
    said = _REASON.findall(text)
    if said:
        return ": ".join(said[:2])
    if status := _STATUS.search(text):
        return f"it answered {status[1].strip()}"
    if "builder error" in text:
        return "its address is not HTTPS"
    if "error sending request" in text or "HTTP error" in text:
        return "it cannot be reached, or did not answer in time"
    return text.partition("\n")[0][:200]


def _advice(error: Exception) -> str:
    text = str(error)
    if _NO_BUCKET.search(text):
        return "make the bucket, or correct its name in the store's URL"
    if isinstance(error, exceptions.PermissionDeniedError | exceptions.UnauthenticatedError):
        return "see that the credentials may do this: docs/stores.md has the policy"
    if "builder error" in text:
        return "for a server without TLS on your own machine set AWS_ALLOW_HTTP=true"
    return "see that the address is right and the network is up, then try again: nothing was lost"


def _pause(attempt: int) -> None:
    longest = min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)
    time.sleep(longest * (0.5 + random.random() / 2))


def _chunks(paths: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (paths[at : at + size] for at in range(0, len(paths), size))


def _refuse_large(path: str, size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise TooLarge(f"`{path}` in the store is over {MAX_FILE_BYTES // 2**20} MiB")
