from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sample_release import signing_key

from handbill.plan.pointer import Held
from handbill.publish.advance import read_standing
from handbill.publish.publisher import Publisher
from handbill.store.folder import FolderStore
from handbill.store.trust import NOBODY, flat_trust


def test_a_publisher_believes_its_own_key_and_those_before_it(publisher: Publisher) -> None:
    successor = Publisher(
        publisher.store,
        "production",
        signing_key(2),
        publisher.clock,
        flat_trust(publisher.key.public),
    )
    assert publisher.trust.keys == (signing_key(1).public,)
    assert successor.trust.keys == (signing_key(2).public, signing_key(1).public)


def test_a_moved_pointer_is_dated_and_signed_for_its_environment(tmp_path) -> None:  # type: ignore[no-untyped-def]
    now = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    publisher = Publisher(
        FolderStore(tmp_path),
        "staging",
        signing_key(),
        lambda: now,
        NOBODY,
        timedelta(days=1),
        "9.9",
    )
    standing = read_standing(publisher.store, "staging", publisher.trust)
    held = (Held(tenant="fresh", since="c"),)
    release, environment = "sha256:" + "a" * 64, "sha256:" + "e" * 64
    moved = publisher.move_pointer(standing, release, environment, "c", held)
    assert moved is not None
    assert read_standing(publisher.store, "staging", publisher.trust).pointer == moved
    assert (moved.environment, moved.compiler, moved.held) == ("staging", "9.9", held)
    assert (moved.issued, moved.expires) == ("2026-12-31T23:59:59Z", "2027-01-01T23:59:59Z")


def test_a_conflict_says_where(publisher: Publisher) -> None:
    conflict = publisher.conflict()
    assert conflict.code == "HB816" and "`production`" in conflict.message
