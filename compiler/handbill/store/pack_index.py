"""A pack proved whole without holding its objects: what a runtime keeps of each of a thousand tenants.

An index is the root's bytes and, of each part, where its digests begin: a few hundred bytes however
many campaigns there are. An object is read later, one part at a time, and proved again. Parts hold
their objects in the order of their digests, so nothing else is needed to find one.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from handbill.plan.model import Digest
from handbill.store.pack import read_parts
from handbill.store.part import OpenPart, damaged, part_of
from handbill.store.paths import part_path
from handbill.store.store import Reader, Store, Stored

_TOGETHER = 32


@dataclass(frozen=True, slots=True)
class PackIndex:
    """`parts` are the names of the pack's files, the root's own first; `begins` is the least digest
    of each further part."""

    root: Digest
    root_bytes: bytes
    parts: tuple[Digest, ...]
    begins: tuple[Digest, ...]

    def part_of(self, digest: Digest) -> Digest:
        """The part that holds an object of this pack."""
        if digest == self.root:
            return self.root
        return self.parts[bisect.bisect_right(self.begins, digest)]


def index_pack(
    store: Reader, root: Digest, look: Callable[[OpenPart], None] | None = None
) -> PackIndex:
    """Reads the pack and proves it as `read_pack` does, one part in memory at a time. `look` sees each
    part, the root's own first, every object of it proved."""
    first = part_of(root, store.read(part_path(root)))
    return _index(store, root, first, look)


def index_packs(
    store: Reader,
    roots: Sequence[Digest],
    look: Callable[[Digest], Callable[[OpenPart], None]] | None = None,
) -> Iterator[PackIndex]:
    """As `index_pack` of each root, in this order, with several parts on their way at once; `look`
    says for a root what is shown the parts of it."""
    paths = [part_path(root) for root in roots]
    for root, stored in zip(roots, store.read_many(paths), strict=True):
        yield _index(store, root, part_of(root, stored), look(root) if look else None)


def copy_packs(source: Reader, target: Store, roots: Sequence[Digest]) -> Iterator[PackIndex]:
    """As `index_packs`, and every file of a pack that was proved is kept in `target`, durably, as it
    was stored. An index is handed out once its pack is there."""
    for at in range(0, len(roots), _TOGETHER):
        batch = Recording(source)
        indexes = list(index_packs(batch, roots[at : at + _TOGETHER]))
        firsts = {part_path(index.root) for index in indexes}
        further = {path: data for path, data in batch.read_so_far.items() if path not in firsts}
        if further:
            target.put(further)
        target.put({path: batch.read_so_far[path] for path in sorted(firsts)})
        yield from indexes


class Recording:
    """What of a store was read."""

    def __init__(self, store: Reader) -> None:
        self._store = store
        self.read_so_far: dict[str, bytes] = {}

    def read(self, path: str) -> Stored | None:
        return next(self.read_many((path,)))

    def read_many(self, paths: Sequence[str]) -> Iterator[Stored | None]:
        for path, stored in zip(paths, self._store.read_many(paths), strict=True):
            if stored is not None:
                self.read_so_far[path] = stored.data
            yield stored

    def take(self, path: str) -> bytes:
        """What was read of a file, which is then forgotten."""
        return self.read_so_far.pop(path)


def read_object(store: Reader, index: PackIndex, digest: Digest) -> bytes:
    """One object's bytes, proved. Raises NotInStore or PackDamaged."""
    return read_objects(store, index, (digest,))[0]


def read_objects(store: Reader, index: PackIndex, digests: Sequence[Digest]) -> tuple[bytes, ...]:
    """Several objects' bytes, each proved; a part that holds more than one is read once."""
    parts: dict[Digest, OpenPart] = {}
    for name in {index.part_of(digest) for digest in digests}:
        parts[name] = part_of(name, store.read(part_path(name)))
    return tuple(_object(parts[index.part_of(digest)], digest, index) for digest in digests)


def _object(part: OpenPart, digest: Digest, index: PackIndex) -> bytes:
    if digest not in part.places:
        raise damaged(index.root, f"object {digest} is not in it any more")
    return part.object(digest)


def _index(
    store: Reader, root: Digest, first: OpenPart, look: Callable[[OpenPart], None] | None = None
) -> PackIndex:
    begins: list[Digest] = []
    last = ""
    for part in read_parts(store, root, first):
        digests = [digest for digest in part.places if digest != root]
        if digests != sorted(digests) or (digests and digests[0] < last):
            raise damaged(root, "its objects are not in order")
        last = digests[-1] if digests else last
        if part is not first:
            begins.append(digests[0] if digests else last)
        if look is not None:
            look(part)
    return PackIndex(root, first.object(root), (root, *first.further), tuple(begins))
