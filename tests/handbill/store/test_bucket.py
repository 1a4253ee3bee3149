"""The bucket store against moto's S3 server, through a proxy that spoils requests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from cloud_recorder import CloudRecorder
from fault_proxy import Fault
from hypothesis import given
from hypothesis import strategies as st
from s3_server import Bucket

from handbill.store import bucket as bucket_module
from handbill.store.bucket import BucketStore, _e_tag, _version
from handbill.store.errors import StoreError, StoreUnavailable, StoreUnusable, TooLarge
from handbill.store.store import MAX_FILE_BYTES, Unchanged, open_store

POINTER = "environments/production/pointer"
ENTRY = "environments/production/history/0000000001"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_module, "FIRST_PAUSE", 0.001)


def test_what_is_put_is_read(bucket: Bucket) -> None:
    store = bucket.open()
    assert store.url == bucket.url and store.watched_folder("production") is None
    assert store.read(POINTER) is None and store.size(POINTER) is None
    assert store.names("packs") == () and store.folders("environments") == ()
    store.put({POINTER: b"one", "packs/b": b"two", "packs/a": b""})
    store.put({POINTER: b"three"}, durable=False)
    stored = store.read(POINTER)
    assert stored is not None and stored.data == b"three"
    assert store.names("packs") == ("a", "b") and store.folders("environments") == ("production",)
    assert store.sizes(("packs/b", "packs/none", POINTER)) == (3, None, 5)
    found = list(store.read_many(("packs/b", "packs/none", "packs/a")))
    assert [each.data if each else None for each in found] == [b"two", None, b""]
    [a, b] = store.listed("packs")
    assert (a.name, a.size, b.name, b.size) == ("a", 0, "b", 3)
    assert abs((b.modified - datetime.now(UTC)).total_seconds()) < 3600
    store.remove(("packs/a", "packs/none"))
    assert store.names("packs") == ("b",)


def test_many_files_at_once(bucket: Bucket) -> None:
    store = bucket.open()
    paths = [f"packs/{n:03}" for n in range(2 * bucket_module.TOGETHER + 3)]
    store.put({path: path.encode() for path in paths})
    found = store.read_many(list(reversed(paths)))
    assert [each.data.decode() for each in found if each] == list(reversed(paths))
    assert store.sizes(paths) == (9,) * len(paths)
    store.remove(paths)
    assert store.names("packs") == ()


def test_a_folder_of_more_than_a_page(bucket: Bucket) -> None:
    """S3 lists, and deletes, a thousand at a time."""
    store = bucket.open()
    paths = [f"packs/{n:04}" for n in range(1010)]
    store.put(dict.fromkeys(paths, b"x"))
    assert store.names("packs") == tuple(path.removeprefix("packs/") for path in paths)
    store.remove(paths)
    assert store.names("packs") == ()


def test_an_unchanged_pointer_costs_one_request_and_no_bytes(bucket: Bucket) -> None:
    store = bucket.open()
    store.put({POINTER: b"x" * 5000})
    first = store.read(POINTER)
    assert first is not None
    before, sent = len(bucket.proxy.requests), bucket.proxy.bytes_sent
    assert store.read_unless(POINTER, first.version) is Unchanged.UNCHANGED
    assert len(bucket.proxy.requests) == before + 1 and bucket.proxy.bytes_sent == sent
    store.put({POINTER: b"y"})
    second = store.read_unless(POINTER, first.version)
    assert second is not None and second is not Unchanged.UNCHANGED and second.data == b"y"
    store.remove((POINTER,))
    assert store.read_unless(POINTER, first.version) is None


def test_create_never_overwrites(bucket: Bucket) -> None:
    store = bucket.open()
    assert store.create(ENTRY, b"first")
    assert not store.create(ENTRY, b"second") and not store.create(ENTRY, b"first")
    stored = store.read(ENTRY)
    assert stored is not None and stored.data == b"first"


def test_swap_asks_what_was_there(bucket: Bucket) -> None:
    store = bucket.open()
    assert not store.swap(POINTER, _version('"some-version"', None), b"x")
    assert store.swap(POINTER, None, b"first")
    assert not store.swap(POINTER, None, b"x")
    first = store.read(POINTER)
    assert first is not None and store.swap(POINTER, first.version, b"second")
    assert not store.swap(POINTER, first.version, b"x")
    second = store.read(POINTER)
    assert second is not None and second.data == b"second"


@given(
    e_tag=st.text(st.characters(codec="ascii", categories=["L", "N"])), generation=st.text("0123")
)
def test_a_version_holds_both_marks(e_tag: str, generation: str) -> None:
    """Google compares generations, the others e-tags."""
    version = _version(f'"{e_tag}"', generation or None)
    assert _e_tag(version) == f'"{e_tag}"' and version.split("\n")[1] == generation


# ── faults ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", ["cut", 500, 503, 429])
def test_what_may_pass_is_tried_again(bucket: Bucket, what: str | int) -> None:
    store = bucket.open()
    bucket.proxy.spoil(Fault("PUT", "pointer", what))
    assert store.swap(POINTER, None, b"first")
    bucket.proxy.spoil(Fault("GET", "pointer", what))
    first = store.read(POINTER)
    bucket.proxy.spoil(Fault("HEAD", "pointer", what))
    assert first is not None and store.size(POINTER) == 5
    bucket.proxy.spoil(Fault("PUT", "pointer", what))
    assert store.swap(POINTER, first.version, b"second")
    bucket.proxy.spoil(Fault("GET", "list-type", what))
    assert store.names("environments/production") == ("pointer",)
    bucket.proxy.spoil(Fault("PUT", "packs", what))
    store.put({"packs/a": b"a"})
    bucket.proxy.spoil(Fault("POST", "delete", what))
    store.remove(("packs/a",))
    assert store.read("packs/a") is None


def test_an_answer_that_does_not_come_is_asked_for_again(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_TIMEOUT", "1s")
    store = bucket.open()
    bucket.proxy.spoil(Fault("PUT", "pointer", "hang"))
    assert store.swap(POINTER, None, b"first")
    bucket.proxy.spoil(Fault("GET", "pointer", "hang"))
    assert store.read(POINTER) is not None


def test_half_a_body_is_not_taken_for_a_file(bucket: Bucket) -> None:
    store = bucket.open()
    store.put({"packs/a": b"0123456789" * 100})
    bucket.proxy.spoil(Fault("GET", "packs", "halve"))
    stored = store.read("packs/a")
    assert stored is not None and len(stored.data) == 1000
    bucket.proxy.spoil(Fault("GET", "packs", "halve", times=99))
    with pytest.raises(StoreUnavailable):
        store.read("packs/a")


def test_a_lost_answer_is_not_a_lost_race(bucket: Bucket) -> None:
    """The write was done; asked again, the server says that the condition failed."""
    store = bucket.open()
    bucket.proxy.spoil(Fault("PUT", "history", "lose"))
    assert store.create(ENTRY, b"ours")
    bucket.proxy.spoil(Fault("PUT", "pointer", "lose"))
    assert store.swap(POINTER, None, b"first")
    first = store.read(POINTER)
    bucket.proxy.spoil(Fault("PUT", "pointer", "lose", times=2))
    assert first is not None and store.swap(POINTER, first.version, b"second")
    second = store.read(POINTER)
    assert second is not None and second.data == b"second"


def test_a_race_lost_behind_a_cut_is_a_lost_race(bucket: Bucket) -> None:
    store, other = bucket.open(), bucket.open()
    assert other.create(ENTRY, b"theirs")
    bucket.proxy.spoil(Fault("PUT", "history", "cut"))
    assert not store.create(ENTRY, b"ours")
    assert other.swap(POINTER, None, b"theirs")
    bucket.proxy.spoil(Fault("PUT", "pointer", "cut"))
    assert not store.swap(POINTER, None, b"ours")
    stored = store.read(POINTER)
    assert stored is not None and stored.data == b"theirs"


def test_a_conflict_that_nobody_won_is_tried_again(bucket: Bucket) -> None:
    """S3 answers 409 where two conditional writes met; it does not say that either was done."""
    store = bucket.open()
    bucket.proxy.spoil(Fault("PUT", "history", 409))
    assert store.create(ENTRY, b"ours")
    assert store.swap(POINTER, None, b"first")
    first = store.read(POINTER)
    bucket.proxy.spoil(Fault("PUT", "pointer", 409, times=2))
    assert first is not None and store.swap(POINTER, first.version, b"second")
    bucket.proxy.spoil(Fault("PUT", "history", 409, times=99))
    with pytest.raises(StoreUnavailable):
        store.create(ENTRY.replace("1", "2"), b"ours")


def test_412_where_the_pointer_is_the_one_that_was_read(bucket: Bucket) -> None:
    """A server that contradicts itself is asked again, and then given up."""
    store = bucket.open()
    assert store.swap(POINTER, None, b"first")
    first = store.read(POINTER)
    bucket.proxy.spoil(Fault("PUT", "pointer", 412))
    assert first is not None and store.swap(POINTER, first.version, b"second")


def test_a_store_that_stays_away_is_given_up_in_bounds(bucket: Bucket) -> None:
    store = bucket.open()
    for method, act in (
        ("GET", lambda: store.read(POINTER)),
        ("GET", lambda: store.names("packs")),
        ("HEAD", lambda: store.size(POINTER)),
        ("PUT", lambda: store.put({POINTER: b"x"})),
        ("PUT", lambda: store.create(POINTER, b"x")),
        ("PUT", lambda: store.put({f"packs/{n}": b"x" for n in range(3)})),
    ):
        bucket.proxy.spoil(Fault(method, "", 503, times=bucket_module.TRIES * 3))
        with pytest.raises(StoreUnavailable, match=r"503|Spoilt") as refusal:
            act()
        assert refusal.value.hint and "secret-of-anybody" not in str(refusal.value)
        bucket.proxy._faults.clear()


@pytest.mark.parametrize(("status", "advice"), [(403, "credentials"), (401, "credentials")])
def test_what_will_not_pass_is_told_at_once(bucket: Bucket, status: int, advice: str) -> None:
    store = bucket.open()
    bucket.proxy.spoil(Fault("GET", "pointer", status, times=9))
    with pytest.raises(StoreUnavailable) as refusal:
        store.read(POINTER)
    assert bucket.proxy.count("GET") == 1 and advice in (refusal.value.hint or "")


def test_a_bucket_that_is_not_there(bucket: Bucket) -> None:
    store = open_store("s3://no-such-bucket/x")
    for act in (
        lambda: store.read(POINTER),
        lambda: store.names("packs"),
        lambda: store.create(POINTER, b"x"),
    ):
        with pytest.raises(StoreUnavailable, match="NoSuchBucket") as refusal:
            act()
        assert "make the bucket" in (refusal.value.hint or "")


def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch, bucket: Bucket) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        open_store(bucket.url).read(POINTER)
    monkeypatch.delenv("AWS_ALLOW_HTTP")
    with pytest.raises(StoreUnavailable, match="not HTTPS") as refusal:
        open_store(bucket.url).read(POINTER)
    assert "AWS_ALLOW_HTTP" in (refusal.value.hint or "")


def test_what_is_too_large_is_neither_read_nor_written(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = bucket.open()
    for act in (
        lambda: store.put({"packs/a": bytes(MAX_FILE_BYTES + 1)}),
        lambda: store.create("packs/a", bytes(MAX_FILE_BYTES + 1)),
    ):
        with pytest.raises(TooLarge):
            act()
    store.put({"packs/a": bytes(1000)})
    monkeypatch.setattr(bucket_module, "MAX_FILE_BYTES", 999)
    with pytest.raises(TooLarge):
        store.read("packs/a")


# ── processes ────────────────────────────────────────────────────────────────────────────────────

SWAP_OFTEN = """
import sys
from handbill.store.store import open_store
store, done = open_store(sys.argv[1]), 0
while done < 8:
    stored = store.read("environments/production/pointer")
    value = int(stored.data) if stored else 0
    version = stored.version if stored else None
    done += store.swap("environments/production/pointer", version, b"%d" % (value + 1))
