"""Publishing to a bucket that fails at any one request: the old release runs on, or the new one does."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from fault_proxy import Fault
from s3_server import Bucket
from sample_release import compiled, environment, signing_key

from handbill.publish.publication import Outcome
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.store import bucket as bucket_module
from handbill.store.bucket import BucketStore
from handbill.store.errors import StoreUnavailable
from handbill.store.pointer import read_pointer
from handbill.store.release import prove_whole

NOW = datetime(2026, 12, 5, tzinfo=UTC)
OLD = compiled({"fresh": "old", "valle": "same"}, commit="a" * 40)
NEW = compiled({"fresh": "new", "valle": "same", "third": "new"}, commit="b" * 40)


def publisher(bucket: Bucket, tries: int = 1) -> Publisher:
    store = bucket.open()
    assert isinstance(store, BucketStore)
    store._tries = tries
    return Publisher(store, "production", signing_key(), lambda: NOW)


def active(bucket: Bucket) -> str:
    """Which release runs; proved whole."""
    found = read_pointer(bucket.open(), "production", publisher(bucket).trust)
    assert found is not None
    prove_whole(bucket.open(), found.pointer)
    return {OLD.digest: "old", NEW.digest: "new"}[found.pointer.release]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_module, "FIRST_PAUSE", 0.001)


@pytest.mark.parametrize("what", ["cut", "lose"])
def test_dying_at_any_request_leaves_one_release_or_the_other(
    bucket: Bucket, what: str | int
) -> None:
    """From the n-th request on, nothing comes back: as when the publisher is killed there, or its
    network is. `lose`: the n-th itself was done."""
    publish(publisher(bucket), OLD, environment())
    seen = set()
    for number in range(100):
        bucket.proxy.die_at(len(bucket.proxy.requests) + number, what)
        try:
            publish(publisher(bucket), NEW, environment())
            finished = True
        except StoreUnavailable:
            finished = False
        bucket.proxy.live()
        seen.add(active(bucket))
        done = publish(publisher(bucket), NEW, environment())
        assert done.outcome in (Outcome.PUBLISHED, Outcome.UNCHANGED)
        assert active(bucket) == "new"
        publish(publisher(bucket), OLD, environment())
        if finished:
            break
    assert finished and seen == {"old", "new"} and number > 4


@pytest.mark.parametrize("what", ["lose", 409, 500])
def test_one_failing_request_stops_no_publish(bucket: Bucket, what: str | int) -> None:
    publish(publisher(bucket, 3), OLD, environment())
    for method in ("GET", "HEAD", "PUT"):
        for path in ("pointer", "history", "packs", "list-type"):
            bucket.proxy.spoil(Fault(method, path, what))
            assert publish(publisher(bucket, 3), NEW, environment()).outcome is Outcome.PUBLISHED
            assert active(bucket) == "new"
            bucket.proxy.forget()
            publish(publisher(bucket, 3), OLD, environment())


def test_of_many_publishers_each_release_is_published_once(bucket: Bucket) -> None:
    """Four at once, every one with releases of its own: no sequence is used twice, none is lost."""
    published: list[int] = []

    def run(name: str) -> None:
        for n in range(3):
            release = compiled({f"tenant-{name}": f"text {n}"}, commit=(name * 40)[:40])
            done = publish(publisher(bucket, 5), release, environment())
            if done.outcome is Outcome.PUBLISHED and done.pointer is not None:
                published.append(done.pointer.sequence)

    threads = [threading.Thread(target=run, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(published)) == len(published) == 12
    found = read_pointer(bucket.open(), "production", publisher(bucket).trust)
    assert found is not None and found.pointer.sequence == max(published)
    prove_whole(bucket.open(), found.pointer)
