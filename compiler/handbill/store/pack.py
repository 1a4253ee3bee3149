"""Packs: a tenant's (or release's, or environment's) objects in few files, every byte accounted for.

A pack is named by its root object's digest. Digests are over each object's uncompressed canonical
bytes, so how objects are packed never changes what they are. A large pack is split near 1 MB at
places that depend on the objects alone: one changed campaign rewrites a part or two, not all.
`part.py` says what a part's bytes are; `pack_index.py` reads a pack without holding its objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from handbill.plan.canonical import ObjectError, decode_object, digest_of
from handbill.plan.model import Channel, Digest, Environment, Object, Plan, Release, Table, Tenant
from handbill.store.errors import NotInStore, PackDamaged, TooLarge
from handbill.store.marks import claim
from handbill.store.part import (
    MAX_OBJECTS,
    MAX_PARTS,
    OpenPart,
    compress,
    damaged,
    encode_part,
    part_of,
)
from handbill.store.paths import part_path
from handbill.store.store import MAX_FILE_BYTES, Reader, Store

SPLIT_BYTES = 1024 * 1024
"""Of uncompressed bytes."""
MAX_PACK_BYTES = 512 * 1024 * 1024
_NOT_WHAT_IS_LINKED = "an object that its root links to is missing, or one is too many"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a pack and the digest it is stored under."""

    name: Digest
    data: bytes


def pack_links(root: Object) -> frozenset[Digest]:
    """The digests of the other objects that `root`'s pack must hold."""
    match root:
        case Release():
            return frozenset(root.channels.values())
        case Tenant():
            tables = (dataset.table for dataset in root.datasets.values())
            return frozenset(root.plans.values()) | {table for table in tables if table}
        case Plan() | Table() | Channel() | Environment():
            return frozenset()
        case _:
            assert_never(root)


def encode_pack(root: Digest, objects: Mapping[Digest, bytes]) -> tuple[Part, ...]:
    """The parts of a pack, the root's last: once that one is stored, all are.

    Raises ValueError where `objects` is not the root and exactly what it links to, TooLarge over
    the format's bounds.
    """
    others = sorted(digest for digest in objects if digest != root)
    if frozenset(others) != pack_links(decode_object(objects[root])):
        raise ValueError(f"the pack of {root} does not hold exactly what its root links to")
    if len(objects) > MAX_OBJECTS or sum(map(len, objects.values())) > MAX_PACK_BYTES:
        raise TooLarge(
            f"the pack {root} is over {MAX_OBJECTS} objects or {MAX_PACK_BYTES // 2**20} MiB",
            "give this tenant fewer or smaller campaigns and tables",
        )
    groups = list(_split(root, others, objects))
    further = [_plain(root, (), group, objects) for group in groups[1:]]
    names = tuple(map(digest_of, further))
    first = _plain(root, names, groups[0], objects)
    return tuple(
        Part(name, compress(plain))
        for name, plain in zip((*names, root), (*further, first), strict=True)
    )


def read_pack(store: Reader, root: Digest) -> dict[Digest, bytes]:
    """Every object of the pack, each proved to be what its digest names, and none missing.

    Raises NotInStore, PackDamaged, TooLarge or another StoreError.
    """
    return {
        digest: data
        for part in read_parts(store, root, part_of(root, store.read(part_path(root))))
        for digest, data in part.objects()
    }


def read_packs(
    store: Reader, roots: Sequence[Digest]
) -> Iterator[tuple[Digest, dict[Digest, bytes]]]:
    """As `read_pack` of each root, in this order, with the parts of several on their way at once."""
    for root, first in zip(
        roots, store.read_many([part_path(root) for root in roots]), strict=True
    ):
        parts = read_parts(store, root, part_of(root, first))
        yield root, {digest: data for part in parts for digest, data in part.objects()}


