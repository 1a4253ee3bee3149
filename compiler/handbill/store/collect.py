"""Garbage collection: files that nobody names any more are marked, and removed by a later collection.

What a pointer, the history's window, a rollout, a receipt or any other file of an environment names
is kept whole (`reachable.py`); attestations and the history itself are never removed. What is younger
than the grace is left alone, for a publisher may be about to name it; `marks.py` says how a publisher
and a collection at work at the same time keep out of each other's way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from handbill.store.assets import FOLDER as ASSETS
from handbill.store.errors import CollectionBusy
from handbill.store.instant import parse_utc, utc_text
from handbill.store.marks import Marks, StoredMarks, read_marks, swap_marks
from handbill.store.reachable import reachable
from handbill.store.references import HistoryWindow
from handbill.store.store import Store

REMOVING = timedelta(minutes=5)
"""For so long a collection may remove what it said it removes; then it says so anew."""
_FOLDERS = ("packs", ASSETS, "bundles")
_TOGETHER = 1000


@dataclass(frozen=True, slots=True)
class Keep:
    """What is kept although nothing runs it now.

    `pictures`: since when a picture is in the store, at least; mails that were sent still show it.
    `grace`: longer than a publisher takes from its first look at the store to its pointer's move.
    """

    history: HistoryWindow
    pictures: timedelta
    grace: timedelta


@dataclass(frozen=True, slots=True)
class Garbage:
    path: str
    size: int
    marked: str | None
    """Since when, as a UTC instant; None where it is found for the first time."""


@dataclass(frozen=True, slots=True)
class Findings:
    """`garbage` is what nobody names, sorted by path; `young` how many files were too young to ask."""

    garbage: tuple[Garbage, ...]
    kept: int
    young: int

    def due(self, now: datetime, grace: timedelta) -> tuple[Garbage, ...]:
        """What was marked long enough ago to be removed."""
        return tuple(
            each
            for each in self.garbage
            if each.marked is not None and parse_utc(each.marked) <= now - grace
        )


@dataclass(frozen=True, slots=True)
class Collection:
    """`marked` are found for the first time, `waiting` were marked before and are not due yet."""

    removed: tuple[Garbage, ...]
    marked: tuple[Garbage, ...]
    waiting: tuple[Garbage, ...]
    kept: int


def find_garbage(store: Store, keep: Keep, now: datetime) -> Findings:
    """Changes nothing. Raises CollectionRefused where it cannot be known what is needed."""
    return _findings(store, keep, now, read_marks(store).marks)


def collect(
    store: Store, keep: Keep, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Collection:
    """Removes what is due and marks what is new. Raises a StoreError; then what is not removed yet is
    removed by the next collection."""
    removed = _remove_due(store, keep, clock)
    while True:
        before = read_marks(store)
        now = clock()
        found = _findings(store, keep, now, before.marks)
        since = {each.path: each.marked or utc_text(now) for each in found.garbage}
        wanted = msgspec.structs.replace(before.marks, marked=since)
        if wanted == before.marks or swap_marks(store, before, wanted):
            break
    return Collection(
        removed,
        tuple(each for each in found.garbage if each.marked is None),
        tuple(each for each in found.garbage if each.marked is not None),
        found.kept,
    )


def _remove_due(store: Store, keep: Keep, clock: Callable[[], datetime]) -> tuple[Garbage, ...]:
    due = _findings(store, keep, clock(), read_marks(store).marks).due(clock(), keep.grace)
    removed: list[Garbage] = []
    for at in range(0, len(due), _TOGETHER):
        removed += _remove(store, keep, due[at : at + _TOGETHER], clock)
    return tuple(removed)


def _remove(
    store: Store, keep: Keep, due: Sequence[Garbage], clock: Callable[[], datetime]
) -> list[Garbage]:
    """Says that these go, looks once more whether they may, and removes them in the time it said."""
    before = _announced(store, due, clock)
    try:
        now = clock()
        still = {each.path for each in _findings(store, keep, now, before.marks).garbage}
        going = [each for each in due if each.path in still and each.path in before.marks.removing]
        if clock() < parse_utc(before.marks.until):
            store.remove([each.path for each in going])
            return going
        return []
    finally:
        _finished(store, before)


def _announced(store: Store, due: Iterable[Garbage], clock: Callable[[], datetime]) -> StoredMarks:
    """The marks after they say that what is due, and is still marked, is being removed."""
    while True:
        before = read_marks(store)
        if before.marks.is_removing(clock()):
            raise CollectionBusy(
                "another garbage collection is removing at this moment",
                "try again in a few minutes",
            )
        going = tuple(each.path for each in due if each.path in before.marks.marked)
        marked = {p: since for p, since in before.marks.marked.items() if p not in set(going)}
        until = utc_text(clock() + REMOVING)
        if swap_marks(store, before, Marks(marked=marked, removing=going, until=until)):
            return read_marks(store)


def _finished(store: Store, announced: StoredMarks) -> None:
    while True:
        before = read_marks(store)
        if before.marks.removing != announced.marks.removing:
            return
        if swap_marks(store, before, Marks(marked=before.marks.marked)):
            return


def _findings(store: Store, keep: Keep, now: datetime, marks: Marks) -> Findings:
    """The files are listed first: what is named later was there, or is young."""
    listed = {folder: store.listed(folder) for folder in _FOLDERS}
    needed = reachable(store, keep.history, now, [each.name for each in listed["packs"]])
    garbage: list[Garbage] = []
    kept = young = 0
    for folder, files in listed.items():
        age = max(keep.grace, keep.pictures) if folder == ASSETS else keep.grace
        for each in files:
            path = f"{folder}/{each.name}"
            if path in needed:
                kept += 1
            elif each.modified > now - age:
                young += 1
            else:
                garbage.append(Garbage(path, each.size, marks.marked.get(path)))
    return Findings(tuple(garbage), kept, young)
