"""A harness that shows damaged files to a follower and tells which of them it activated.

What it changes is whatever the follower itself read when it activated the sound release, so a new
kind of file is damaged too, without anybody listing it. A damage that changes nothing is counted
apart, and one that the follower never looked at is an error of the harness.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from held_store import HeldStore, files_of
from market import ENVIRONMENT, NOON, Clock, Market

from handbill.store.paths import pointer_path
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.follow.follower import Follower

POINTER = pointer_path(ENVIRONMENT)
NO_WORD = "no refusal"
"""As for a pointer that is the active one: nothing is wrong, and nothing is activated."""


class HarnessBroken(AssertionError):
    """The harness did not do what it says: its verdict means nothing."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """`data` instead of what `path` holds; `what` was done, in words."""

    path: str
    data: bytes
    what: str


@dataclass
class Verdict:
    """`activated` must stay empty, and does in a sound follower."""

    refused: int = 0
    ineffective: int = 0
    activated: list[Damaged] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)

    def with_(self, other: Verdict) -> Verdict:
        return Verdict(
            self.refused + other.refused,
            self.ineffective + other.ineffective,
            [*self.activated, *other.activated],
            self.codes + other.codes,
        )

    def refuse_ineffective(self, at_most: float = 0.05) -> None:
        """HarnessBroken where more than this share of the damages changed nothing."""
        tried = self.refused + len(self.activated) + self.ineffective
        if not tried or self.ineffective > at_most * tried:
            raise HarnessBroken(f"{self.ineffective} of {tried} damages changed nothing")


@dataclass
class Shown:
    """A store with two releases, and what followers need of it."""

    market: Market
    clock: Clock
    first: dict[str, bytes]
    """The store with the first release only."""
    sound: dict[str, bytes]
    read: tuple[str, ...]
    """What a runtime that has nothing reads to activate the second release, the pointer first."""
    read_anew: frozenset[str]
    """The same for one that has the first release active."""
    newest: ActiveRelease
    """The second release, as a runtime that read it sound has it."""

    def judge(self, damages: Iterable[Damaged], *, cold: bool = False) -> Verdict:
        """Shows one damage at a time, each in an otherwise sound store: to a follower that has the
        first release active, or, `cold` and where that one has no need of the file, to one that has
        nothing. Damages of one file that follow each other are shown to one follower, which may keep
        what else was sound.

        The first damage that is activated ends it. Otherwise each follower is shown the sound store
        at last: HarnessBroken where it does not activate that.
        """
        verdict = Verdict()
        for path, each in groupby(damages, key=lambda damaged: damaged.path):
            self._judge(path, each, cold or path not in self.read_anew, verdict)
            if verdict.activated:
                break
        return verdict

    def _judge(self, path: str, damages: Iterable[Damaged], cold: bool, verdict: Verdict) -> None:
        store = HeldStore(dict(self.sound if cold else self.first))
        follower = self._fresh(store)
        if not cold:
            follower.start()
            store.files = dict(self.sound)
        for damaged in damages:
            if damaged.data == self.sound[path]:
                verdict.ineffective += 1
                continue
            code = self._refusal(damaged, store, self._fresh(store) if cold else follower)
            if code is None:
                verdict.activated.append(damaged)
                return
            verdict.refused += 1
            verdict.codes[code] += 1
        self._control(follower)

    def _refusal(self, damaged: Damaged, store: HeldStore, follower: Follower) -> str | None:
        """The code under which it was refused; None where it is active."""
        before = follower.active
        store.files[damaged.path] = damaged.data
        store.reads.clear()
        self._turn_clock()
        try:
            follower.refresh()
        finally:
            store.files[damaged.path] = self.sound[damaged.path]
        if not store.reads[damaged.path]:
            raise HarnessBroken(f"{damaged.path} was not read: {damaged.what}")
        if follower.active is not before:
            return None
        return follower.refusal.code if follower.refusal else NO_WORD

    def _control(self, follower: Follower) -> None:
        self._turn_clock()
        if not follower.refresh():
            raise HarnessBroken(f"the sound release is refused: {follower.refusal}")

    def _fresh(self, store: HeldStore) -> Follower:
        """A follower without a past."""
        shutil.rmtree(self.market.root / "state" / "fresh", ignore_errors=True)
        follower = self.market.follower("fresh", store)
        follower.now = self.clock
        return follower

    def _turn_clock(self) -> None:
        """An hour on, and back: either way a refused pointer is tried again at once."""
        self.clock.at = NOON if self.clock.at > NOON else NOON + timedelta(hours=1)


def show(market: Market, prepare: Callable[[], None]) -> Shown:
    """The market's release active, and in the store the next one, of what `prepare` edits."""
    market.publish()
    first = files_of(market.root / "store")
    prepare()
    market.publish()
    sound = files_of(market.root / "store")
    read, newest = _read_by(market, "control", (sound,))
    read_anew, _ = _read_by(market, "rehearsal", (first, sound))
    in_order = (POINTER, *sorted(read - {POINTER}))
    return Shown(market, Clock(), first, sound, in_order, read_anew, newest)


def _read_by(
    market: Market, name: str, stores: Sequence[dict[str, bytes]]
) -> tuple[frozenset[str], ActiveRelease]:
    """What a follower reads that activates the last of these after the others, and what it then has
    active."""
    store = HeldStore({})
    follower = market.follower(name, store)
    for files in stores:
        store.files = dict(files)
        store.reads.clear()
        before = follower.active
        follower.refresh()
        if follower.active is before or follower.refusal is not None:
            raise HarnessBroken(f"the sound release is refused: {follower.refusal}")
    assert follower.active is not None
    return frozenset(store.reads) & stores[-1].keys(), follower.active


def every_byte_flipped(path: str, data: bytes) -> Iterator[Damaged]:
    """Each byte once, with one bit the other way; which bit goes round, so that all eight occur."""
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        yield Damaged(path, bytes(flipped), f"byte {place} flipped")


def every_truncation(path: str, data: bytes) -> Iterator[Damaged]:
    """Cut off before each byte, down to nothing."""
    for length in range(len(data)):
        yield Damaged(path, data[:length], f"cut off after {length} bytes")
