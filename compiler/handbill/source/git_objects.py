"""Objects as `git cat-file --batch` answers them, each proved to be the one that was asked for.

A repository may hold entries whose object is missing, or of another type than its mode says. Every
answer is therefore matched with its request by id and read to its end, whatever it is, so that no
object's bytes are ever taken for another's.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Literal

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """At most `limit` bytes of it are kept."""

    object_id: str
    kind: Literal["blob", "tree", "commit"]
    limit: int


@dataclass(frozen=True, slots=True)
class TooLarge:
    size: int


@dataclass(frozen=True, slots=True)
class OtherKind:
    """The object exists, but is a `kind`."""

    kind: str


Answer = bytes | TooLarge | OtherKind | None
"""None: the object is not in this repository."""


def answers_in_step(stream: IO[bytes], wanted: Sequence[Wanted]) -> Iterator[Answer]:
    """The answers in `stream`, in order, up to its end or the first that answers something else."""
    for each in wanted:
        header = stream.readline().decode("ascii", "replace").split()
        if not header or header[0] != each.object_id:
            return
        if len(header) != 3 or not header[2].isdigit():
            yield None
            continue
        kind, size = header[1], int(header[2])
        keep = kind == each.kind and size <= each.limit
        data = _read_to_end(stream, size + 1, keep)
        if data is None:
            return
        if kind != each.kind:
            yield OtherKind(kind)
        else:
            yield data[:size] if keep else TooLarge(size)


def _read_to_end(stream: IO[bytes], length: int, keep: bool) -> bytes | None:
    """None where the stream ends before."""
    if keep:
        data = stream.read(length)
        return data if len(data) == length else None
    while length:
        got = len(stream.read(min(length, _CHUNK)))
        if not got:
            return None
        length -= got
    return b""


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """`mode` is one of those that git knows: 100644, 100755, 120000, 040000 or 160000."""

    mode: str
    name: str
    object_id: str

    @property
    def is_tree(self) -> bool:
        return self.mode == "040000"


def tree_entries(tree: bytes, id_length: int) -> Iterator[TreeEntry]:
    """The entries of a raw tree object: `MODE NAME<nul>ID`, again and again. Raises ValueError where
    it is none."""
    start = 0
    while start < len(tree):
        space = tree.index(b" ", start)
        end = tree.index(b"\0", space)
        after = end + 1 + id_length
        if after > len(tree):
            raise ValueError("the tree is cut off")
        name = tree[space + 1 : end].decode("utf-8", "surrogateescape")
        yield TreeEntry(_mode(int(tree[start:space], 8)), name, tree[end + 1 : after].hex())
        start = after


def _mode(written: int) -> str:
    """What git takes a mode for: everything unknown is a submodule."""
    if stat.S_ISREG(written):
        return "100755" if written & 0o100 else "100644"
    if stat.S_ISLNK(written):
        return "120000"
    return "040000" if stat.S_ISDIR(written) else "160000"
