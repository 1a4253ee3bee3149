"""Root documents from draft to store: what may be signed, what is published, what is in the way."""

from __future__ import annotations

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

from handbill.publish.keys import write_key
from handbill.publish.rooting import (
    Change,
    missing_signatures,
    next_version,
    publish_root,
    read_file,
    runtime_keys,
    sign_file,
    unsigned,
    with_keys,
    without_key,
)
from handbill.store.errors import (
    KeyNotDelegated,
    KeyUnusable,
    NotInStore,
    RootConflict,
    RootUnreadable,
    RootUntrusted,
)
from handbill.store.folder import FolderStore
from handbill.store.paths import root_path
from handbill.store.root import decode_root


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    return Roots(FolderStore(tmp_path / "store"))


def test_a_key_is_revoked_wherever_it_stands_or_in_one_environment(roots: Roots) -> None:
    change = Change(
        environment="staging",
        publishers=[PUBLISHER.public, SUCCESSOR.public],
        runtimes={"one": PUBLISHER.public},
    )
    both = with_keys(roots.newest, change)
    here = without_key(both, PUBLISHER.public, "staging")
    assert here.environments["staging"].publishers.keys == (str(SUCCESSOR.public),)
    assert here.environments["production"] == both.environments["production"]
    assert set(here.runtimes) == {"one"}
    gone = without_key(both, PUBLISHER.public)
    assert set(gone.environments) == {"staging"} and not gone.runtimes
    with pytest.raises(KeyNotDelegated, match="does not name"):
        without_key(gone, PUBLISHER.public)


def test_only_root_keys_sign(roots: Roots) -> None:
    draft = unsigned(roots.newest)
    with pytest.raises(KeyNotDelegated, match="no root key"):
        sign_file(draft, PUBLISHER)
    once = sign_file(draft, ROOT_KEYS[0])
    assert missing_signatures(once, roots.newest.root) == 1
    assert sign_file(once, ROOT_KEYS[0]) == once
    assert missing_signatures(sign_file(once, ROOT_KEYS[1]), roots.newest.root) == 0
    following = unsigned(next_version(roots.newest, MADE))
    sign_file(following, ROOT_KEYS[0], roots.newest)
    sign_file(following, STRANGER)  # perhaps a key of the version before, which is not at hand


def test_versions_are_published_in_order_and_once(roots: Roots, tmp_path: Path) -> None:
    assert publish_root(roots.store, roots.pinned).version == 1
    two = next_version(roots.newest, MADE)
    with pytest.raises(RootUntrusted):
        publish_root(roots.store, signed(two, ROOT_KEYS[0]))
    with pytest.raises(NotInStore, match="version 1 of"):
        publish_root(FolderStore(tmp_path / "empty"), signed(two))
    publish_root(roots.store, signed(two))
    other = with_keys(two, Change(runtimes={"one": STRANGER.public}))
    with pytest.raises(RootConflict):
        publish_root(roots.store, signed(other))
    with pytest.raises(RootConflict):
        publish_root(roots.store, first_root(days=3))


def test_a_file_in_the_way_that_nobody_would_follow_is_replaced(roots: Roots) -> None:
    two = signed(next_version(roots.newest, MADE))
    for junk in (b"junk", signed(next_version(roots.newest, MADE), ROOT_KEYS[0]), roots.pinned):
        roots.store.put({root_path(2): junk})
        publish_root(roots.store, two)
        assert roots.trust.updated(roots.store).version == 2


def test_what_could_never_be_obeyed_is_not_drafted(roots: Roots) -> None:
    with pytest.raises(KeyUnusable, match="4 signatures of 3"):
        unsigned(with_keys(roots.newest, Change(root_threshold=4)))
    lone = with_keys(roots.newest, Change(environment="staging", operators=[OPERATOR.public]))
    with pytest.raises(KeyUnusable, match="publishers of `staging`"):
        unsigned(lone)


def test_runtimes_are_named_with_their_keys(tmp_path: Path) -> None:
    write_key(tmp_path / "one", STRANGER)
    assert runtime_keys([f"shop-1={tmp_path / 'one.pub'}"]) == {"shop-1": STRANGER.public}
    for nonsense in ("shop-1", f"={tmp_path / 'one.pub'}"):
        with pytest.raises(KeyUnusable, match="NAME=KEY"):
            runtime_keys([nonsense])


def test_a_file_is_read_or_told(tmp_path: Path, roots: Roots) -> None:
    (tmp_path / "root.json").write_bytes(roots.pinned)
    assert decode_root(read_file(tmp_path / "root.json")) == roots.newest
    with pytest.raises(RootUnreadable, match="cannot be read"):
        read_file(tmp_path)
