from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sample_release import compiled, environment, signing_key

from handbill.publish.bundling import LOOK_EVERY, bundle_what_runs
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.store.bundle import read_catalog
from handbill.store.errors import StoreUnavailable
from handbill.store.folder import FolderStore


class Distant(FolderStore):
    """A folder as a bucket is: nobody can watch it."""

    def watched_folder(self, environment: str) -> None:
        return None


@pytest.fixture
def distant(publisher: Publisher, clock: Callable[[], datetime]) -> Publisher:
    assert isinstance(publisher.store, FolderStore)
    return Publisher(Distant(publisher.store.root), "production", signing_key(), clock)


def texts(count: int, text: str) -> dict[str, str]:
    return {f"tenant-{n}": text for n in range(count)}


def test_many_new_tenants_are_bundled_and_few_are_not(distant: Publisher) -> None:
    publish(distant, compiled(texts(40, "one")), environment())
    first = read_catalog(distant.store, "production")
    assert first is not None and sum(len(b.roots) for b in first.bundles) == 40
    publish(distant, compiled(texts(40, "one") | {"another": "x"}, commit="d" * 40), environment())
    assert read_catalog(distant.store, "production") == first


def test_many_small_changes_are_noticed_at_last(distant: Publisher) -> None:
    publish(distant, compiled(texts(60, "one")), environment())
    first = read_catalog(distant.store, "production")
    changed = texts(60, "one")
    for number in range(2, LOOK_EVERY + 1):
        for n in range(4):
            changed[f"tenant-{(4 * number + n) % 60}"] = f"text {number}"
        publish(distant, compiled(changed, commit=f"{number:040x}"), environment())
        if number < LOOK_EVERY:
            assert read_catalog(distant.store, "production") == first
    assert read_catalog(distant.store, "production") != first


def test_a_folder_has_none(publisher: Publisher) -> None:
    done = publish(publisher, compiled(texts(40, "one")), environment())
    assert not bundle_what_runs(publisher, done)
    assert read_catalog(publisher.store, "production") is None


def test_a_failure_is_no_failure_of_the_publish(
    distant: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bool:
        raise StoreUnavailable("it is full")

    monkeypatch.setattr("handbill.publish.bundling.renew_bundles", refuse)
    done = publish(distant, compiled(texts(40, "one")), environment())
    assert done.pointer is not None and not bundle_what_runs(distant, done)
