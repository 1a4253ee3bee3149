"""A store in an OCI registry, in the layout of ORAS: every file an artifact of one layer.

A file's tag is its path (`/` as `.`, a dot as two); its manifest says of which kind it is
(`artifactType`), what it is called and when it was written, so `oras pull` brings the file under its
name. Registries cannot compare and set: whoever creates or swaps holds the store's lease (`lease.py`),
looks before it writes, and reads again afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from handbill.store.errors import NotInStore, PackDamaged, StoreUnusable, TooLarge
from handbill.store.instant import parse_utc, utc_text
from handbill.store.lease import Leaseholder
from handbill.store.registry import MANIFEST, Registry, digest
from handbill.store.store import MAX_FILE_BYTES, Listed, Stored, Unchanged

TOGETHER = 16
TITLE = "org.opencontainers.image.title"
CREATED = "org.opencontainers.image.created"
LEASE = "publisher/lease"
_EMPTY = b"{}"
_EMPTY_TYPE = "application/vnd.oci.empty.v1+json"
_TAG = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}")
_HOST = re.compile(r"([a-z0-9.-]+|\[::1\])(:[0-9]{1,5})?")
_REPOSITORY = re.compile(
    r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
)


class _Layer(msgspec.Struct):
    digest: str
    size: int


class _Manifest(msgspec.Struct):
    layers: tuple[_Layer, ...]
    annotations: dict[str, str] = {}


_decoder = msgspec.json.Decoder(_Manifest)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A tag: its layer, the manifest's digest (the file's version) and when it was written."""

    blob: str
    size: int
    version: str
    modified: datetime


def open_registry(host: str, repository: str) -> OciStore:
    """Raises StoreUnusable where these cannot be a registry's name and a repository's."""
    if not _HOST.fullmatch(host) or not _REPOSITORY.fullmatch(repository):
        raise StoreUnusable(
            f"`oci://{host}/{repository}` does not name a repository of a registry",
            "write oci://HOST:PORT/REPOSITORY, in lower case",
        )
    return OciStore(Registry(host, repository), f"oci://{host}/{repository}")


