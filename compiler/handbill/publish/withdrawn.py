"""What rollbacks took back: a publisher that follows a branch must not bring it straight back."""

from __future__ import annotations

from handbill.plan.model import Pointer
from handbill.publish.advance import is_same_release
from handbill.publish.history import read_entry
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
