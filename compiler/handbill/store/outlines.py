"""Outlines for cold starts: what a runtime has to know of each plan before it reads any of them.

Of every pack: the tenant's own object, where its plans lie, and their outlines. All of it follows from
the pack alone, so what is signed here is a fact that never changes, whichever release runs: there is
nothing to replay. The publishers sign which files hold it, those files are bound by their digests, and
a plan whose own bytes give another outline is not run. Without any of this a start reads every pack.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

import msgspec
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.plan.canonical import ObjectError, canonical_bytes, decode_object, digest_of
from handbill.plan.model import Digest, Plan, PlanStruct, Table, Tenant
from handbill.plan.outline import PlanOutline, outline_of_bytes
from handbill.store import dsse
from handbill.store.errors import PackDamaged
from handbill.store.part import OpenPart
from handbill.store.paths import bundle_path, is_digest, outlines_path
from handbill.store.store import Reader
from handbill.store.trust import Trust

PAYLOAD_TYPE = "application/vnd.handbill.outlines+json"
OUTLINES_FORMAT = 1
"""Another number for everything that changes what an outline says."""
PACKS_IN_A_FILE = 128
LEVEL = 3
_MOST_BYTES = 256 * 1024 * 1024
"""Of one file, decompressed; a file is much smaller."""


class PackOutlines(msgspec.Struct, frozen=True, array_like=True):
    """`parts` are the pack's files, its root's first; `begins` as in `PackIndex`."""

    root_bytes: bytes
    parts: tuple[Digest, ...]
    begins: tuple[Digest, ...]
    outlines: tuple[PlanOutline, ...]

    @property
    def root(self) -> Digest:
        return self.parts[0]


class Listing(PlanStruct, frozen=True, kw_only=True):
    """What is signed: the digests of the files."""

    format: int
    environment: str
    files: tuple[Digest, ...]


_listing = msgspec.json.Decoder(Listing)
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[PackOutlines, ...])


class Outliner:
    """Shown every part of a pack, the root's own first; then what it holds is told by `tenant` and
    `outlines`. Raises PackDamaged where that cannot be read."""

    def __init__(self, root: Digest) -> None:
        self._root = root
        self._found: Tenant | None = None
        self._plans: frozenset[Digest] = frozenset()
        self.outlines: list[PlanOutline] = []

    def __call__(self, part: OpenPart) -> None:
        if self._root in part.places:  # once more where the pack had to be read again
            self._found = decoded_as(Tenant, part.object(self._root), self._root)
            self._plans = frozenset(self._found.plans.values())
            self.outlines.clear()
        for digest, data in part.objects():
            if digest in self._plans:
                self.outlines.append(_outlined(data, digest))

    @property
    def tenant(self) -> Tenant:
        assert self._found is not None  # the first part holds the root
        return self._found


Kind = TypeVar("Kind", Tenant, Plan, Table)


def decoded_as(kind: type[Kind], data: bytes, digest: Digest) -> Kind:
    """The object of that kind. Raises PackDamaged."""
    try:
        decoded = decode_object(data)
    except ObjectError as error:
        raise PackDamaged(f"the object {digest} cannot be read: {error}") from error
    if not isinstance(decoded, kind):
        raise PackDamaged(
            f"the object {digest} is a {type(decoded).__name__.lower()} "
            f"where a {kind.__name__.lower()} belongs",
            "publish again",
        )
    return decoded


def encode_outlines(packs: Sequence[PackOutlines]) -> bytes:
    """The bytes of one file."""
    return zstandard.ZstdCompressor(level=LEVEL).compress(_encoder.encode(tuple(packs)))


def sign_listing(
    environment: str, files: Sequence[Digest], keys: Sequence[Ed25519PrivateKey]
) -> bytes:
    listing = Listing(format=OUTLINES_FORMAT, environment=environment, files=tuple(files))
    return dsse.sign(PAYLOAD_TYPE, canonical_bytes(listing), keys)


def named_files(store: Reader, environment: str) -> tuple[Digest, ...]:
    """The files that the listing names, whoever signed it: only to keep them in the store."""
    stored = store.read(outlines_path(environment))
    try:
        if stored is None:
            return ()
        listing = _listing.decode(dsse.unverified(stored.data)[1])
        return tuple(filter(is_digest, listing.files))
    except (ValueError, msgspec.DecodeError):
        return ()


def read_outlines(
    store: Reader, environment: str, trust: Trust, wanted: Collection[Digest]
) -> Mapping[Digest, PackOutlines]:
    """Of the packs `wanted`, as far as the environment's publishers signed outlines of them.

    Whatever is missing, changed, or signed by too few is left out. Raises a StoreError where the
    store does not answer.
    """
    stored = store.read(outlines_path(environment))
    files = _signed_files(stored.data, environment, trust) if stored else ()
    found: dict[Digest, PackOutlines] = {}
    for name, data in zip(files, store.read_many([*map(bundle_path, files)]), strict=True):
        packs = _opened(name, data.data) if data else ()
        found |= {pack.root: pack for pack in packs if pack.root in wanted}
    return found


def _signed_files(envelope: bytes, environment: str, trust: Trust) -> tuple[Digest, ...]:
    quorum = trust.publishers(environment)
    try:
        payload = dsse.verify(envelope, PAYLOAD_TYPE, quorum.keys, quorum.threshold)
        listing = _listing.decode(payload)
    except (ValueError, msgspec.DecodeError):
        return ()
    if (listing.format, listing.environment) != (OUTLINES_FORMAT, environment):
        return ()
    return tuple(filter(is_digest, listing.files))


def _opened(name: Digest, data: bytes) -> tuple[PackOutlines, ...]:
    """Nothing where these are not the bytes that were signed, or not of this version."""
    if digest_of(data) != name:
        return ()
    try:
        if not 0 < zstandard.frame_content_size(data) <= _MOST_BYTES:
            return ()
        packs = _decoder.decode(zstandard.ZstdDecompressor().decompress(data))
    except (zstandard.ZstdError, msgspec.DecodeError, UnicodeError):
        return ()
    return tuple(pack for pack in packs if _is_sound(pack))


def _is_sound(pack: PackOutlines) -> bool:
    named = (*pack.parts, *pack.begins)
    whole = len(pack.parts) == len(pack.begins) + 1 and all(map(is_digest, named))
    return whole and digest_of(pack.root_bytes) == pack.root


def _outlined(data: bytes, digest: Digest) -> PlanOutline:
    try:
        return outline_of_bytes(data, digest)
    except ObjectError as error:
        raise PackDamaged(f"the object {digest} cannot be read: {error}") from error
