"""What lies in a store, as its reader finds it: for the tests of a publish."""

from __future__ import annotations

from pathlib import Path

from handbill.publish.publisher import Publisher
from handbill.store.folder import FolderStore
from handbill.store.pointer import read_pointer
from handbill.store.release import prove_whole, read_release, read_tenant


def root_of(publisher: Publisher) -> Path:
    assert isinstance(publisher.store, FolderStore)
    return publisher.store.root


def titles_of(publisher: Publisher) -> dict[str, str]:
    """What a reader of the store finds: tenant → its push title."""
    stored = read_pointer(publisher.store, "production", publisher.trust)
    assert stored is not None
    prove_whole(publisher.store, stored.pointer)
    release = read_release(publisher.store, stored.pointer.release).release
    titles = {}
    for name, digest in release.tenants.items():
        plan = read_tenant(publisher.store, digest).plans["hello"]
        (content,) = plan.variants[0].messages["main"].values()
        titles[name] = content.locales["en-US"]["title"][0].text  # type: ignore[union-attr]
    return titles