def read_parts(store: Reader, root: Digest, first: OpenPart) -> Iterator[OpenPart]:
    """The pack's parts one at a time, of which `first` is the root's, every object proved.

    Raises, at the latest after the last part, where the pack is not exactly what its root links to.
    """
    if next(iter(first.places), None) != root:
        raise damaged(root, "it does not begin with its root")
    links = _links_of(root, first)
    found = set(first.places)
    size = len(first.plain)
    _refuse_strangers(root, first, links)
    further = store.read_many([part_path(name) for name in first.further])
    yield first
    for name, stored in zip(first.further, further, strict=True):
        part = part_of(name, stored)
        if digest_of(part.plain) != name:
            raise damaged(name, "its bytes are not the ones it is named for")
        if part.further or not found.isdisjoint(part.places):
            raise damaged(root, "its parts overlap")
        _refuse_strangers(root, part, links)
        found |= part.places.keys()
        size += len(part.plain)
        if len(found) > MAX_OBJECTS or size > MAX_PACK_BYTES:
            raise TooLarge(f"the pack {root} is over the bounds of a pack")
        yield part
    if links != found - {root}:
        raise damaged(root, _NOT_WHAT_IS_LINKED)


def _links_of(root: Digest, first: OpenPart) -> frozenset[Digest]:
    try:
        return pack_links(decode_object(first.object(root)))
    except ObjectError as error:
        raise damaged(root, str(error)) from error


def _refuse_strangers(root: Digest, part: OpenPart, links: frozenset[Digest]) -> None:
    """What the root does not link to is found before more is fetched: so nobody who can write a store
    makes a reader fetch more than the pack has."""
    if not part.places.keys() - {root} <= links:
        raise damaged(root, _NOT_WHAT_IS_LINKED)


def write_packs(
    store: Store, packs: Mapping[Digest, Mapping[Digest, bytes]], *, repair: bool = False
) -> int:
    """Stores the packs that are not there yet, durably; returns how many were written.

    A pack counts as there when its root's part has the right length; with `repair` only when it
    reads whole. Further parts are stored before the part that names them.
    """
    encoded = {
        root: encode_pack(root, objects)
        for root, objects in packs.items()
        if not (repair and _reads_whole(store, root))
    }
    claim(store, {part_path(part.name) for parts in encoded.values() for part in parts})
    whole = set() if repair else _of_right_length(store, [parts[-1] for parts in encoded.values()])
    written = [parts for root, parts in encoded.items() if root not in whole]
    further = [part for parts in written for part in parts[:-1]]
    there = set() if repair else _of_right_length(store, further)
    for parts in ([p for p in further if p.name not in there], [parts[-1] for parts in written]):
        if parts:
            store.put({part_path(part.name): part.data for part in parts})
    return len(written)


def _of_right_length(store: Store, parts: Sequence[Part]) -> set[Digest]:
    """Those that are stored already, as far as their length says."""
    sizes = store.sizes([part_path(part.name) for part in parts])
    return {part.name for part, size in zip(parts, sizes, strict=True) if size == len(part.data)}


def _reads_whole(store: Reader, root: Digest) -> bool:
    try:
        read_pack(store, root)
    except (NotInStore, PackDamaged, TooLarge):
        return False
    return True


def _split(
    root: Digest, others: Iterable[Digest], objects: Mapping[Digest, bytes]
) -> Iterator[tuple[Digest, ...]]:
    """Groups of digests. A group also ends, past half its size, at a digest that ends in 0: so the
    groups after a change fall where they fell before."""
    group, size = [root], len(objects[root])
    for digest in others:
        length = len(objects[digest])
        if size + length > SPLIT_BYTES:
            yield tuple(group)
            group, size = [], 0
        group.append(digest)
        size += length
        if size > SPLIT_BYTES // 2 and digest.endswith("0"):
            yield tuple(group)
            group, size = [], 0
    if group:
        yield tuple(group)


def _plain(
    root: Digest,
    names: tuple[Digest, ...],
    group: tuple[Digest, ...],
    objects: Mapping[Digest, bytes],
) -> bytes:
    plain = encode_part(names, {digest: objects[digest] for digest in group})
    if len(plain) > MAX_FILE_BYTES or len(names) > MAX_PARTS:
        raise TooLarge(f"the pack {root} is over the bounds of a pack")
    return plain
