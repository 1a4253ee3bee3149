"""A root document of two of three offline keys, and its next versions, signed as they would be by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sample_release import signing_key

from handbill.publish.keys import SigningKey
from handbill.publish.rooting import (
    Change,
    new_root,
    next_version,
    publish_root,
    unsigned,
    with_keys,
)
from handbill.store import dsse
from handbill.store.root import Root, decode_root
from handbill.store.store import Store
from handbill.store.trust import Trust, pinned_trust

ROOT_KEYS = (signing_key(11), signing_key(12), signing_key(13))
PUBLISHER, SUCCESSOR, OPERATOR = signing_key(21), signing_key(22), signing_key(31)
STRANGER = signing_key(99)
MADE = datetime(2026, 12, 1, tzinfo=UTC)


def signed(root: Root, *keys: SigningKey) -> bytes:
    return dsse.countersign(unsigned(root), [key.private for key in keys or ROOT_KEYS[:2]])


def first_root(environment: str = "production", threshold: int = 1, days: int = 365) -> bytes:
    """Version 1, signed: PUBLISHER publishes (with SUCCESSOR, where two have to), OPERATOR stops."""
    change = Change(
        environment=environment,
        root_keys=[key.public for key in ROOT_KEYS],
        root_threshold=2,
        publishers=[PUBLISHER.public, SUCCESSOR.public][: max(threshold, 1)],
        publisher_threshold=threshold,
        operators=[OPERATOR.public],
    )
    return signed(new_root(change, MADE, timedelta(days=days)))


@dataclass
class Roots:
    """What an operator with the offline keys does to a store. `pinned` is the file they gave out."""

    store: Store
    pinned: bytes = field(default_factory=first_root)

    def __post_init__(self) -> None:
        self.newest = decode_root(self.pinned)
        publish_root(self.store, self.pinned)

    @property
    def trust(self) -> Trust:
        return pinned_trust(self.pinned)

    def follow_up(self, root: Root, *keys: SigningKey) -> bytes:
        """Publishes `root`, changed from the newest, as the next version."""
        following = next_version(root, MADE)
        envelope = signed(following, *keys)
        publish_root(self.store, envelope)
        self.newest = following
        return envelope

    def add_publisher(self, key: SigningKey, environment: str = "production") -> bytes:
        change = Change(environment=environment, publishers=[key.public])
        return self.follow_up(with_keys(self.newest, change))
