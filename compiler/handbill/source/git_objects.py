"""Objects out of one pipelined `git cat-file --batch`, each proved to be the one that was asked for.

A repository may hold entries whose object is missing, or of another type than its mode says. Every
answer is therefore matched with its request by id and read to its end, whatever it is, so that no
object's bytes are ever taken for another's.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import git

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """At most `limit` bytes of it are kept."""

    object_id: str
    kind: Literal["blob", "tree"]
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


def read_objects(command: git.Git, wanted: Sequence[Wanted]) -> Iterator[Answer]:
    """One answer for each of `wanted`, in order."""
    import git

    if not wanted:
        return
    with tempfile.TemporaryFile() as requests:
        requests.write("".join(f"{each.object_id}\n" for each in wanted).encode("ascii"))
        requests.seek(0)
        process = command.cat_file("--batch", "--buffer", istream=requests, as_process=True)
        yield from read_answers(process.stdout, wanted)
        with contextlib.suppress(git.CommandError):
            process.wait()


def read_answers(stream: IO[bytes], wanted: Sequence[Wanted]) -> Iterator[Answer]:
    """The answers in `stream`; from the first that answers something else on, all are None."""
    in_step = True
    for each in wanted:
        header = stream.readline().decode("ascii", "replace").split() if in_step else []
        in_step = bool(header) and header[0] == each.object_id
        if not in_step or len(header) != 3 or not header[2].isdigit():
            yield None
            continue
        kind, size = header[1], int(header[2])
        keep = kind == each.kind and size <= each.limit
        data = _read_to_end(stream, size + 1, keep)
        if kind != each.kind:
            yield OtherKind(kind)
        else:
            yield data[:size] if keep else TooLarge(size)


def _read_to_end(stream: IO[bytes], length: int, keep: bool) -> bytes:
    if keep:
        return stream.read(length)
    while length:
        length -= len(stream.read(min(length, _CHUNK))) or length
    return b""


def entry_names(tree: bytes, id_length: int) -> Iterator[str]:
    """The names in a raw tree object: `MODE NAME<nul>ID`, again and again."""
    start = 0
    while start < len(tree):
        space = tree.index(b" ", start)
        end = tree.index(b"\0", space)
        yield tree[space + 1 : end].decode("utf-8", "surrogateescape")
        start = end + 1 + id_length
