from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from diff_world import side

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diff.sides import OpenSide
from handbill.diff.stored import StoreAccess, open_stored
from handbill.publish.keys import SigningKey, generate_key
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.store.errors import PackDamaged, PointerUntrusted
from handbill.store.folder import FolderStore
from handbill.store.keys import PublicKey
from handbill.store.trust import flat_trust

NOW = datetime.datetime(2026, 11, 3, 9, tzinfo=datetime.UTC)
LABEL = "store:staging"


@pytest.fixture
def key() -> SigningKey:
    return generate_key()


@pytest.fixture
def store(tmp_path: Path, key: SigningKey) -> FolderStore:
    """The base as `staging` has it."""
    store = FolderStore(tmp_path / "store")
    compiled = side().compiled
    assert compiled is not None and compiled.release is not None
    publisher = Publisher(store, "staging", key, lambda: NOW)
    publish(publisher, compiled.release, compiled.environments["staging"])
    return store


def opened(
    store: FolderStore, *trusted: PublicKey, environment: str = "staging"
) -> OpenSide | Diagnostic:
    return open_stored(LABEL, environment, StoreAccess(lambda _: store, flat_trust(*trusted)))


def test_what_was_published_is_the_side(store: FolderStore, key: SigningKey) -> None:
    found, compiled = opened(store, key.public), side()
    assert isinstance(found, OpenSide)
    assert (found.about.label, found.about.digest) == (LABEL, compiled.about.digest)
    assert found.plan("fresh-fields", "hello") == compiled.plan("fresh-fields", "hello")
    assert found.channel("email") == compiled.channel("email")
    assert (found.file_of("fresh-fields", "hello"), found.compiled) == ("", None)


def test_nothing_is_believed_without_a_key(store: FolderStore) -> None:
    for found in (opened(store), open_stored(LABEL, "staging", None)):
        assert isinstance(found, Diagnostic) and found.code == "HB726"
        assert "--trust" in (found.hint or "")


def test_an_environment_that_was_never_published(store: FolderStore, key: SigningKey) -> None:
    found = opened(store, key.public, environment="production")
    assert isinstance(found, Diagnostic) and found.code == "HB727"
    assert "`production`" in found.message
    assert "handbill publish --env production" in (found.hint or "")


def test_another_key_is_not_believed(store: FolderStore) -> None:
    with pytest.raises(PointerUntrusted):
        opened(store, generate_key().public)


def test_a_pack_is_verified_when_it_is_read(
    tmp_path: Path, store: FolderStore, key: SigningKey
) -> None:
    found = opened(store, key.public)
    assert isinstance(found, OpenSide)
    for pack in (tmp_path / "store" / "packs").rglob("*"):
        if pack.is_file():
            pack.write_bytes(pack.read_bytes()[:-1])
    with pytest.raises(PackDamaged):
        found.plan("fresh-fields", "hello")
