"""Everything that an environment runs, proved from its signature down to the last byte.

Each step says what was verified and what that is bound to; each fault says where it is. One fault does not
end the verification: whoever cleans up wants to know them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from handbill.plan.canonical import digest_of
from handbill.plan.model import Digest
from handbill.plan.pointer import Pointer
from handbill.publish.advance import history_sequences
from handbill.publish.history import read_entry
from handbill.store.assets import asset_path, read_asset
from handbill.store.errors import HistoryBroken, NotInStore, PointerForeign, StoreError
from handbill.store.paths import (
    attestation_path,
    history_path,
    part_path,
    pause_path,
    pointer_path,
    root_path,
)
from handbill.store.pause import read_pause, read_pause_standing
from handbill.store.pointer import refuse_expired, verify_former, verify_pointer
from handbill.store.provenance import read_statement
from handbill.store.release import read_environment, read_release, read_tenant
from handbill.store.store import Store
from handbill.store.trust import Trust


def how_many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@dataclass(frozen=True, slots=True)
class Proved:
    """`what` was verified; `bound` says by whose signature, or to what."""

    what: str
    bound: str


@dataclass(frozen=True, slots=True)
class Fault:
    """`place` is the path in the store."""

    place: str
    code: str
    message: str
    hint: str | None = None


@dataclass(slots=True)
class Verification:
    """What came of it, in order. `pointer` is what everything below was proved against."""

    environment: str
    pointer: Pointer | None = None
    proved: list[Proved] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, place: str, error: StoreError) -> None:
        self.faults.append(Fault(place, error.code, error.message, error.hint))


def verify_environment(
    store: Store, environment: str, pinned: Trust, now: datetime, sequence: int | None = None
) -> Verification:
    """Verifies what is active, or what number `sequence` of the history made active.

    Raises a StoreError only where the store cannot be read at all.
    """
    found = Verification(environment)
    trust = _roots(found, store, pinned, now)
    found.pointer = _pointer(found, store, trust, now, sequence)
    if found.pointer is None:
        return found
    _history(found, store, trust, found.pointer)
    _release(found, store, found.pointer)
    _statement(found, store, trust, found.pointer)
    _pause(found, store, trust)
    return found


def _roots(found: Verification, store: Store, pinned: Trust, now: datetime) -> Trust:
    """The chain, a version at a time, so that a fault has its place."""
    trust = pinned
    if trust.root is None:
        count = len(trust.keys)
        found.proved.append(
            Proved("no root document", f"{how_many(count, 'key')} given with --trust")
        )
        return trust
    try:
        while (further := trust.updated(store, most=1)) is not trust:
            trust = further
    except StoreError as error:
        found.fault(root_path(trust.version + 1), error)
    first, last = trust.chain[0].root.version, trust.version
    found.proved.append(
        Proved(
            f"root documents {first} to {last}",
            f"signed one by one from the file given with --trust, {_short(trust)}",
        )
    )
    try:
        trust.refuse_expired(now)
    except StoreError as error:
        found.fault(root_path(last), error)
    return trust


def _short(trust: Trust) -> str:
    return digest_of(trust.chain[0].envelope)[:19]


def _pointer(
    found: Verification, store: Store, trust: Trust, now: datetime, sequence: int | None
) -> Pointer | None:
    environment = found.environment
    place = pointer_path(environment) if sequence is None else history_path(environment, sequence)
    try:
        stored = store.read(place)
        if stored is None:
            raise NotInStore(
                f"there is no {place} in the store", "publish to this environment first"
            )
        pointer = verify_pointer(stored.data, environment, trust)
    except StoreError as error:
        found.fault(place, error)
        return None
    quorum = trust.publishers(environment)
    signed = f"signed by {quorum.threshold} of {len(quorum.keys)} publishers of {environment}"
    found.proved.append(Proved(f"pointer number {pointer.sequence}", signed))
    if sequence is None:
        try:
            refuse_expired(pointer, now)
        except StoreError as error:
            found.fault(place, error)
        _entry_is_the_pointer(found, store, pointer, stored.data)
    return pointer


def _entry_is_the_pointer(
    found: Verification, store: Store, pointer: Pointer, envelope: bytes
) -> None:
    place = history_path(pointer.environment, pointer.sequence)
    entry = store.read(place)
    if entry is None or entry.data != envelope:
        error = HistoryBroken(
            f"number {pointer.sequence} in the history is not the pointer that is active",
            "publish again: a new entry is then written",
        )
        found.fault(place, error)


def _history(found: Verification, store: Store, trust: Trust, pointer: Pointer) -> None:
    """From the pointer back to the first one, each naming the one it replaced."""
    there = set(history_sequences(store, pointer.environment))
    at, steps, former = pointer, 1, 0
    while at.replaces:
        place = history_path(pointer.environment, at.replaces)
        if at.replaces not in there:
            found.fault(place, HistoryBroken(f"number {at.replaces} is gone from the history"))
            break
        try:
            before, by_former = _former_entry(store, pointer.environment, at.replaces, trust)
            if at.previous not in (None, before.release):
                raise HistoryBroken(
                    f"number {at.sequence} replaced {at.previous}, and number {before.sequence} "
                    f"made {before.release} active"
                )
        except StoreError as error:
            found.fault(place, error)
            break
        at, steps, former = before, steps + 1, former + by_former
    by = f", {former} by keys that count no more" if former else ""
    found.proved.append(
        Proved(
            f"history back to number {at.sequence}",
            f"{how_many(steps, 'pointer')}, each names the one before it{by}",
        )
    )


def _former_entry(
    store: Store, environment: str, sequence: int, trust: Trust
) -> tuple[Pointer, bool]:
    """The entry, and whether only an earlier root document lets its key publish."""
    try:
        return read_entry(store, environment, sequence, trust), False
    except StoreError:
        stored = store.read(history_path(environment, sequence))
        if stored is None:
            raise
        return verify_former(stored.data, environment, trust), True


def _release(found: Verification, store: Store, pointer: Pointer) -> None:
    faults = len(found.faults)
    try:
        environment = read_environment(store, pointer.environment_digest)
        if environment.name != pointer.environment:
            raise PointerForeign(f"its settings are those of `{environment.name}`")
    except StoreError as error:
        found.fault(part_path(pointer.environment_digest), error)
    try:
        release = read_release(store, pointer.release)
    except StoreError as error:
        found.fault(part_path(pointer.release), error)
        return
    plans = objects = 0
    pictures: set[str] = set()
    for name, digest in sorted(release.release.tenants.items()):
        count = _tenant(found, store, name, digest, pictures)
        plans, objects = plans + count[0], objects + count[1]
    _pictures(found, store, pictures)
    if len(found.faults) == faults:
        found.proved.append(
            Proved(
                f"{how_many(len(release.release.tenants), 'tenant')}, {how_many(plans, 'plan')}, "
                f"{how_many(objects + len(release.objects) + 1, 'object')}, "
                f"{how_many(len(pictures), 'picture')}",
                f"bound to release {pointer.release[:19]} and environment {pointer.environment_digest[:19]}",
            )
        )


def _tenant(
    found: Verification, store: Store, name: str, digest: Digest, pictures: set[str]
) -> tuple[int, int]:
    """How many plans, and how many objects in all."""
    try:
        tenant = read_tenant(store, digest)
        if tenant.tenant.name != name or any(plan.tenant != name for plan in tenant.plans.values()):
            raise PointerForeign(f"the release has `{tenant.tenant.name}` under the name `{name}`")
    except StoreError as error:
        found.fault(part_path(digest), error)
        return 0, 0
    pictures.update(tenant.tenant.assets)
    return len(tenant.plans), 1 + len(tenant.plans) + len(tenant.tables)


def _pictures(found: Verification, store: Store, pictures: set[str]) -> None:
    for name in sorted(pictures):
        try:
            if read_asset(store, name) is None:
                raise NotInStore(f"the picture {name} is missing from the store", "publish again")
        except StoreError as error:
            found.fault(asset_path(name), error)


def _statement(found: Verification, store: Store, trust: Trust, pointer: Pointer) -> None:
    try:
        statement = read_statement(store, pointer, trust)
    except StoreError as error:
        found.fault(attestation_path(pointer.statement or ""), error)
        return
    if statement is None:
        return
    found.proved.append(
        Proved(
            f"provenance {(pointer.statement or '')[:19]}",
            f"bound to the release, commit {pointer.commit[:12]} and environment that the pointer names",
        )
    )


def _pause(found: Verification, store: Store, trust: Trust) -> None:
    place = pause_path(found.environment)
    try:
        standing = read_pause_standing(store, found.environment, trust)
        newest = standing.pause.number if standing.pause else 0
        pause = read_pause(store, found.environment, trust, newest)
    except StoreError as error:
        found.fault(place, error)
        return
    if pause is not None:
        found.proved.append(
            Proved(
                f"pause number {pause.pause.number}", f"signed by operators of {found.environment}"
            )
        )
