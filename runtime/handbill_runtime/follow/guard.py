"""What a runtime believes: whose signatures count, how far it has come, and who is stopped.

Everything that comes out of a store passes here before anything is made of it. What was verified is
remembered on this runtime's own disk, so that neither a restart nor an empty store takes it back.
Whatever is wrong with a pause never lets anybody go on whom an operator stopped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from handbill.plan.pointer import Pointer
from handbill.store.errors import PauseUntrusted, StoreError
from handbill.store.instant import utc_text
from handbill.store.paths import pause_path, pointer_path
from handbill.store.pause import (
    Pause,
    StoredPause,
    newest_pause_line,
    read_pause,
    verify_former_pause,
)
from handbill.store.pointer import (
    refuse_expired,
    refuse_jump,
    refuse_older,
    verify_pointer,
)
from handbill.store.receipts import PauseReceipt
from handbill.store.store import Store, Stored, Unchanged
from handbill.store.trust import Trust
from handbill_runtime.follow.trusted_state import TrustedMemory

log = logging.getLogger("handbill.follow")

ROOT_INTERVAL = timedelta(seconds=10)
"""How often a runtime that has nothing new looks for a root document."""
FUTURE = timedelta(days=1)
"""How far an operator's clock may be ahead."""
MOST_TENANTS = 50
"""A receipt names no more of those who are stopped."""


