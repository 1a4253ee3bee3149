"""Random damages of a store's files, the same for the same seed.

What disks, networks, careless scripts and thieves leave behind: bits turned, ends missing, blocks
empty, twice there, moved or exchanged, files under each other's names, and files that were sound once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from damage import Damaged

MOST_FLIPS = 8
LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Files:
    """`sound` is the release that is damaged; `old` and `foreign` are whole ones that were signed
    too, but are not it: earlier here, and of another environment."""

    sound: Mapping[str, bytes]
    old: Mapping[str, bytes]
    foreign: Mapping[str, bytes]


Kind = Callable[[random.Random, bytes, Files], bytes]


def random_damages(
    files: Files, paths: tuple[str, ...], count: int, seed: int, kinds: Mapping[str, Kind]
) -> Iterator[Damaged]:
    """`count` damages of these paths, kinds and paths drawn alike."""
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        path, name = chance.choice(paths), chance.choice(sorted(kinds))
        damaged = kinds[name](chance, files.sound[path], files)
        yield Damaged(path, damaged, f"{name}, number {number} of seed {seed}")


def flips(chance: random.Random, data: bytes, files: Files) -> bytes:
    changed = bytearray(data)
    for place in {chance.randrange(len(data)) for _ in range(chance.randint(1, MOST_FLIPS))}:
        changed[place] ^= 1 << chance.randrange(8)
    return bytes(changed)


def end_missing(chance: random.Random, data: bytes, files: Files) -> bytes:
    return data[: chance.randrange(len(data))]


def beginning_missing(chance: random.Random, data: bytes, files: Files) -> bytes:
    return data[chance.randint(1, len(data)) :]


def middle_missing(chance: random.Random, data: bytes, files: Files) -> bytes:
    start, end = _range(chance, data)
    return data[:start] + data[end:]


def middle_empty(chance: random.Random, data: bytes, files: Files) -> bytes:
    start, end = _range(chance, data)
    return data[:start] + bytes(end - start) + data[end:]


def middle_twice(chance: random.Random, data: bytes, files: Files) -> bytes:
    start, end = _range(chance, data)
    return data[:end] + data[start:end] + data[end:]


def middle_moved(chance: random.Random, data: bytes, files: Files) -> bytes:
    start, end = _range(chance, data)
    rest = data[:start] + data[end:]
    place = chance.randint(0, len(rest))
    return rest[:place] + data[start:end] + rest[place:]


def more_at_the_end(chance: random.Random, data: bytes, files: Files) -> bytes:
    start, end = _range(chance, data)
    more = (data, data[start:end], b"\n", bytes(chance.randint(1, 64)), chance.randbytes(16))
    return data + chance.choice(more)


def another_file(chance: random.Random, data: bytes, files: Files) -> bytes:
    """Two files exchanged: each then holds what is sound under another name."""
    return files.sound[chance.choice(sorted(files.sound))]


def an_older_file(chance: random.Random, data: bytes, files: Files) -> bytes:
    return files.old[chance.choice(sorted(files.old))]


def a_foreign_file(chance: random.Random, data: bytes, files: Files) -> bytes:
    return files.foreign[chance.choice(sorted(files.foreign))]


def half_another(chance: random.Random, data: bytes, files: Files) -> bytes:
    """The beginning of this one and the end of another, as after an interrupted copy."""
    other = files.sound[chance.choice(sorted(files.sound))]
    return data[: chance.randint(1, len(data))] + other[chance.randrange(len(other)) :]


def noise(chance: random.Random, data: bytes, files: Files) -> bytes:
    return chance.randbytes(min(len(data), LONGEST))


KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (
        flips, end_missing, beginning_missing, middle_missing, middle_empty, middle_twice,
        middle_moved, more_at_the_end, another_file, an_older_file, a_foreign_file, half_another,
        noise,
    )
}  # fmt: skip


def _range(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.randint(1, LONGEST))
