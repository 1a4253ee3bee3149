"""Who may sign what: by plain keys, or by a root document that is followed from the pinned one on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from root_world import (
    MADE,
    OPERATOR,
    PUBLISHER,
    ROOT_KEYS,
    STRANGER,
    SUCCESSOR,
    Roots,
    first_root,
    signed,
)

from handbill.publish.rooting import Change, next_version, with_keys, without_key
from handbill.store.errors import (
    KeyUnusable,
    RootExpired,
    RootOlder,
    RootUnreadable,
    RootUntrusted,
)
from handbill.store.folder import FolderStore
from handbill.store.paths import root_path
from handbill.store.trust import flat_trust, load_trust, open_trust, pinned_trust


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    return Roots(FolderStore(tmp_path / "store"))


def test_plain_keys_sign_everything_everywhere(tmp_path: Path) -> None:
    trust = flat_trust(PUBLISHER.public, PUBLISHER.public)
    assert trust.publishers("a") == trust.operators("b") and trust.publishers("a").threshold == 1
    assert trust.publishers("a").keys == (PUBLISHER.public,)
    assert trust.version == 0 and trust.root is None and not trust.runtimes
    assert trust.updated(FolderStore(tmp_path)) is trust
    assert trust.including(OPERATOR.public).keys == (OPERATOR.public, PUBLISHER.public)
    trust.refuse_expired(MADE)
    trust.refuse_older(9)


def test_a_root_document_delegates_each_environment_alone(roots: Roots) -> None:
    trust = roots.trust
    assert trust.publishers("production").keys == (PUBLISHER.public,)
    assert trust.operators("production").keys == (OPERATOR.public,)
    assert trust.publishers("staging").keys == () == trust.operators("staging").keys
    assert trust.including(STRANGER.public) is trust


def test_later_versions_are_followed_and_earlier_ones_remembered(roots: Roots) -> None:
    roots.add_publisher(SUCCESSOR)
    roots.follow_up(without_key(roots.newest, PUBLISHER.public))
    trust = roots.trust.updated(roots.store)
    assert trust.version == 3
    assert trust.publishers("production").keys == (SUCCESSOR.public,)
    assert trust.as_of(2).publishers("production").keys == (PUBLISHER.public, SUCCESSOR.public)
    assert trust.as_of(0) == trust.as_of(1) == roots.trust
    assert trust.updated(roots.store) is trust
    assert roots.trust.updated(roots.store, most=1).version == 2


def test_a_document_in_the_store_is_never_believed_by_itself(roots: Roots) -> None:
    """Whoever can write to the store cannot make themselves a publisher."""
    grab = with_keys(roots.newest, Change(environment="production", publishers=[STRANGER.public]))
    forged = signed(next_version(grab, MADE), STRANGER, PUBLISHER)
    roots.store.put({root_path(2): forged})
    with pytest.raises(RootUntrusted):
        roots.trust.updated(roots.store)
    roots.store.put({root_path(1): forged, root_path(2): b"damaged"})
    with pytest.raises(RootUnreadable):
        roots.trust.updated(roots.store)
    assert roots.trust.publishers("production").keys == (PUBLISHER.public,)


def test_another_chain_is_not_followed(roots: Roots, tmp_path: Path) -> None:
    other = Roots(FolderStore(tmp_path / "other"), first_root(days=1))
    moved = other.follow_up(other.newest, STRANGER, *ROOT_KEYS[:1], ROOT_KEYS[2])
    roots.store.put({root_path(2): moved})
    assert roots.trust.updated(roots.store).version == 2  # the same keys: it is theirs to say
    strange = signed(next_version(roots.newest, MADE), STRANGER, ROOT_KEYS[0])
    roots.store.put({root_path(2): strange})
    with pytest.raises(RootUntrusted):
        roots.trust.updated(roots.store)


def test_what_was_seen_must_still_be_there(roots: Roots) -> None:
    with pytest.raises(RootOlder, match="version 2 was already seen"):
        roots.trust.refuse_older(2)
    roots.trust.refuse_older(1)


def test_an_expired_document_still_leads_to_the_next(roots: Roots) -> None:
    late = MADE + timedelta(days=366)
    with pytest.raises(RootExpired):
        roots.trust.refuse_expired(late)
    following = next_version(roots.newest, late)
    roots.store.put({root_path(2): signed(following)})
    roots.trust.updated(roots.store).refuse_expired(late)


def test_trust_is_loaded_from_keys_or_from_one_document(roots: Roots, tmp_path: Path) -> None:
    file = tmp_path / "root.json"
    file.write_bytes(roots.pinned)
    assert load_trust([str(file)]) == roots.trust
    assert load_trust([str(PUBLISHER.public)]) == flat_trust(PUBLISHER.public)
    roots.add_publisher(SUCCESSOR)
    assert open_trust([str(file)], roots.store).version == 2
    with pytest.raises(KeyUnusable, match="by itself"):
        load_trust([str(file), str(PUBLISHER.public)])
    with pytest.raises(KeyUnusable, match="cannot be read"):
        load_trust([str(tmp_path / "missing")])
    file.write_bytes(signed(roots.newest, ROOT_KEYS[0]))
    with pytest.raises(RootUntrusted):
        load_trust([str(file)])


def test_runtimes_have_keys_of_their_own(roots: Roots) -> None:
    change = Change(runtimes={"one": STRANGER.public})
    trust = pinned_trust(signed(with_keys(roots.newest, change)))
    assert trust.runtimes == {"one": STRANGER.public}
