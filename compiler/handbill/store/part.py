"""The bytes of one file of a pack: its objects and where each lies, compressed.

Plain, a part is text lines and then the objects' bytes one after another:

    handbill-pack 1
    parts N          then N digests of further parts (SHA-256 of the whole plain part), first part only
    objects N        then N lines: digest, space, length in bytes

Stored, it is one line and a zstd frame (RFC 8878) of the plain part; a plain part is read as well:

    handbill-pack 2 LENGTH DIGEST      of the plain part, in bytes; of the frame, in hexadecimal digits

So a part is called the same however it was compressed, and no byte of a file can change unnoticed. The
length is believed only within bounds, before anything is decompressed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import zstandard

from handbill.plan.canonical import digest_of
from handbill.plan.model import Digest
from handbill.store.errors import NotInStore, PackDamaged
from handbill.store.store import MAX_FILE_BYTES, Stored

PACK_FORMAT = 2
MAX_PARTS = 1024
MAX_OBJECTS = 100_000
LEVEL = 3

_PLAIN = b"handbill-pack 1\n"
_STORED = re.compile(rb"handbill-pack 2 ([1-9][0-9]{0,8}) ([0-9a-f]{64})\n")
_COUNT = re.compile(rb"(parts|objects) (0|[1-9][0-9]{0,6})\n")
_PART = re.compile(rb"(sha256:[0-9a-f]{64})\n")
_OBJECT = re.compile(rb"(sha256:[0-9a-f]{64}) ([1-9][0-9]{0,8})\n")


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A part whose every object was proved to be what its digest names."""

    plain: bytes
    further: tuple[Digest, ...]
    places: Mapping[Digest, tuple[int, int]]
    """Digest → where the object begins in `plain`, and where it ends; in the part's order."""

    def object(self, digest: Digest) -> bytes:
        begin, end = self.places[digest]
        return self.plain[begin:end]

    def objects(self) -> Iterator[tuple[Digest, bytes]]:
        return ((digest, self.plain[begin:end]) for digest, (begin, end) in self.places.items())


def encode_part(further: tuple[Digest, ...], objects: Mapping[Digest, bytes]) -> bytes:
    """The plain part."""
    lines = [f"parts {len(further)}\n", *(f"{name}\n" for name in further)]
    lines.append(f"objects {len(objects)}\n")
    lines += (f"{digest} {len(data)}\n" for digest, data in objects.items())
    return b"".join([_PLAIN, "".join(lines).encode(), *objects.values()])


def compress(plain: bytes) -> bytes:
    """The part as it is stored."""
    frame = zstandard.ZstdCompressor(level=LEVEL).compress(plain)
    line = f"handbill-pack {PACK_FORMAT} {len(plain)} {hashlib.sha256(frame).hexdigest()}\n"
    return line.encode() + frame


def part_of(name: Digest, stored: Stored | None) -> OpenPart:
    """The part that was read under `name`. Raises NotInStore or PackDamaged."""
    if stored is None:
        raise NotInStore(
            f"the pack {name} is missing from the store", "publish again: it is then written anew"
        )
    return open_part(name, stored.data)


def open_part(name: Digest, data: bytes) -> OpenPart:
    """The part, of either format. Whether it is the one that belongs under `name` is the reader's to
    ask. Raises PackDamaged."""
    plain = _decompress(name, data)
    at, count = _count(name, plain, len(_PLAIN), b"parts", MAX_PARTS)
    further = []
    for _ in range(count):
        at, line = _line(name, plain, at, _PART)
        further.append(line[1].decode())
    at, count = _count(name, plain, at, b"objects", MAX_OBJECTS)
    listed = []
    for _ in range(count):
        at, line = _line(name, plain, at, _OBJECT)
        listed.append((line[1].decode(), int(line[2])))
    places: dict[Digest, tuple[int, int]] = {}
    for digest, length in listed:
        places[digest] = (at, at + length)
        if digest_of(plain[at : at + length]) != digest:
            raise damaged(name, f"object {digest} in it is not what its digest names")
        at += length
    if at != len(plain) or len(places) != len(listed):
        raise damaged(name, "its length is not the one it states")
    return OpenPart(plain, tuple(further), places)


def damaged(name: Digest, reason: str) -> PackDamaged:
    return PackDamaged(
        f"the pack {name} is damaged: {reason}", "publish again: it is then written anew"
    )


def _decompress(name: Digest, data: bytes) -> bytes:
    """The plain part, never longer than the file says and than a file may be."""
    if data.startswith(_PLAIN):
        return data
    line = _STORED.match(data)
    if line is None:
        raise damaged(name, f"it does not begin as a pack of format 1 or {PACK_FORMAT} does")
    length, frame = int(line[1]), data[line.end() :]
    if length > MAX_FILE_BYTES:
        raise damaged(name, f"it states {length} bytes, more than a part can have")
    if hashlib.sha256(frame).hexdigest().encode() != line[2]:
        raise damaged(name, "its bytes are not those that were written")
    try:
        if zstandard.frame_content_size(frame) != length:
            raise damaged(name, "its length is not the one it states")
        # The frame's own statement is what zstandard makes room for, and no byte more is written.
        plain = zstandard.ZstdDecompressor().decompress(frame, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise damaged(name, f"it cannot be decompressed: {error}") from error
    if not plain.startswith(_PLAIN):
        raise damaged(name, "what it holds is no part")
    return plain


def _count(name: Digest, data: bytes, at: int, word: bytes, most: int) -> tuple[int, int]:
    at, line = _line(name, data, at, _COUNT)
    if line[1] != word or int(line[2]) > most:
        raise damaged(name, f"its list of {word.decode()} is malformed")
    return at, int(line[2])


def _line(
    name: Digest, data: bytes, at: int, pattern: re.Pattern[bytes]
) -> tuple[int, re.Match[bytes]]:
    line = pattern.match(data, at)
    if line is None:
        raise damaged(name, "its list of contents is malformed or cut off")
    return line.end(), line