@dataclass(slots=True)
class Guard:
    """One thread uses it, but for `stops`, which any may ask."""

    store: Store
    environment: str
    trust: Trust
    memory: TrustedMemory
    now: Callable[[], datetime]
    pause: Pause | None = None
    """The newest that was verified; None where nobody was ever stopped."""
    pause_problem: StoreError | None = None
    _judged: tuple[str | None, int] | None = field(default=None, repr=False)
    """Version of the pause's file, and of the root document, when it was last judged."""
    _walked_at: datetime | None = field(default=None, repr=False)

    # ── pointers ─────────────────────────────────────────────────────────────────────────────────

    def restore(self) -> None:
        """What was seen before the restart. Raises the first StoreError when all else is done."""
        problems: list[StoreError] = []
        for step in (self.memory.load, self._restore_chain, self._restore_pause):
            try:
                step()
            except StoreError as error:
                problems.append(error)
        if problems:
            raise problems[0]

    def recall(self) -> tuple[Pointer, bytes] | None:
        """The pointer of the last good release, and how it was signed; raises a StoreError.

        One whose key was revoked since goes on, if these very bytes were verified here while the key
        counted: revoking a key stops nobody's messages.
        """
        stored = self.memory.store.read(pointer_path(self.environment))
        if stored is None:
            return None
        try:
            pointer = verify_pointer(stored.data, self.environment, self.trust)
        except StoreError:
            if not self.memory.is_last_activated(stored.data):
                raise
            then = self.trust.as_of(self.memory.state.pointer_root)
            pointer = verify_pointer(stored.data, self.environment, then)
        self.memory.floor(pointer.sequence)
        return pointer, stored.data

    def admit(self, envelope: bytes) -> Pointer:
        """The pointer, if it may be activated now; raises a StoreError where anything is wrong."""
        self.follow_roots(at_once=True)
        self.trust.refuse_expired(self.now())
        pointer = verify_pointer(envelope, self.environment, self.trust)
        refuse_older(pointer, self.memory.state.sequence)
        refuse_jump(pointer, self.memory.state.sequence)
        refuse_expired(pointer, self.now())
        return pointer

    def activated(self, envelope: bytes, pointer: Pointer) -> None:
        """Remembers it: nothing older is admitted from now on."""
        self.memory.activated(envelope, pointer.sequence, self.trust)

    def reconsider(self, envelope: bytes | None, pointer: Pointer) -> None:
        """Raises a StoreError where what is active would not be admitted any more: it goes on, and
        somebody has to know."""
        self.follow_roots()
        self.trust.refuse_expired(self.now())
        if envelope is not None and self.trust.chain:
            verify_pointer(envelope, self.environment, self.trust)
        refuse_expired(pointer, self.now())

    def follow_roots(self, *, at_once: bool = False) -> bool:
        """Takes over the store's newer root documents; True when there was one.

        Raises RootUnreadable, RootUntrusted, or RootOlder where one that was seen is gone.
        """
        if not self.trust.chain or not (at_once or self._is_due()):
            return False
        self._walked_at = self.now()
        before = self.trust.version
        self.trust = self.trust.updated(self.store)
        self.trust.refuse_older(self.memory.state.root)
        self.memory.followed(self.trust)
        return self.trust.version != before

    def _is_due(self) -> bool:
        since = None if self._walked_at is None else self.now() - self._walked_at
        return since is None or since >= ROOT_INTERVAL or since < timedelta(0)

    def _restore_chain(self) -> None:
        self.trust = self.trust.updated(self.memory.store)

    # ── the emergency stop ───────────────────────────────────────────────────────────────────────

    def stops(self, tenant: str) -> bool:
        """Whether nothing may be sent for this retailer now."""
        pause = self.pause
        return pause is not None and pause.stops(tenant)

    def look_for_pause(self) -> bool:
        """Looks at the pause once; True when something about it is new. Never raises a StoreError:
        while the store is away, whoever is stopped stays stopped."""
        try:
            judged = (self._pause_version(), self.trust.version)
        except StoreError:
            return False
        if judged == self._judged:
            return False
        first, self._judged = self._judged is None, judged
        before = (self.pause, self.pause_problem)
        found = self._judge()
        if found is None and (first or self.pause_problem is not None):
            found = self._newest_line()
        if found is not None:
            self._obey(found)
        self._judged = (judged[0], self.trust.version)
        if self.pause_problem is not None:
            log.error("%s: %s", self.pause_problem.code, self.pause_problem.message)
        return (self.pause, self.pause_problem) != before

    def _pause_version(self) -> str | None:
        """Of the pause's file, None where there is none; nothing is transferred while it is the one
        that was judged last."""
        path = pause_path(self.environment)
        known = self._judged[0] if self._judged else None
        stored = self.store.read(path) if known is None else self.store.read_unless(path, known)
        match stored:
            case Unchanged():
                return known
            case None:
                return None
            case Stored():
                return stored.version
            case _ as never:
                assert_never(never)

    def pause_receipt(self) -> PauseReceipt | None:
        pause, problem = self.pause, self.pause_problem
        if pause is None and problem is None:
            return None
        return PauseReceipt(
            number=pause.number if pause else 0,
            everyone=pause.everyone if pause else False,
            tenants=pause.tenants[:MOST_TENANTS] if pause else (),
            code=problem.code if problem else "",
            message=problem.message if problem else "",
        )

    def _judge(self) -> StoredPause | None:
        """The store's pause, if it is sound; else `pause_problem` says why it is not obeyed."""
        seen = self.memory.state.pause
        self.pause_problem = None
        try:
            try:
                return read_pause(self.store, self.environment, self.trust, seen)
            except PauseUntrusted:  # by an operator of a root document that is not followed yet
                if not self.follow_roots(at_once=True):
                    raise
                return read_pause(self.store, self.environment, self.trust, seen)
        except StoreError as error:
            self.pause_problem = error
            return None

    def _newest_line(self) -> StoredPause | None:
        try:
            line = newest_pause_line(self.store, self.environment, self.trust)
        except StoreError:
            return None
        return line if line and line.pause.number >= self.memory.state.pause else None

    def _obey(self, found: StoredPause) -> None:
        pause = found.pause
        if self.pause is not None and not pause.stops_all_of(self.pause):
            try:  # under an expired root document, only more is stopped
                self.trust.refuse_expired(self.now())
            except StoreError as error:
                self.pause_problem = error
                return
            if self._is_ahead(pause):
                return
        if pause != self.pause:
            log.warning("%s", told(pause))
        self.pause = pause
        if self._is_ahead(pause):
            return
        try:
            self.memory.paused(pause.number, found.envelope)
        except StoreError as error:
            log.warning("%s: the pause was not kept: %s", error.code, error.message)

    def _is_ahead(self, pause: Pause) -> bool:
        """Whether its number is far in the future: whoever steals a key must not use up all numbers.
        Such a one may stop somebody, but is not remembered, and lets nobody go on."""
        if pause.number <= (self.now() + FUTURE).timestamp():
            return False
        self.pause_problem = PauseUntrusted(
            f"the pause of `{self.environment}` has a number of the future, {pause.number}",
            "look at the clock of whoever signed it, then pause or resume again",
        )
        return True

    def _restore_pause(self) -> None:
        """From this disk, signed by whoever could stop the environment then or now. What was there
        and cannot be read stops everybody until the store says what holds."""
        seen = self.memory.state.pause
        envelope = self.memory.kept_pause()
        if envelope is None and not seen:
            return
        try:
            kept = verify_former_pause(envelope or b"", self.environment, self.trust)
            if kept.number >= seen:
                self.pause = kept
                self.memory.paused(kept.number, envelope or b"")
                return
        except StoreError as error:
            self.pause_problem = error
        self.pause = Pause(
            environment=self.environment,
            number=max(seen, 1),
            issued=utc_text(self.now()),
            by=self.memory.environment,
            reason="what was stopped cannot be read on this disk",
            everyone=True,
        )


def told(pause: Pause) -> str:
    """One line about it."""
    if pause.is_idle:
        return f"nobody is stopped any more: {pause.by}: {pause.reason}"
    who = "everybody" if pause.everyone else ", ".join(pause.tenants[:MOST_TENANTS])
    return f"stopped: {who}; {pause.by} at {pause.issued}: {pause.reason}"
