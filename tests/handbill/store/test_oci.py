"""The registry store against Debian's docker-registry, through a proxy that spoils requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fault_proxy import Fault, FaultProxy
from hypothesis import given
from hypothesis import strategies as st
from registry_server import registry
from sample_release import compiled, environment, signing_key

from handbill.publish.publication import Outcome
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.store import lease as lease_module
from handbill.store import oci as oci_module
from handbill.store import registry as registry_module
from handbill.store.collect import Keep, collect
from handbill.store.errors import (
    NotInStore,
    PackDamaged,
    StoreLeased,
    StoreUnavailable,
    StoreUnusable,
    TooLarge,
)
from handbill.store.oci import MANIFEST, OciStore, open_registry, path_of, tag_of
from handbill.store.paths import part_path
from handbill.store.references import HistoryWindow
from handbill.store.release import prove_whole
from handbill.store.store import MAX_FILE_BYTES, Unchanged, open_store

POINTER = "environments/production/pointer"
ENTRY = "environments/production/history/0000000001"


@dataclass(frozen=True)
class Served:
    proxy: FaultProxy
    host: str

    def open(self) -> OciStore:
        store = open_store(f"oci://{self.host}/retail/handbill")
        assert isinstance(store, OciStore)
        return store


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(lease_module, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(registry_module, "FIRST_PAUSE", 0.001)
    with registry(tmp_path / "registry") as host:
        proxy = FaultProxy(f"http://{host}")
        yield Served(proxy, proxy.url.removeprefix("http://"))
        proxy.close()


def test_what_is_put_is_read(served: Served) -> None:
    store = served.open()
    assert store.url.endswith("/retail/handbill") and store.watched_folder("production") is None
    assert store.read(POINTER) is None and store.size(POINTER) is None
    assert store.names("packs") == () and store.folders("environments") == ()
    store.put({POINTER: b"one", "packs/b": b"two", "packs/a": b"a"})
    store.put({POINTER: b"three"}, durable=False)
    store.put({})
    stored = store.read(POINTER)
    assert stored is not None and stored.data == b"three"
    assert store.names("packs") == ("a", "b") and store.folders("environments") == ("production",)
    assert store.sizes(("packs/b", "packs/none")) == (3, None)
    found = list(store.read_many([f"packs/{name}" for name in ("b", "none", "a")] * 6))
    assert [each.data if each else None for each in found] == [b"two", None, b"a"] * 6
    [a, _] = store.listed("packs")
    assert (a.name, a.size) == ("a", 1)
    assert abs((a.modified - datetime.now(UTC)).total_seconds()) < 3600
    store.remove(("packs/a", "packs/none"))
    assert store.names("packs") == ("b",)


def test_an_unchanged_pointer_costs_one_request_and_no_bytes(served: Served) -> None:
    store = served.open()
    store.put({POINTER: b"x" * 500})
    first = store.read(POINTER)
    assert first is not None
    before, sent = len(served.proxy.requests), served.proxy.bytes_sent
    assert store.read_unless(POINTER, first.version) is Unchanged.UNCHANGED
    assert len(served.proxy.requests) == before + 1 and served.proxy.bytes_sent == sent
    store.put({POINTER: b"y"})
    second = store.read_unless(POINTER, first.version)
    assert second is not None and second is not Unchanged.UNCHANGED and second.data == b"y"


def test_the_layout_is_that_of_oras(served: Served) -> None:
    store = served.open()
    store.put({"packs/a": b"bytes"})
    url = f"http://{served.host}/v2/retail/handbill/manifests/packs.a"
    manifest = json.loads(httpx.get(url, headers={"Accept": MANIFEST}).text)
    assert manifest["artifactType"] == "application/vnd.handbill.pack.v1"
    assert manifest["config"]["mediaType"] == "application/vnd.oci.empty.v1+json"
    [layer] = manifest["layers"]
    assert layer["annotations"] == {"org.opencontainers.image.title": "packs/a"}


@given(
    st.lists(
        st.text("abc._-012", min_size=1, max_size=8).filter(lambda name: name[0] in "abc012"),
        min_size=1,
        max_size=4,
    )
)
def test_a_tag_says_its_path(names: list[str]) -> None:
    path = "/".join(names)
    assert path_of(tag_of(path)) == path


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(StoreUnusable, match="too long"):
        tag_of(f"environments/{'e' * 64}/receipts/{'r' * 100}")


def test_create_and_swap_ask_what_was_there(served: Served) -> None:
    store = served.open()
    assert store.create(ENTRY, b"first") and not store.create(ENTRY, b"second")
    assert store.swap(POINTER, None, b"first") and not store.swap(POINTER, None, b"x")
    first = store.read(POINTER)
    assert first is not None and store.swap(POINTER, first.version, b"second")
    assert not store.swap(POINTER, first.version, b"x")
    second = store.read(POINTER)
    assert second is not None and second.data == b"second"


def test_one_publisher_at_a_time(served: Served) -> None:
    store, other = served.open(), served.open()
    assert store.create(ENTRY, b"first")
    with pytest.raises(StoreLeased, match="another publisher"):
        other.create(ENTRY.replace("1", "2"), b"theirs")
    other.put({"environments/production/receipts/one": b"a receipt takes no lease"})
    assert store.swap(POINTER, None, b"ours")


def test_a_publisher_that_was_overtaken_while_it_waited_writes_nothing(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, other = served.open(), served.open()
    monkeypatch.setattr(store._lease, "_sleep", lambda _: other._write(oci_module.LEASE, b"theirs"))
    with pytest.raises(StoreLeased):
        store.create(ENTRY, b"ours")
    assert store.read(ENTRY) is None


def test_a_pointer_that_was_overwritten_meanwhile_was_not_swapped(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who knows nothing of leases."""
    store, other = served.open(), served.open()
    real = store._registry.manifest_digest

    def meet(tag: str) -> str | None:
        other.put({POINTER: b"theirs"})
        return real(tag)

    monkeypatch.setattr(store._registry, "manifest_digest", meet)
    assert not store.swap(POINTER, None, b"ours")


