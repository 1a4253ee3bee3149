"""What garbage collection is about to remove, and how a publisher says that it is needed after all.

A file is marked first and removed by a later collection, at the earliest when the grace has passed. To
remove, a collection swaps the marks to say which files go now; to rely on a file that is there already,
a publisher swaps its mark away, before it looks whether the file is there. One of the two swaps comes
first: so nothing is removed on which somebody relies, although neither waits for the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from handbill.plan.canonical import canonical_bytes
from handbill.plan.model import PlanStruct
from handbill.store.errors import CollectionBusy, CollectionRefused
from handbill.store.instant import parse_utc
from handbill.store.paths import MARKS
from handbill.store.store import Store

_FORMAT = 1
_ATTEMPTS = 20
_SKEW = timedelta(minutes=15)
_LONG_AGO = "1970-01-01T00:00:00Z"


class Marks(PlanStruct, frozen=True, kw_only=True):
    """`marked` is path → since when, `removing` what is removed until `until`: instants in UTC."""

    format: int = _FORMAT
    marked: Mapping[str, str] = {}
    removing: tuple[str, ...] = ()
    until: str = ""

    def is_removing(self, now: datetime, skew: timedelta = timedelta(0)) -> bool:
        """`skew`: how far the clock that wrote `until` may be behind ours."""
        return bool(self.removing) and now - skew < parse_utc(self.until or _LONG_AGO)


def _is_removing(marks: Marks) -> bool:
    return marks.is_removing(datetime.now(UTC), _SKEW)


@dataclass(frozen=True, slots=True)
class StoredMarks:
    marks: Marks
    version: str | None


_decoder = msgspec.json.Decoder(Marks)


def read_marks(store: Store) -> StoredMarks:
    stored = store.read(MARKS)
    if stored is None:
        return StoredMarks(Marks(), None)
    try:
        marks = _decoder.decode(stored.data)
        if marks.format != _FORMAT:
            raise ValueError(f"its format is {marks.format}")
        for instant in (marks.until or _LONG_AGO, *marks.marked.values()):
            parse_utc(instant)
    except (ValueError, msgspec.DecodeError) as error:
        raise CollectionRefused(
            f"`{MARKS}` in the store cannot be read: {error}",
            "see that no collection runs, then remove that file: what is garbage is marked anew",
        ) from error
    return StoredMarks(marks, stored.version)


def swap_marks(store: Store, before: StoredMarks, marks: Marks) -> bool:
    """False where somebody else was faster."""
    return store.swap(MARKS, before.version, canonical_bytes(marks))


def claim(store: Store, paths: Collection[str]) -> None:
    """From now on, and for the length of the grace, no collection removes any of `paths`.

    Asked before a publisher looks whether they are there. Raises CollectionBusy where one of them is
    being removed at this moment.
    """
    wanted = set(paths)
    for _ in range(_ATTEMPTS):
        found = read_marks(store)
        if wanted.intersection(found.marks.removing) and _is_removing(found.marks):
            raise CollectionBusy(
                "a garbage collection is removing at this moment what is to be published",
                "publish again in a few minutes",
            )
        kept = {path: since for path, since in found.marks.marked.items() if path not in wanted}
        if len(kept) == len(found.marks.marked):
            return
        if swap_marks(store, found, msgspec.structs.replace(found.marks, marked=kept)):
            return
    raise CollectionBusy(
        "the marks of garbage collection keep changing", "see who else publishes, then try again"
    )
