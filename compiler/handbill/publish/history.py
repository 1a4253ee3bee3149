"""The history of an environment: every pointer that was ever prepared, newest first.

Each entry is the signed pointer itself, so the history is as trustworthy as the signatures. An entry
that is not on the chain from the active pointer back was never active: its publisher lost a race or
was cut off between writing the entry and swapping the pointer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from handbill.plan.pointer import Pointer
from handbill.publish.advance import Standing, history_sequences, read_standing
from handbill.publish.publisher import Publisher
from handbill.store.errors import NotInStore, StoreError
from handbill.store.paths import MAX_SEQUENCE, history_path
from handbill.store.pointer import verify_pointer
from handbill.store.store import Store
from handbill.store.trust import Trust


class Place(StrEnum):
    """`UNKNOWN` is older than an entry that cannot be read, which breaks the chain."""

    ACTIVE = "active"
    PAST = "past"
    NEVER = "never active"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """`pointer` is None where the entry cannot be believed; `problem` then says why."""

    sequence: int
    place: Place
    pointer: Pointer | None = None
    problem: StoreError | None = None


@dataclass(frozen=True, slots=True)
class History:
    standing: Standing
    entries: tuple[HistoryEntry, ...]
    """Newest first."""


def read_history(store: Store, environment: str, trust: Trust, limit: int | None = None) -> History:
    """The newest `limit` entries. Raises a StoreError where the pointer itself is not trusted."""
    standing = read_standing(store, environment, trust)
    on_chain = standing.pointer.sequence if standing.pointer else None
    entries: list[HistoryEntry] = []
    for sequence in sorted(history_sequences(store, environment), reverse=True)[:limit]:
        try:
            pointer = read_entry(store, environment, sequence, trust)
        except StoreError as error:
            entries.append(HistoryEntry(sequence, Place.UNKNOWN, problem=error))
            on_chain = None if sequence == on_chain else on_chain
            continue
        place = _place(sequence, on_chain, standing)
        entries.append(HistoryEntry(sequence, place, pointer))
        if sequence == on_chain:
            on_chain = pointer.replaces
    return History(standing, tuple(entries))


def read_entry(store: Store, environment: str, sequence: int, trust: Trust) -> Pointer:
    """The pointer of one entry, verified. Raises a StoreError."""
    known = 1 <= sequence <= MAX_SEQUENCE
    stored = store.read(history_path(environment, sequence)) if known else None
    if stored is None:
        raise NotInStore(
            f"number {sequence} is not in the history of `{environment}`",
            f"`handbill history --env {environment}` lists what is",
        )
    pointer = verify_pointer(stored.data, environment, trust)
    if pointer.sequence != sequence:
        raise NotInStore(f"number {sequence} in the history is really number {pointer.sequence}")
    return pointer


def original(publisher: Publisher, sequence: int) -> Pointer:
    """The pointer of one entry; of a rollback or a stop, what that restored. Raises a StoreError."""
    pointer = read_entry(publisher.store, publisher.environment, sequence, publisher.trust)
    while pointer.restores:
        pointer = read_entry(
            publisher.store, publisher.environment, pointer.restores, publisher.trust
        )
    return pointer


def _place(sequence: int, on_chain: int | None, standing: Standing) -> Place:
    active = standing.pointer
    if active is not None and sequence == active.sequence:
        return Place.ACTIVE
    if on_chain is None:
        return Place.UNKNOWN
    return Place.PAST if sequence == on_chain else Place.NEVER
