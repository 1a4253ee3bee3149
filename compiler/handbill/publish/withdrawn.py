"""What rollbacks took back: a publisher that follows a branch must not bring it straight back."""

from __future__ import annotations

from handbill.plan.pointer import Pointer
from handbill.publish.advance import is_same_release
from handbill.publish.attempt import Attempt
from handbill.publish.history import read_entry
from handbill.publish.prepared import Prepared
from handbill.publish.rings import aim_of
from handbill.store.errors import StoreError
from handbill.store.store import Store
from handbill.store.trust import Trust


def taken_back(
    store: Store, environment: str, trust: Trust, active: Pointer
) -> tuple[Pointer, ...]:
    """What the rollbacks that led to `active` took back, newest first; empty after a publish.

    An entry that cannot be read ends the search.
    """
    found: list[Pointer] = []
    at = active
    while at.restores and at.replaces:
        try:
            at = read_entry(store, environment, at.replaces, trust)
        except StoreError:
            break
        if not is_same_release(at, active):
            found.append(at)
    return tuple(found)


def is_taken_back(attempt: Attempt, active: Pointer, prepared: Prepared) -> bool:
    """Whether the same release was, or a commit that one which was has in its history; never where
    the publish is meant to bring it back."""
    if not attempt.leave_withdrawn:
        return False
    publisher, commit, contains = attempt.publisher, attempt.compiled.commit, attempt.contains
    wanted = (prepared.merged.digest, prepared.environment)
    return any(
        (aim_of(taken), taken.environment_digest) == wanted
        or taken.commit == commit
        or (contains is not None and contains(taken.commit, commit))
        for taken in taken_back(attempt.store, publisher.environment, publisher.trust, active)
    )
