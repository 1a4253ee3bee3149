"""Follows one environment's pointer: notices, verifies, builds, tries, then swaps one reference.

Whatever goes wrong with a release, the one that runs keeps running; where only some tenants' plans
do not run, the others go on to the new one. The refusal is kept beside it, written to
the receipt and raised as an alarm, and the same pointer is tried again ever more slowly. A pointer
that was active once is never followed by an older one, also after a restart.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import PLAN_FORMAT, Digest
from handbill.plan.pointer import Pointer
from handbill.store.errors import NotInStore, StoreError, StoreUnavailable
from handbill.store.instant import utc_text
from handbill.store.paths import environment_folder, pointer_path
from handbill.store.pointer import refuse_expired
from handbill.store.receipts import (
    RECEIPT_FORMAT,
    ActiveReceipt,
    Receipt,
    RefusalReceipt,
    TroubleReceipt,
)
from handbill.store.store import Store, Stored, Unchanged
from handbill.store.trust import Trust
from handbill_runtime.errors import PlanFault
from handbill_runtime.follow.activate import build_release
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.follow.completing import Completing
from handbill_runtime.follow.guard import Guard
from handbill_runtime.follow.last_good import LastGood
from handbill_runtime.follow.reporting import Reporting
from handbill_runtime.follow.shelf import Shelf
from handbill_runtime.follow.trusted_state import TrustedMemory
from handbill_runtime.stages.decoded import DecodedPlans

log = logging.getLogger("handbill.follow")

NO_TIME = timedelta(0)
FIRST_RETRY, LAST_RETRY = timedelta(seconds=1), timedelta(seconds=60)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the newest pointer is not active, or why the active one needs attention. `version` is the
    pointer's file version, if it was read."""

    code: str
    message: str
    hint: str | None
    at: datetime
    version: str | None
    sequence: int | None = None