"""


def test_no_swap_of_several_processes_is_lost(bucket: Bucket) -> None:
    running = [subprocess.Popen([sys.executable, "-c", SWAP_OFTEN, bucket.url]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    stored = bucket.open().read(POINTER)
    assert stored is not None and stored.data == b"24"


def test_a_folder_store_loads_nothing_of_a_bucket() -> None:
    program = (
        "import sys, handbill.store.store as s; s.open_store('/tmp/x'); import handbill.store.release;"
        "sys.exit(bool({'obstore', 'httpx'} & {name.partition('.')[0] for name in sys.modules}))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# ── other clouds: how they are opened ────────────────────────────────────────────────────────────


def test_google_and_azure_are_opened_by_their_own_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(StoreUnusable, match="Account must be specified") as refusal:
        open_store("az://container/prefix")
    assert "AZURE_STORAGE_ACCOUNT_NAME" in (refusal.value.hint or "")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "somebody")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", "c2VjcmV0")
    for url in ("az://container/prefix", "gs://bucket", "gs://bucket/deep/prefix"):
        store = open_store(url)
        assert isinstance(store, BucketStore) and store.url == url


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudRecorder]:
    recorder = CloudRecorder()
    account = {
        "private_key": "",
        "private_key_id": "",
        "client_email": "",
        "gcs_base_url": recorder.url,
        "disable_oauth": True,
    }
    for name, value in {
        "GOOGLE_SERVICE_ACCOUNT_KEY": json.dumps(account),
        "GOOGLE_ALLOW_HTTP": "true",
        "AZURE_STORAGE_ACCOUNT_NAME": "somebody",
        "AZURE_STORAGE_ACCOUNT_KEY": "c2VjcmV0",
        "AZURE_STORAGE_ENDPOINT": recorder.url,
        "AZURE_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)
    yield recorder
    recorder.close()


@pytest.mark.parametrize(
    ("url", "creating", "swapping"),
    [
        (
            "gs://bucket/prefix",
            {"x-goog-if-generation-match": "0"},
            {"x-goog-if-generation-match": "76"},
        ),
        ("az://container/prefix", {"if-none-match": "*"}, {"if-match": '"another"'}),
    ],
)
def test_google_and_azure_are_asked_on_their_own_conditions(
    recorder: CloudRecorder, url: str, creating: dict[str, str], swapping: dict[str, str]
) -> None:
    store = open_store(url)
    stored = store.read(POINTER)
    assert stored is not None and stored.data == b"bytes"
    assert store.read_unless(POINTER, stored.version) is Unchanged.UNCHANGED
    assert recorder.asked == [("GET", {}), ("GET", {"if-none-match": '"one"'})]
    assert not store.create(POINTER, b"new")
    assert not store.swap(POINTER, _version('"another"', "76"), b"new")
    assert [said for method, said in recorder.asked if method == "PUT"] == [creating, swapping]


def test_a_variable_that_means_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONNECT_TIMEOUT", "soon")
    with pytest.raises(StoreError) as refusal:
        open_store("s3://bucket")
    assert refusal.value.hint