# ── faults ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", ["cut", "lose", "halve", 500, 503, 429])
def test_what_may_pass_is_tried_again(served: Served, what: str | int) -> None:
    store = served.open()
    for number, (method, path) in enumerate(
        (
            ("HEAD", "blobs"),
            ("POST", "uploads"),
            ("PUT", "uploads"),
            ("PUT", "manifests"),
            ("GET", "manifests"),
        )
    ):
        served.proxy.spoil(Fault(method, path, what))
        assert store.create(ENTRY.replace("1", str(number)), b"%d" % number), (method, path)
    for method, path in (("GET", "manifests"), ("GET", "blobs"), ("GET", "tags")):
        served.proxy.spoil(Fault(method, path, what))
        stored = store.read(ENTRY)
        assert stored is not None and stored.data == b"1"
    assert len(store.names("environments/production/history")) == 5


def test_a_registry_that_stays_away_is_given_up(served: Served) -> None:
    store = served.open()
    served.proxy.spoil(Fault("GET", "", 503, times=99))
    with pytest.raises(StoreUnavailable, match="503"):
        store.read(POINTER)
    assert served.proxy.count("GET") == registry_module.TRIES
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        open_registry("127.0.0.1:1", "x").read(POINTER)


def test_a_registry_that_refuses_is_not_asked_again(served: Served) -> None:
    store = served.open()
    served.proxy.spoil(Fault("GET", "", 403))
    with pytest.raises(StoreUnavailable) as refusal:
        store.read(POINTER)
    assert "OCI_USERNAME" in (refusal.value.hint or "") and len(served.proxy.requests) == 1


def test_other_bytes_than_those_of_the_digest_are_refused(served: Served, tmp_path: Path) -> None:
    store = served.open()
    store.put({"packs/a": b"bytes of a pack"})
    [blob] = [
        p
        for p in (tmp_path / "registry").rglob("data")
        if p.is_file() and p.read_bytes()[:8] == b"bytes of"
    ]
    blob.write_bytes(b"bytes of another")
    with pytest.raises((PackDamaged, StoreUnavailable)):
        store.read("packs/a")
    blob.unlink()
    with pytest.raises(NotInStore, match="lost its contents"):
        store.read("packs/a")


def test_what_is_no_file_of_ours_is_refused(served: Served) -> None:
    store = served.open()
    empty = store._registry.put_blob(b"{}")
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": "application/json", "digest": empty, "size": 2},
        "layers": [],
    }
    store._registry.put_manifest("packs.a", json.dumps(manifest).encode())
    with pytest.raises(PackDamaged, match="not a file of Handbill"):
        store.read("packs/a")


def test_what_is_too_large_is_neither_read_nor_written(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = served.open()
    with pytest.raises(TooLarge):
        store.put({"packs/a": bytes(MAX_FILE_BYTES + 1)})
    store.put({"packs/a": bytes(1000)})
    monkeypatch.setattr(oci_module, "MAX_FILE_BYTES", 999)
    with pytest.raises(TooLarge):
        store.read("packs/a")
    monkeypatch.undo()
    monkeypatch.setattr(registry_module, "MAX_FILE_BYTES", 999)
    with pytest.raises(TooLarge):
        store.read("packs/a")


def test_a_registry_that_keeps_everything_says_so(tmp_path: Path) -> None:
    with registry(tmp_path / "registry", deletes=False) as host:
        store = open_registry(host, "retail")
        store.put({"packs/a": b"a"})
        with pytest.raises(StoreUnavailable, match="deleted"):
            store.remove(("packs/a",))


def test_one_that_is_spoken_to_over_https_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_registry("registry.example:5000", "a/b")._registry._root.startswith("https://")
    monkeypatch.setenv("OCI_ALLOW_HTTP", "true")
    assert open_registry("registry.example:5000", "a/b")._registry._root.startswith("http://")


# ── the whole way ────────────────────────────────────────────────────────────────────────────────


def test_releases_are_published_proved_and_collected(served: Served) -> None:
    store, now = served.open(), [datetime.now(UTC)]
    publisher = Publisher(store, "production", signing_key(), lambda: now[0])
    pointers = []
    for n in range(4):
        release = compiled({"fresh": f"text {n}"}, commit=f"{n}" * 40)
        done = publish(publisher, release, environment())
        assert done.outcome is Outcome.PUBLISHED and done.pointer is not None
        pointers.append(done.pointer)
        now[0] += timedelta(days=40)
    prove_whole(served.open(), pointers[0])
    keep = Keep(HistoryWindow(timedelta(days=30), 2), timedelta(days=400), timedelta(hours=24))
    collect(store, keep, lambda: now[0])
    now[0] += timedelta(days=2)
    assert collect(store, keep, lambda: now[0]).removed
    assert store.size(part_path(pointers[0].release)) is None
    prove_whole(store, pointers[-1])