@dataclass(slots=True)
class Follower:
    """`runtime` is this process's name among the environment's receipts, `key` signs them."""

    store: Store
    environment: str
    trust: Trust
    last_good: LastGood
    runtime: str
    now: Callable[[], datetime] = utc_now
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate, repr=False)
    decoded: DecodedPlans = field(default_factory=DecodedPlans, repr=False)
    active: ActiveRelease | None = None
    refusal: Refusal | None = None
    activated_at: datetime | None = None
    ended_at: datetime | None = None
    troubles: tuple[TroubleReceipt, ...] = ()
    """What the tenants cannot do now, as the sending half last told."""
    incomplete: bool = False
    """Some packs of what is active are not on this disk yet, and so it is not the last good release."""
    guard: Guard = field(init=False, repr=False)
    """Decides what may be activated, and for whom nothing is sent."""
    _envelope: bytes | None = field(default=None, repr=False)
    """The active pointer as it was signed."""
    _fault: Refusal | None = field(default=None, repr=False)
    """What is wrong with tenants of the active release, as long as it is active."""
    _version: str | None = field(default=None, repr=False)
    _waiting: bool = field(default=False, repr=False)
    _retry_at: datetime | None = field(default=None, repr=False)
    _retry_after: timedelta = field(default=FIRST_RETRY, repr=False)
    _shelf: Shelf = field(init=False, repr=False)
    _completing: Completing = field(init=False, repr=False)
    _reporting: Reporting = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._shelf = self.last_good.shelf(self.store, self.decoded)
        self._completing = Completing(self._shelf, self.environment)
        self._reporting = Reporting(self.store, self.key, self.receipt, lambda: self.now())
        memory = TrustedMemory(self.last_good.store, self.environment)
        self.guard = Guard(self.store, self.environment, self.trust, memory, lambda: self.now())

    def start(self) -> None:
        """Activates the last good release from disk, if there is one, and then what the store has.

        The last good release is taken even when its pointer has expired since: it was verified in
        time, and stopping everything is worse than running it on, with the alarm raised.
        """
        try:
            self.guard.restore()
        except StoreError as error:
            self._refuse(error, None, None)
        self.guard.look_for_pause()
        try:
            kept = self.guard.recall()
            if kept is not None:
                pointer, envelope = kept
                candidate = build_release(self._shelf, pointer, None, sparing=True)
                self._swap(candidate, None, envelope)
                refuse_expired(pointer, self.now())
        except Exception as error:  # whatever is on that disk: the store is asked next
            self._refuse(error, None, None)
        self.refresh()
        if self.active is None and self.refusal is None:
            self._reporting.news()  # what it can execute is known before a first release

    def refresh(self) -> bool:
        """Looks at the pointer once; True when another release became active."""
        changed = self._refresh()
        self._reporting.tick()
        return changed

    def _refresh(self) -> bool:
        pointer: Pointer | None = None
        version: str | None = None
        if self.guard.look_for_pause():
            self._reporting.news()
        self._complete()
        try:
            stored = self._read_pointer()
            if stored is None:
                return False
            if isinstance(stored, Unchanged):
                assert self.active is not None
                version, pointer = self._version, self.active.pointer
                self.guard.reconsider(self._envelope, pointer)
                self._confirm(self.active)
                return False
            version = stored.version
            if not self.guard.follow_roots() and not self._may_try(version):
                return False
            pointer = self.guard.admit(stored.data)
            candidate = build_release(self._shelf, pointer, self.active, trust=self.guard.trust)
            whole = self._completing.is_done
            if whole:
                self.last_good.keep(self._shelf, candidate, stored.data)
            self.guard.activated(stored.data, pointer)
        except Exception as error:  # a bug met here must not stop what runs
            self._refuse(error, version, pointer)
            away = isinstance(error, StoreUnavailable)
        else:
            return self._activated(candidate, stored, whole)
        if not away:  # what was fetched of a sound release is gone on with when the store is back
            self._sweep()
        return False

    def _activated(self, candidate: ActiveRelease, stored: Stored, whole: bool) -> bool:
        changed = self.active is None or self.active.pointer != candidate.pointer
        self.incomplete = not whole
        self._swap(candidate, stored.version, stored.data)
        self._sweep()
        return changed

    def _read_pointer(self) -> Stored | Unchanged | None:
        """UNCHANGED while it is the active one; None while a first release is waited for;
        NotInStore when there was one."""
        path = pointer_path(self.environment)
        stored: Stored | Unchanged | None
        if self.active is not None and self._version is not None:
            stored = self.store.read_unless(path, self._version)
        else:
            stored = self.store.read(path)
        if stored is not None:
            return stored
        if self.active is None and not self.store.names(environment_folder(self.environment)):
            if not self._waiting:
                log.info(
                    "waiting for a first release of %s in %s", self.environment, self.store.url
                )
            self._waiting = True
            return None
        raise NotInStore(
            f"the pointer of `{self.environment}` is not in the store {self.store.url}",
            "see that the store is mounted and complete, or publish again",
        )

    def _complete(self) -> None:
        """A release that began without its packs is the last good one once all of them are here."""
        if not self.incomplete or self.active is None or self._envelope is None:
            return
        wrong = self._completing.step()
        if wrong:
            self._drop(self.active, self._envelope, wrong)
        if not self._completing.is_done:
            return
        try:
            self.last_good.keep(self._shelf, self.active, self._envelope)
        except StoreError as error:
            log.warning("%s: %s; it is tried again", error.code, error.message)
            return
        self.incomplete = False
        log.info("all packs of number %s are on this disk", self.active.pointer.sequence)
        self._sweep()
        self._reporting.news()

    def _drop(
        self, active: ActiveRelease, envelope: bytes, wrong: Mapping[Digest, StoreError]
    ) -> None:
        """These packs' tenants run nothing more of what was signed of them."""
        faults = {
            name: PlanFault(wrong[digest].code, wrong[digest].message, wrong[digest].hint or "")
            for name, digest in active.release.tenants.items()
            if digest in wrong
        }
        left = {name: each for name, each in active.tenants.items() if name not in faults}
        self._swap(
            replace(active, tenants=left, faults={**active.faults, **faults}),
            self._version,
            envelope,
        )

    def _confirm(self, active: ActiveRelease) -> None:
        """The pointer is the active one: whatever was refused since is over."""
        if self.refusal is not self._fault:
            self._forget_refusal()
            log.info("the pointer is sound again: %s", self._described(active))
            self._reporting.news()

    def _sweep(self) -> None:
        """What nobody needs any more leaves the disk; where that cannot be, it stays a while."""
        try:
            if self.active is not None and not self.incomplete:
                self.last_good.sweep(self._shelf, self.active)
        except (StoreError, OSError) as error:
            log.warning("old files of the last good release were not removed: %s", error)

    def _swap(self, candidate: ActiveRelease, version: str | None, envelope: bytes) -> None:
        self.active = candidate
        self.activated_at = self.now()
        self._envelope = envelope
        self._version = version
        self._fault = _faulted(candidate, self.activated_at, version)
        self._forget_refusal()
        log.info("active: %s", self._described(candidate))
        if self._fault is not None:
            log.error("%s: %s", self._fault.code, self._fault.message)
        self._reporting.news()

    @staticmethod
    def _described(active: ActiveRelease) -> str:
        pointer = active.pointer
        return (
            f"release {pointer.release[:19]}, number {pointer.sequence}, "
            f"commit {pointer.commit[:12]}, {active.plans} plans"
        )

    # ── refusing ─────────────────────────────────────────────────────────────────────────────────

    def _may_try(self, version: str) -> bool:
        """A refused pointer is tried again after a while; a new one at once."""
        if self.refusal is None or self.refusal.version != version or self._retry_at is None:
            return True
        wait = self._retry_at - self.now()
        return wait <= NO_TIME or wait > LAST_RETRY  # longer: the clock was set back since

    def _forget_refusal(self) -> None:
        self.refusal, self._retry_at, self._retry_after = self._fault, None, FIRST_RETRY

    def _refuse(self, error: Exception, version: str | None, pointer: Pointer | None) -> None:
        now = self.now()
        sequence = pointer.sequence if pointer else None
        fresh = _refusal(error, now, version, sequence)
        before = self.refusal
        same = before is not None and (before.code, before.version) == (fresh.code, version)
        self._retry_after = min(self._retry_after * 2, LAST_RETRY) if same else FIRST_RETRY
        self._retry_at = now + self._retry_after
        if same:
            return
        self.refusal = fresh
        kept = "the last good release goes on" if self.active else "nothing runs yet"
        bug = None if isinstance(error, StoreError | PlanFault) else error
        log.error("%s: %s; %s", fresh.code, fresh.message, kept, exc_info=bug)
        self._reporting.news()

    def end(self) -> None:
        """Says in the receipt that this runtime has stopped: nobody need wait for it."""
        self.ended_at = self.now()
        self._completing.end()
        self._reporting.news(at_once=True)

    def tell(self, troubles: tuple[TroubleReceipt, ...]) -> None:
        """The receipt shows these from now on. May be called in any thread."""
        self.troubles = troubles
        self._reporting.news()

    # ── reporting ────────────────────────────────────────────────────────────────────────────────

    def receipt(self) -> Receipt:
        """What this runtime says of itself: what is active, and the newest refusal beside it."""
        active = refused = None
        if self.active is not None and self.activated_at is not None:
            pointer = self.active.pointer
            active = ActiveReceipt(
                sequence=pointer.sequence,
                release=pointer.release,
                commit=pointer.commit,
                at=utc_text(self.activated_at, milliseconds=True),
                missing=len(self._shelf.unproved()),
            )
        if self.refusal is not None:
            refused = RefusalReceipt(
                code=self.refusal.code,
                message=self.refusal.message,
                hint=self.refusal.hint,
                at=utc_text(self.refusal.at),
                sequence=self.refusal.sequence,
            )
        return Receipt(
            format=RECEIPT_FORMAT,
            runtime=self.runtime,
            environment=self.environment,
            written=utc_text(self.now()),
            active=active,
            refused=refused,
            ended=utc_text(self.ended_at) if self.ended_at else None,
            troubles=self.troubles,
            root=self.guard.trust.version,
            formats=(PLAN_FORMAT,),
            operations=(OPERATION_SET,),
            pause=self.guard.pause_receipt(),
        )


def _faulted(active: ActiveRelease, at: datetime, version: str | None) -> Refusal | None:
    """Which tenants of the release are not activated, and why the first of them is not."""
    if not active.faults:
        return None
    fault = next(iter(active.faults.values()))
    kept = [f"`{name}`" for name in active.faults if name in active.tenants]
    left = [f"`{name}`" for name in active.faults if name not in active.tenants]
    told = [f"{', '.join(kept)} keeps what it ran before"] if kept else []
    told += [f"{', '.join(left)} runs nothing"] if left else []
    message = f"{fault.message}; {'; '.join(told)}; all other tenants are activated"
    sequence = active.pointer.sequence
    return Refusal(fault.code, message, fault.hint or None, at, version, sequence)


def _refusal(error: Exception, at: datetime, version: str | None, sequence: int | None) -> Refusal:
    if isinstance(error, StoreError | PlanFault):
        return Refusal(error.code, error.message, error.hint or None, at, version, sequence)
    return Refusal(
        "HB932",
        f"the release could not be activated: {type(error).__name__}: {error}",
        "this is a bug in Handbill: report it with the runtime's log",
        at,
        version,
        sequence,
    )
