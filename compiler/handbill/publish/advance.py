"""Moving an environment's pointer: where it stands, and the one way to put another in its place.

The order makes every moment safe to die in: packs are durable first, then the history entry (create
only, so a sequence is used once), then the pointer is swapped on condition that nobody else did. A
reader sees the old pointer or the new one, and each names a release that is wholly there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.plan.pointer import Pointer
from handbill.publish.keys import SigningKey
from handbill.publish.stopwatch import Stopwatch
from handbill.store.dsse import is_signed_by
from handbill.store.errors import KeyRevoked, PointerForeign, PointerUnreadable, PointerUntrusted
from handbill.store.keys import PublicKey
from handbill.store.paths import history_folder, history_path, pointer_path, sequence_of
from handbill.store.pointer import sign_pointer, verify_former, verify_pointer
from handbill.store.store import Store
from handbill.store.trust import Trust


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an environment stands. `pointer` is the active one or, where that file is damaged or
    gone (`damaged` says so), the newest in the history that still verifies."""

    pointer: Pointer | None
    version: str | None
    damaged: Diagnostic | None = None
    revoked: Diagnostic | None = None
    """The pointer is signed by a key that counts no more. `pointer` then is the newest in the history
    whose key still does: nothing is taken over from what a stolen key may have published."""
    floor: int = 0
    """The sequence that the next one has to exceed beside that of `pointer`."""
    envelope: bytes = b""
    """The active pointer as it was signed, where it is sound."""

    def is_signed_by(self, keys: Iterable[PublicKey]) -> bool:
        """Whether all of these signed what is active."""
        return bool(self.envelope) and all(is_signed_by(self.envelope, key) for key in keys)


def read_standing(store: Store, environment: str, trust: Trust) -> Standing:
    """Raises PointerUntrusted where the pointer is somebody else's: it is never overwritten."""
    stored = store.read(pointer_path(environment))
    if stored is None:
        newest = newest_in_history(store, environment, trust)
        lost = f"`{environment}` has a history but no pointer: a publish was cut short, or it was removed"
        return Standing(newest, None, _repaired(lost) if newest else None)
    try:
        pointer = verify_pointer(stored.data, environment, trust)
        return Standing(pointer, stored.version, envelope=stored.data)
    except KeyRevoked as error:
        newest = newest_in_history(store, environment, trust)
        former = verify_former(stored.data, environment, trust)
        notice = _revoked(error)
        return Standing(newest, stored.version, notice, notice, former.sequence)
    except (PointerUnreadable, PointerForeign) as error:
        newest = newest_in_history(store, environment, trust)
        return Standing(newest, stored.version, _repaired(error.message))


def newest_in_history(store: Store, environment: str, trust: Trust) -> Pointer | None:
    for sequence in reversed(history_sequences(store, environment)):
        stored = store.read(history_path(environment, sequence))
        if stored is not None:
            try:
                return verify_pointer(stored.data, environment, trust)
            except (PointerUnreadable, PointerForeign, PointerUntrusted):
                continue
    return None


def history_sequences(store: Store, environment: str) -> tuple[int, ...]:
    """Every sequence that has an entry, ascending."""
    names = store.names(history_folder(environment))
    return tuple(sequence for name in names if (sequence := sequence_of(name)) is not None)


def swap_pointer(
    store: Store,
    standing: Standing,
    pointer: Pointer,
    keys: Sequence[SigningKey],
    stopwatch: Stopwatch | None = None,
) -> Pointer | None:
    """Puts `pointer` in the place of what `standing` saw, under the next free sequence.

    Everything it names must be stored already. None where somebody else was faster: read the
    standing again and decide anew. The history is listed only where the next number is taken.
    """
    stopwatch = stopwatch or Stopwatch()
    before = standing.pointer.sequence if standing.pointer else 0
    sequence = max(before, standing.floor) + 1
    while True:
        candidate = msgspec.structs.replace(pointer, sequence=sequence, replaces=before)
        envelope = sign_pointer(candidate, *(key.private for key in keys))
        if store.create(history_path(pointer.environment, sequence), envelope):
            break
        sequence = max(sequence, *history_sequences(store, pointer.environment)[-1:]) + 1
    stopwatch.lap("history")
    swapped = store.swap(pointer_path(pointer.environment), standing.version, envelope)
    stopwatch.lap("pointer")
    return candidate if swapped else None


def is_same_release(one: Pointer, other: Pointer) -> bool:
    """Whether two pointers make the same release run in the same environment."""
    return (one.release, one.environment_digest) == (other.release, other.environment_digest)


def _revoked(error: KeyRevoked) -> Diagnostic:
    return Diagnostic(
        error.code,
        f"{error.message}; it is replaced, and nothing of it is taken over",
        severity=Severity.WARNING,
        hint="if that key was stolen, look at what it published: handbill verify",
    )


def _repaired(message: str) -> Diagnostic:
    return Diagnostic(
        "HB817",
        f"{message}; it is written anew from the history",
        severity=Severity.WARNING,
        hint="find out who changed it: only publishers write there",
    )
