"""Renewing a pointer: the same release, signed anew before the signature becomes too old.

A pointer expires so that a store which stopped being written to, or is held back by somebody, is
noticed. What it says does not change by being renewed: a rollback stays one.
"""

from __future__ import annotations

from datetime import datetime

from handbill.plan.pointer import Pointer
from handbill.publish.advance import read_standing
from handbill.publish.publication import Outcome, Publication
from handbill.publish.publisher import Publisher
from handbill.store.instant import parse_utc


def is_due(pointer: Pointer, now: datetime) -> bool:
    """From half of its life on."""
    issued, expires = parse_utc(pointer.issued), parse_utc(pointer.expires)
    return now >= issued + (expires - issued) / 2


def renew(publisher: Publisher) -> Publication | None:
    """Signs the active pointer anew if it is due; None where nothing was to be done, or somebody
    else did it at the same time. Raises a StoreError."""
    standing = read_standing(publisher.store, publisher.environment, publisher.trust)
    active = standing.pointer
    if active is None or standing.damaged or not is_due(active, publisher.clock()):
        return None
    pointer = publisher.move_pointer(
        standing,
        active.release,
        active.environment_digest,
        active.commit,
        active.held,
        active.restores,
        by=active.by,
        why=active.why,
        reviewed=active.reviewed,
        rollout=active.rollout,
        promoted=active.promoted,
        statement=active.statement,
    )
    return Publication(Outcome.RENEWED, pointer) if pointer else None