class OciStore:
    """See `Store`."""

    def __init__(
        self,
        registry: Registry,
        url: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._registry = registry
        self._url = url
        self._clock = clock
        self._has_empty = False
        self._lease = Leaseholder(url, self._read_lease, lambda data: self._write(LEASE, data))

    @property
    def url(self) -> str:
        return self._url

    def watched_folder(self, environment: str) -> Path | None:
        return None

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def read(self, path: str) -> Stored | None:
        entry = self._entry(path)
        if entry is None:
            return None
        if entry.size > MAX_FILE_BYTES:
            raise TooLarge(f"`{path}` in the store is over {MAX_FILE_BYTES // 2**20} MiB")
        data = self._registry.blob(entry.blob)
        if data is None:
            raise NotInStore(
                f"`{path}` in the store has lost its contents", "publish again: they are then sent"
            )
        return Stored(data, entry.version)

    def read_unless(self, path: str, version: str) -> Stored | Unchanged | None:
        if self._registry.manifest_digest(tag_of(path)) == version:
            return Unchanged.UNCHANGED
        return self.read(path)

    def read_many(self, paths: Sequence[str]) -> Iterator[Stored | None]:
        if len(paths) <= 1:
            yield from map(self.read, paths)
            return
        with ThreadPoolExecutor(TOGETHER) as readers:
            for at in range(0, len(paths), TOGETHER):
                yield from readers.map(self.read, paths[at : at + TOGETHER])

    def size(self, path: str) -> int | None:
        entry = self._entry(path)
        return entry.size if entry else None

    def sizes(self, paths: Sequence[str]) -> tuple[int | None, ...]:
        with ThreadPoolExecutor(TOGETHER) as readers:
            return tuple(readers.map(self.size, paths))

    def names(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(name for name in self._below(folder) if "/" not in name))

    def folders(self, folder: str) -> tuple[str, ...]:
        below = (name.partition("/") for name in self._below(folder))
        return tuple(sorted({first for first, slash, _ in below if slash}))

    def listed(self, folder: str) -> tuple[Listed, ...]:
        """One request for each file: a registry lists names alone."""
        names = self.names(folder)
        with ThreadPoolExecutor(TOGETHER) as readers:
            entries = readers.map(self._entry, [f"{folder}/{name}" for name in names])
            found = zip(names, entries, strict=True)
            return tuple(Listed(name, e.size, e.modified) for name, e in found if e is not None)

    def _below(self, folder: str) -> Iterator[str]:
        prefix = f"{folder}/"
        for tag in self._registry.tags():
            path = path_of(tag)
            if path.startswith(prefix):
                yield path.removeprefix(prefix)

    def _entry(self, path: str) -> _Entry | None:
        found = self._registry.manifest(tag_of(path))
        if found is None:
            return None
        data, version = found
        try:
            manifest = _decoder.decode(data)
            (layer,) = manifest.layers
            modified = parse_utc(manifest.annotations.get(CREATED, ""))
        except (msgspec.DecodeError, ValueError) as error:
            raise PackDamaged(
                f"`{path}` in the store is not a file of Handbill: {error}",
                "give the store a repository of its own, and publish again",
            ) from error
        return _Entry(layer.digest, layer.size, version, modified)

    def _read_lease(self) -> bytes | None:
        stored = self.read(LEASE)
        return stored.data if stored else None

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def put(self, files: Mapping[str, bytes], *, durable: bool = True) -> None:
        for path, data in files.items():
            if len(data) > MAX_FILE_BYTES:
                raise TooLarge(f"`{path}` in the store is over {MAX_FILE_BYTES // 2**20} MiB")
        if not files:
            return
        self._put_empty()
        with ThreadPoolExecutor(min(TOGETHER, len(files))) as writers:
            for _ in writers.map(self._write, files.keys(), files.values()):
                pass

    def create(self, path: str, data: bytes) -> bool:
        return self.swap(path, None, data)

    def swap(self, path: str, expected: str | None, data: bytes) -> bool:
        self._lease.hold()
        entry = self._entry(path)
        if (entry.version if entry else None) != expected:
            return False
        version = self._write(path, data)
        return self._registry.manifest_digest(tag_of(path)) == version

    def remove(self, paths: Sequence[str]) -> None:
        """The manifests go, and with them the tags; the registry's own collection frees the blobs."""
        for path in paths:
            version = self._registry.manifest_digest(tag_of(path))
            if version is not None:
                self._registry.delete_manifest(version)

    def _write(self, path: str, data: bytes) -> str:
        """The version that was written."""
        self._put_empty()
        manifest = manifest_of(path, self._registry.put_blob(data), len(data), self._clock())
        self._registry.put_manifest(tag_of(path), manifest)
        return digest(manifest)

    def _put_empty(self) -> None:
        if not self._has_empty:
            self._registry.put_blob(_EMPTY)
            self._has_empty = True


def manifest_of(path: str, blob: str, size: int, now: datetime) -> bytes:
    """What ORAS makes of one file (oras.land, "OCI artifact"): an empty config and a titled layer."""
    kind = f"application/vnd.handbill.{_kind(path)}.v1"
    manifest = {
        "annotations": {CREATED: utc_text(now)},
        "artifactType": kind,
        "config": {"digest": digest(_EMPTY), "mediaType": _EMPTY_TYPE, "size": len(_EMPTY)},
        "layers": [{"annotations": {TITLE: path}, "digest": blob, "mediaType": kind, "size": size}],
        "mediaType": MANIFEST,
        "schemaVersion": 2,
    }
    return msgspec.json.encode(manifest)


def tag_of(path: str) -> str:
    """Raises StoreUnusable where a name is too long for a registry."""
    tag = path.replace(".", "..").replace("/", ".")
    if not _TAG.fullmatch(tag):
        raise StoreUnusable(
            f"`{path}` is too long a name for a registry",
            "give the environment or runtime a shorter one",
        )
    return tag


def path_of(tag: str) -> str:
    """The inverse of `tag_of`: no name begins with a dot."""
    return re.sub(r"\.+", lambda dots: "." * (len(dots[0]) // 2) + "/" * (len(dots[0]) % 2), tag)


def _kind(path: str) -> str:
    match path.split("/"):
        case ["packs", _]:
            return "pack"
        case ["environments", _, "history", _]:
            return "pointer"
        case ["environments", _, folder, _]:
            return folder.removesuffix("s")
        case [*_, last]:
            return {"pointer": "pointer"}.get(last, path.partition("/")[0].rstrip("s"))
    raise AssertionError(path)
