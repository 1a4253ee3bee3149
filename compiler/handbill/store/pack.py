"""Packs: a tenant's (or release's, or environment's) objects in few files, every byte accounted for.

A pack is named by its root object's digest. Digests are over each object's uncompressed canonical
bytes, so how objects are packed never changes what they are. A large pack is split near 1 MB at
places that depend on the objects alone: one changed campaign rewrites a part or two, not all.

A part is text lines, then the objects' bytes one after another:

    handbill-pack 1
    parts N          then N digests of further parts (SHA-256 of the whole part), first part only
    objects N        then N lines: digest, space, length in bytes
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from handbill.plan.canonical import ObjectError, decode_object, digest_of
from handbill.plan.model import (
    Channel,
    Digest,
    Environment,
    Object,
    Plan,
    Release,
    Table,
    Tenant,
)
from handbill.store.errors import NotInStore, PackDamaged, TooLarge
from handbill.store.paths import part_path
from handbill.store.store import MAX_FILE_BYTES, Store

PACK_FORMAT = 1
SPLIT_BYTES = 1024 * 1024
MAX_PARTS = 1024
MAX_PACK_BYTES = 512 * 1024 * 1024
MAX_OBJECTS = 100_000

_MAGIC = b"handbill-pack %d\n" % PACK_FORMAT
_COUNT = re.compile(rb"(parts|objects) (0|[1-9][0-9]{0,6})\n")
_PART = re.compile(rb"(sha256:[0-9a-f]{64})\n")
_OBJECT = re.compile(rb"(sha256:[0-9a-f]{64}) ([1-9][0-9]{0,8})\n")


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
    further = [_encode_part((), group, objects) for group in groups[1:]]
    parts = [Part(digest_of(data), data) for data in further]
    names = tuple(part.name for part in parts)
    return (*parts, Part(root, _encode_part(names, groups[0], objects)))


def read_pack(store: Store, root: Digest) -> dict[Digest, bytes]:
    """Every object of the pack, each proved to be what its digest names, and none missing.

    Raises NotInStore, PackDamaged, TooLarge or another StoreError.
    """
    names, objects = _decode_part(root, _fetch(store, root))
    if next(iter(objects), None) != root:
        raise _damaged(root, "it does not begin with its root")
    for name in names:
        data = _fetch(store, name)
        if digest_of(data) != name:
            raise _damaged(name, "its bytes are not the ones it is named for")
        deeper, more = _decode_part(name, data)
        if deeper or objects.keys() & more.keys():
            raise _damaged(root, "its parts overlap")
        objects |= more
        if len(objects) > MAX_OBJECTS or sum(map(len, objects.values())) > MAX_PACK_BYTES:
            raise TooLarge(f"the pack {root} is over the bounds of a pack")
    try:
        links = pack_links(decode_object(objects[root]))
    except ObjectError as error:
        raise _damaged(root, str(error)) from error
    if links != objects.keys() - {root}:
        raise _damaged(root, "an object that its root links to is missing, or one is too many")
    return objects


def write_packs(
    store: Store, packs: Mapping[Digest, Mapping[Digest, bytes]], *, repair: bool = False
) -> int:
    """Stores the packs that are not there yet, durably; returns how many were written.

    A pack counts as there when its root's part has the right length; with `repair` only when it
    reads whole. Further parts are stored before the part that names them.
    """
    further: dict[str, bytes] = {}
    roots: dict[str, bytes] = {}
    for root, objects in packs.items():
        if repair and _reads_whole(store, root):
            continue
        parts = encode_pack(root, objects)
        if not repair and store.size(part_path(root)) == len(parts[-1].data):
            continue
        further |= {
            part_path(part.name): part.data
            for part in parts[:-1]
            if repair or store.size(part_path(part.name)) != len(part.data)
        }
        roots[part_path(root)] = parts[-1].data
    for files in (further, roots):
        if files:
            store.put(files)
    return len(roots)


def _reads_whole(store: Store, root: Digest) -> bool:
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


def _encode_part(
    names: tuple[Digest, ...], group: tuple[Digest, ...], objects: Mapping[Digest, bytes]
) -> bytes:
    lines = [f"parts {len(names)}\n", *(f"{name}\n" for name in names), f"objects {len(group)}\n"]
    lines += (f"{digest} {len(objects[digest])}\n" for digest in group)
    data = b"".join([_MAGIC, "".join(lines).encode(), *(objects[digest] for digest in group)])
    if len(data) > MAX_FILE_BYTES or len(names) > MAX_PARTS:
        raise TooLarge(f"the pack {group[0]} is over the bounds of a pack")
    return data


def _decode_part(name: Digest, data: bytes) -> tuple[tuple[Digest, ...], dict[Digest, bytes]]:
    """The further parts and the objects of one part, in order, each object's digest verified."""
    if not data.startswith(_MAGIC):
        raise _damaged(name, f"it does not begin as a pack of format {PACK_FORMAT} does")
    at, count = _count(name, data, len(_MAGIC), b"parts", MAX_PARTS)
    names = []
    for _ in range(count):
        at, line = _line(name, data, at, _PART)
        names.append(line[1].decode())
    at, count = _count(name, data, at, b"objects", MAX_OBJECTS)
    index = []
    for _ in range(count):
        at, line = _line(name, data, at, _OBJECT)
        index.append((line[1].decode(), int(line[2])))
    objects: dict[Digest, bytes] = {}
    for digest, length in index:
        objects[digest] = data[at : at + length]
        at += length
        if digest_of(objects[digest]) != digest:
            raise _damaged(name, f"object {digest} in it is not what its digest names")
    if at != len(data) or len(objects) != len(index):
        raise _damaged(name, "its length is not the one it states")
    return tuple(names), objects


def _count(name: Digest, data: bytes, at: int, word: bytes, most: int) -> tuple[int, int]:
    at, line = _line(name, data, at, _COUNT)
    if line[1] != word or int(line[2]) > most:
        raise _damaged(name, f"its list of {word.decode()} is malformed")
    return at, int(line[2])


def _line(
    name: Digest, data: bytes, at: int, pattern: re.Pattern[bytes]
) -> tuple[int, re.Match[bytes]]:
    line = pattern.match(data, at)
    if line is None:
        raise _damaged(name, "its list of contents is malformed or cut off")
    return line.end(), line


def _fetch(store: Store, name: Digest) -> bytes:
    stored = store.read(part_path(name))
    if stored is None:
        raise NotInStore(
            f"the pack {name} is missing from the store", "publish again: it is then written anew"
        )
    return stored.data


def _damaged(name: Digest, reason: str) -> PackDamaged:
    return PackDamaged(
        f"the pack {name} is damaged: {reason}", "publish again: it is then written anew"
    )
