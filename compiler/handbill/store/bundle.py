"""Bundles: many tenants' packs in one file, so that a cold start of a thousand takes few requests.

A catalog in each environment says which packs which bundle holds. The publisher writes them anew once
many tenants changed since; in between, what is in no bundle is read by itself. Nothing depends on
them: packs are proved wherever they came from, and a bundle that is missing or changed is passed over.

A bundle is text lines and then the parts as they are stored, one after another:

    handbill-bundle 1
    parts N          then N lines: digest, space, length in bytes
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Digest, PlanStruct
from handbill.store.errors import StoreError
from handbill.store.outlines import (
    PACKS_IN_A_FILE,
    Outliner,
    PackOutlines,
    encode_outlines,
    sign_listing,
)
from handbill.store.pack_index import PackIndex, Recording, index_packs
from handbill.store.paths import bundle_path, bundles_path, is_digest, outlines_path, part_path
from handbill.store.store import Reader, Store, Stored

BUNDLE_BYTES = 8 * 1024 * 1024
FEWEST = 32
"""So many packs at least are worth a bundle, to the publisher and to who reads."""
RENEW_SHARE = 8
"""A bundle is written anew once an eighth of the tenants is in none."""

_MAGIC = b"handbill-bundle 1\n"
_COUNT = re.compile(rb"parts (0|[1-9][0-9]{0,6})\n")
_LINE = re.compile(rb"(sha256:[0-9a-f]{64}) ([1-9][0-9]{0,8})\n")
_MAX_CATALOG = 16 * 1024 * 1024


class Bundle(PlanStruct, frozen=True, kw_only=True):
    """`roots` are the packs that it holds whole."""

    digest: Digest
    roots: tuple[Digest, ...]


class Catalog(PlanStruct, frozen=True, kw_only=True):
    format: int
    release: Digest
    """The release for which the bundles were made."""
    bundles: tuple[Bundle, ...]


_decoder = msgspec.json.Decoder(Catalog)


def read_catalog(store: Reader, environment: str) -> Catalog | None:
    """None where there is none, or none that can be understood."""
    stored = store.read(bundles_path(environment))
    if stored is None or len(stored.data) > _MAX_CATALOG:
        return None
    try:
        catalog = _decoder.decode(stored.data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    named = (digest for each in catalog.bundles for digest in (each.digest, *each.roots))
    return catalog if catalog.format == 1 and all(map(is_digest, named)) else None


def worthwhile(catalog: Catalog | None, missing: Collection[Digest]) -> list[Bundle]:
    """The bundles to fetch for these packs: each brings enough that none before it does, so that a
    catalog of whoever made it costs no more than the packs themselves would."""
    left = set(missing)
    wanted = []
    for bundle in catalog.bundles if catalog else ():
        new = left.intersection(bundle.roots)
        if len(new) >= FEWEST:
            wanted.append(bundle)
            left -= new
    return wanted


def renew_bundles(
    store: Store,
    environment: str,
    release: Digest,
    roots: Sequence[Digest],
    keys: Sequence[Ed25519PrivateKey] = (),
) -> bool:
    """Writes the bundles anew where too many of the release's tenants (`roots`) are in none, and
    beside them the outlines of their plans (`outlines.py`), signed by `keys`.

    True where it did. Everything is in the store already; a kill at any time leaves the old catalog
    or the new one.
    """
    catalog = read_catalog(store, environment)
    held = {root for bundle in catalog.bundles for root in bundle.roots} if catalog else set()
    if len(set(roots) - held) < max(FEWEST, len(roots) // RENEW_SHARE):
        return False
    bundles = []
    outlining = Outlining(store)
    for group, data in _bundled(store, tuple(dict.fromkeys(roots)), outlining):
        bundles.append(Bundle(digest=digest_of(data), roots=group))
        store.put({bundle_path(bundles[-1].digest): data})
    if keys:
        outlining.finish()
        store.put({outlines_path(environment): sign_listing(environment, outlining.files, keys)})
    made = Catalog(format=1, release=release, bundles=tuple(bundles))
    store.put({bundles_path(environment): canonical_bytes(made)})
    return True


class Outlining:
    """Writes what is outlined to the store, many packs in one file."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: Outliner | None = None
        self._packs: list[PackOutlines] = []
        self.files: list[Digest] = []

    def look(self, root: Digest) -> Outliner:
        self._open = Outliner(root)
        return self._open

    def add(self, index: PackIndex) -> None:
        """The pack that was looked at last."""
        assert self._open is not None
        outlines = tuple(self._open.outlines)
        self._packs.append(PackOutlines(index.root_bytes, index.parts, index.begins, outlines))
        if len(self._packs) >= PACKS_IN_A_FILE:
            self.finish()

    def finish(self) -> None:
        if self._packs:
            data = encode_outlines(self._packs)
            self.files.append(digest_of(data))
            self._store.put({bundle_path(self.files[-1]): data})
            self._packs = []


