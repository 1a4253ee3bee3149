"""Which releases the files of an environment name: read without believing any of them.

To keep too much does no harm, so no signature is asked for, and every digest in a pointer, a receipt
or any other file of an environment counts, whatever it stands for. Only the history has a window. What
cannot be read could name anything: then nothing is removed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from handbill.plan.model import Digest
from handbill.plan.pointer import Pointer
from handbill.store.errors import CollectionRefused
from handbill.store.instant import parse_utc
from handbill.store.paths import (
    environment_folder,
    history_folder,
    history_path,
    pointer_path,
    receipts_folder,
    sequence_of,
)
from handbill.store.store import Store

_DIGEST = re.compile(rb"sha256:[0-9a-f]{64}")
_SEQUENCE = re.compile(rb'"sequence":([1-9][0-9]{0,9})[,}]')
_APART = ("history", "cold-start")


@dataclass(frozen=True, slots=True)
class HistoryWindow:
    """What of a history can still be returned to: what was active at some time since `age` ago, and the
    last `entries` whatever their age."""

    age: timedelta
    entries: int


class _Signed(msgspec.Struct):
    payload: str


_signed = msgspec.json.Decoder(_Signed)
_pointer = msgspec.json.Decoder(Pointer)


def named_in(store: Store, environment: str, window: HistoryWindow, now: datetime) -> set[Digest]:
    """Every digest that the environment still names. Raises CollectionRefused where it is not known."""
    named: set[Digest] = set()
    sequences: set[int] = set()
    for path, data in _files(store, environment):
        payload = payload_of(data)
        found = _digests(data) | _digests(payload)
        if path == pointer_path(environment) and not found:
            raise _unreadable(path)
        named |= found
        if path.startswith(receipts_folder(environment)):
            sequences |= {int(number) for number in _SEQUENCE.findall(data + b"\n" + payload)}
    return named | _history(store, environment, window, now, sequences)


def payload_of(data: bytes) -> bytes:
    """What a DSSE envelope holds, as it stands; nothing where `data` is none."""
    try:
        return base64.b64decode(_signed.decode(data).payload.replace("-", "+").replace("_", "/"))
    except (msgspec.DecodeError, binascii.Error, ValueError, RecursionError):
        return b""


def _files(store: Store, environment: str) -> Iterator[tuple[str, bytes]]:
    """All of an environment but its history and its bundles."""
    top = environment_folder(environment)
    folders = [top, *(f"{top}/{name}" for name in store.folders(top) if name not in _APART)]
    paths = [f"{folder}/{each.name}" for folder in folders for each in store.listed(folder)]
    for path, stored in zip(paths, store.read_many(paths), strict=True):
        if stored is not None:
            yield path, stored.data


def _history(
    store: Store, environment: str, window: HistoryWindow, now: datetime, sequences: set[int]
) -> set[Digest]:
    """What the entries in the window name, and those that receipts stand at.

    Newest first: entry by entry until what was active at the window's beginning.
    """
    named: set[Digest] = set()
    names = store.names(history_folder(environment))
    numbers = sorted((number for name in names if (number := sequence_of(name))), reverse=True)
    on_chain, closed = numbers[0] if numbers else 0, False
    for at, number in enumerate(numbers):
        if closed and at >= window.entries and number not in sequences:
            continue
        path = history_path(environment, number)
        stored = store.read(path)
        payload = payload_of(stored.data) if stored else b""
        pointer = _decoded(path, payload)
        named |= _digests(payload)
        if number == on_chain or number < on_chain:
            on_chain = pointer.replaces
            closed = closed or parse_utc(pointer.issued) < now - window.age
    return named


def _decoded(path: str, payload: bytes) -> Pointer:
    try:
        pointer = _pointer.decode(payload)
        parse_utc(pointer.issued)
    except (msgspec.DecodeError, ValueError) as error:
        raise _unreadable(path) from error
    return pointer


def _digests(data: bytes) -> set[Digest]:
    return {found.decode() for found in _DIGEST.findall(data)}


def _unreadable(path: str) -> CollectionRefused:
    return CollectionRefused(
        f"`{path}` in the store cannot be read, so nobody knows which release it names",
        "publish again, which writes a damaged pointer anew; move a damaged entry out of the store",
    )