def _bundled(
    store: Store, roots: Sequence[Digest], outlining: Outlining
) -> Iterator[tuple[tuple[Digest, ...], bytes]]:
    """Groups of packs, each with the bundle of them; every pack is proved before it goes in."""
    group: list[Digest] = []
    parts: dict[str, bytes] = {}
    recording = Recording(store)
    for index in index_packs(recording, roots, outlining.look):
        outlining.add(index)
        group.append(index.root)
        parts |= {name: recording.take(part_path(name)) for name in index.parts}
        if sum(map(len, parts.values())) >= BUNDLE_BYTES:
            yield tuple(group), encode_bundle(parts)
            group, parts = [], {}
    if group:
        yield tuple(group), encode_bundle(parts)


def encode_bundle(parts: Mapping[Digest, bytes]) -> bytes:
    lines = [f"parts {len(parts)}\n", *(f"{name} {len(data)}\n" for name, data in parts.items())]
    return b"".join([_MAGIC, "".join(lines).encode(), *parts.values()])


def open_bundle(digest: Digest, data: bytes) -> Mapping[str, bytes]:
    """Path → the bytes of a part; nothing where the bundle is not the one of that name."""
    count = _COUNT.match(data, len(_MAGIC))
    if digest_of(data) != digest or not data.startswith(_MAGIC) or count is None:
        return {}
    at, listed = count.end(), []
    for _ in range(int(count[1])):
        line = _LINE.match(data, at)
        if line is None:
            return {}
        listed.append((line[1].decode(), int(line[2])))
        at = line.end()
    parts: dict[str, bytes] = {}
    for name, length in listed:
        parts[part_path(name)] = data[at : at + length]
        at += length
    return parts if at == len(data) else {}


class BundledReader:
    """A store whose packs are read out of bundles where they hold them.

    Ask in the order of the release's tenants, in which bundles are made: then each is fetched once,
    and no more than one is held.
    """

    def __init__(self, store: Reader, catalog: Catalog | None, roots: Sequence[Digest]) -> None:
        self._store = store
        self._open: tuple[Digest, Mapping[str, bytes]] | None = None
        self._bundle_of: dict[str, Digest] = {}
        wanted = set(roots)
        for bundle in catalog.bundles if catalog else ():
            if len(wanted.intersection(bundle.roots)) >= min(FEWEST, 1 + len(bundle.roots) // 2):
                self._bundle_of |= {part_path(root): bundle.digest for root in bundle.roots}

    def read(self, path: str) -> Stored | None:
        return next(self.read_many((path,)))

    def read_many(self, paths: Sequence[str]) -> Iterator[Stored | None]:
        """What bundles do not hold is asked for together, up to the next path that one does."""
        alone: list[str] = []
        for path in paths:
            data = self._bundled(path)
            if data is None:
                alone.append(path)
                continue
            yield from self._store.read_many(alone)
            alone = []
            yield Stored(data, "bundled")
        yield from self._store.read_many(alone)

    def _bundled(self, path: str) -> bytes | None:
        if self._open is not None and path in self._open[1]:
            return self._open[1][path]
        digest = self._bundle_of.get(path)
        if digest is None or (self._open is not None and self._open[0] == digest):
            return None
        self._open = None
        self._open = (digest, self._fetched(digest))
        return self._open[1].get(path)

    def _fetched(self, digest: Digest) -> Mapping[str, bytes]:
        try:
            stored = self._store.read(bundle_path(digest))
        except StoreError:
            return {}
        return open_bundle(digest, stored.data) if stored else {}


def with_bundles(store: Reader, environment: str, roots: Sequence[Digest]) -> Reader:
    """From where to read the packs `roots`: out of bundles where that saves requests."""
    if len(roots) < FEWEST:
        return store
    return BundledReader(store, read_catalog(store, environment), roots)
