"""Garbage collection: whatever happened before, what somebody still names is whole afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from s3_server import Bucket
from sample_release import compiled, environment, signing_key

from handbill.plan.canonical import canonical_bytes
from handbill.plan.pointer import Pointer
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rollback import rollback
from handbill.store import collect as collect_module
from handbill.store.assets import asset_path
from handbill.store.bundle import renew_bundles
from handbill.store.collect import Keep, collect, find_garbage
from handbill.store.errors import CollectionBusy, CollectionRefused, NotInStore, StoreError
from handbill.store.folder import FolderStore
from handbill.store.marks import Marks, claim, read_marks, swap_marks
from handbill.store.pack import write_packs
from handbill.store.paths import MARKS, history_path, part_path, pointer_path, receipt_path
from handbill.store.pointer import read_pointer, verify_pointer
from handbill.store.references import HistoryWindow
from handbill.store.release import prove_whole, read_release
from handbill.store.store import Store

START = datetime(2026, 12, 5, 10, tzinfo=UTC)
KEEP = Keep(HistoryWindow(timedelta(days=30), 2), timedelta(days=400), timedelta(hours=24))


class World:
    """A store and a publisher whose clock is the test's; files are as old as that clock says."""

    def __init__(self, root: Path) -> None:
        self.store = FolderStore(root)
        self.now = START
        self.publisher = self.publisher_of("production")

    def publisher_of(self, name: str) -> Publisher:
        return Publisher(self.store, name, signing_key(), lambda: self.now)

    def publish(self, name: str = "production", **texts: str) -> Pointer:
        before = self.files()
        release = compiled(texts, commit=f"{abs(hash(tuple(texts.items()))):040x}"[:40])
        publication = publish(self.publisher_of(name), release, environment(name))
        self.date_new(before)
        assert publication.pointer is not None
        return publication.pointer

    def date_new(self, before: set[Path]) -> None:
        for path in self.files() - before:
            os.utime(path, (self.now.timestamp(),) * 2)

    def files(self) -> set[Path]:
        return {path for path in self.store.root.rglob("*") if path.is_file()}

    def collect(self, keep: Keep = KEEP, after: timedelta = timedelta(days=2)) -> int:
        """Two collections, the second when the grace of the first has passed; how many files went."""
        collect(self.store, keep, lambda: self.now)
        self.now += after
        return len(collect(self.store, keep, lambda: self.now).removed)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


def packs_of(store: Store, pointer: Pointer) -> list[str]:
    tenants = read_release(store, pointer.release).release.tenants.values()
    return [part_path(pointer.release), *map(part_path, tenants)]


def test_what_left_the_window_goes_and_what_is_named_stays(world: World) -> None:
    pointers = []
    for n in range(6):
        pointers.append(world.publish(fresh=f"text {n}", valle="the same"))
        world.now += timedelta(days=20)
    assert world.collect() > 0
    for pointer in pointers[:2]:
        assert world.store.size(part_path(pointer.release)) is None
    for pointer in pointers[-3:]:
        prove_whole(world.store, pointer)
    assert world.store.names("environments/production/history")[0] == "0000000001"
    assert world.collect() == 0
    assert find_garbage(world.store, KEEP, world.now).garbage == ()


def test_nothing_goes_before_its_grace(world: World) -> None:
    world.publish(fresh="one")
    world.publish(fresh="two")
    world.publish(fresh="three")
    world.now += timedelta(days=60)
    world.publish(fresh="four")
    keep = Keep(HistoryWindow(timedelta(days=9), 1), timedelta(days=400), timedelta(hours=24))
    first = collect(world.store, keep, lambda: world.now)
    assert first.removed == () and len(first.marked) == 2, (
        "of the one that no pointer names as the previous"
    )
    world.now += timedelta(hours=23)
    again = collect(world.store, keep, lambda: world.now)
    assert again.removed == () and again.marked == () and len(again.waiting) == 2
    world.now += timedelta(hours=2)
    last = collect(world.store, keep, lambda: world.now)
    assert {each.path for each in last.removed} == {each.path for each in first.marked}
    assert read_marks(world.store).marks == Marks()


def test_a_dry_run_changes_nothing(world: World) -> None:
    world.publish(fresh="one")
    world.now += timedelta(days=90)
    for text in ("two", "three", "four"):
        world.publish(fresh=text)
        world.now += timedelta(days=90)
    before = {path: path.read_bytes() for path in world.files()}
    found = find_garbage(world.store, KEEP, world.now)
    assert found.garbage and found.kept
    assert {path: path.read_bytes() for path in world.files()} == before


def test_a_receipt_keeps_what_its_runtime_runs(world: World) -> None:
    first = world.publish(fresh="one")
    world.store.put(
        {
            receipt_path("production", "slow"): (
                b'{"active":{"sequence":1,"release":"%s"}}' % first.release.encode()
            )
        }
    )
    for n in range(4):
        world.now += timedelta(days=90)
        world.publish(fresh=f"later {n}")
    assert world.collect() > 0
    prove_whole(world.store, first)


def test_every_environment_counts(world: World) -> None:
    staging = world.publish("staging", fresh="only in staging")
    for n in range(4):
        world.now += timedelta(days=90)
        world.publish(fresh=f"later {n}")
    world.collect()
    prove_whole(world.store, staging)


def test_the_target_and_the_base_of_a_rollout_are_kept(world: World) -> None:
    """Whatever digests a pointer holds, in fields of whatever name."""
    base, target = compiled({"fresh": "base"}), compiled({"fresh": "target"})
    write_packs(world.store, {**base.packs, **target.packs})
    active = world.publish(fresh="mixture")
    payload = canonical_bytes({"rollout": {"base": base.digest, "deep": [{"x": target.digest}]}})
    world.store.put({"environments/production/orders/1": payload})
    world.now += timedelta(days=500)
    world.collect()
    for release in (base, target):
        assert read_release(world.store, release.digest)
    prove_whole(world.store, active)


def test_pictures_outlive_their_releases(world: World) -> None:
    world.publish(fresh="one")
    picture = asset_path(f"{'ab' * 32}.png")
    world.store.put({picture: b"x"})
    os.utime(world.store.root / picture, (START.timestamp(),) * 2)
    world.now = START + timedelta(days=390)
    world.collect()
    assert world.store.size(picture) == 1
    world.now = START + timedelta(days=402)
    world.collect()
    assert world.store.size(picture) is None


def test_bundles_of_another_time_go(world: World) -> None:
    names = {f"tenant{n}": "same" for n in range(40)}
    old = world.publish(**names)
    renew_bundles(world.store, "production", old.release, _roots(world, old))
    new = world.publish(**dict.fromkeys(names, "other"))
    renew_bundles(world.store, "production", new.release, _roots(world, new))
    for path in (world.store.root / "bundles").iterdir():
        os.utime(path, (START.timestamp(),) * 2)
    assert len(world.store.names("bundles")) == 2
    world.now += timedelta(days=3)
    world.collect()
    assert len(world.store.names("bundles")) == 1


def _roots(world: World, pointer: Pointer) -> tuple[str, ...]:
    return tuple(read_release(world.store, pointer.release).release.tenants.values())


# ── what cannot be read ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [pointer_path("production"), history_path("production", 2)])
def test_nothing_is_removed_where_a_name_cannot_be_read(world: World, path: str) -> None:
    world.publish(fresh="one")
    world.now += timedelta(days=90)
    world.publish(fresh="two")
    world.store.put({path: b"rubbish"})
    world.now += timedelta(days=90)
    with pytest.raises(CollectionRefused, match=path):
        collect(world.store, KEEP, lambda: world.now)


def test_nor_where_a_needed_pack_is_damaged(world: World) -> None:
    pointer = world.publish(fresh="one")
    world.store.put({packs_of(world.store, pointer)[1]: b"rubbish"})
    with pytest.raises(CollectionRefused, match="damaged"):
        collect(world.store, KEEP, lambda: world.now)


def test_nor_where_no_environment_is_left(world: World) -> None:
    world.publish(fresh="one")
    shutil.rmtree(world.store.root / "environments")
    world.now += timedelta(days=90)
    with pytest.raises(CollectionRefused, match="environments are gone"):
        collect(world.store, KEEP, lambda: world.now)


def test_a_file_nested_without_end_names_nothing_and_stops_nothing(world: World) -> None:
    pointer = world.publish(fresh="one")
    world.store.put({"environments/production/receipts/x": b'{"x":' + b"[" * 100_000})
    assert collect(world.store, KEEP, lambda: world.now).removed == ()
    assert _is_whole(world, pointer)


def test_a_removal_until_the_end_of_time_is_still_one(world: World) -> None:
    pointer = world.publish(fresh="one")
    path = part_path(pointer.release)
    marks = b'{"format":1,"removing":["%s"],"until":"9999-12-31T23:59:59Z"}' % path.encode()
    world.store.put({MARKS: marks})
    with pytest.raises(CollectionBusy):
        prove_whole(world.store, pointer)


@pytest.mark.parametrize(
    "data",
    [
        b"rubbish",
        b'{"format":9}',
        b'{"format":1,"until":"soon"}',
        b'{"format":1,"marked":{"packs/x":"soon"}}',
    ],
)
def test_nor_with_marks_that_cannot_be_read(world: World, data: bytes) -> None:
    pointer = world.publish(fresh="one")
    world.store.put({MARKS: data})
    with pytest.raises(CollectionRefused, match="cannot be read"):
        collect(world.store, KEEP, lambda: world.now)
    with pytest.raises(CollectionRefused):
        prove_whole(world.store, pointer)


# ── together with publishers ─────────────────────────────────────────────────────────────────────


def _old_release(world: World) -> Pointer:
    """A first release that is out of the window, and marked since yesterday."""
    first = world.publish(fresh="first")
    for n in range(4):
        world.now += timedelta(days=90)
        world.publish(fresh=f"later {n}")
    collect(world.store, KEEP, lambda: world.now)
    world.now += timedelta(days=1, minutes=1)
    return first


def test_a_publisher_that_needs_marked_packs_keeps_them(world: World) -> None:
    first = _old_release(world)
    assert part_path(first.release) in read_marks(world.store).marks.marked
    again = world.publish(fresh="first")
    assert again.release == first.release
    collect(world.store, KEEP, lambda: world.now)
    prove_whole(world.store, again)


def test_so_does_a_rollback(world: World) -> None:
    first = _old_release(world)
    rollback(world.publisher, to=first.sequence)
    collect(world.store, KEEP, lambda: world.now)
    active = read_pointer(world.store, "production", world.publisher.trust)
    assert active is not None and active.pointer.release == first.release
    prove_whole(world.store, active.pointer)


def _meeting(
    world: World, monkeypatch: pytest.MonkeyPatch, at: str, act: Callable[[], None]
) -> None:
    """Lets `act` happen within a collection, just before it does `at` for the first time."""
    real = getattr(collect_module, at)
    waiting = [act]

    def meet(*args: object) -> object:
        if waiting:
            waiting.pop()()
        return real(*args)

    monkeypatch.setattr(collect_module, at, meet)


@pytest.mark.parametrize("at", ["_announced", "_findings", "_remove", "_finished", "read_marks"])
def test_a_publisher_in_the_middle_of_a_collection(
    world: World, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """It publishes what is being removed: it is told to wait, or what it published is whole."""
    first = _old_release(world)
    published: list[Pointer] = []

    def act() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("handbill.store.marks._is_removing", lambda m: m.is_removing(world.now))
            try:
                published.append(world.publish(fresh="first"))
            except CollectionBusy:
                published.append(first)

    _meeting(world, monkeypatch, at, act)
    collect(world.store, KEEP, lambda: world.now)
    assert published, "the meeting took place"
    active = read_pointer(world.store, "production", world.publisher.trust)
    assert active is not None
    prove_whole(world.store, active.pointer)


def _publish_just_before_removal(world: World) -> Pointer:
    """The last moment: the collection has looked, and is about to remove."""
    _old_release(world)
    real = world.store.remove

    def remove(paths: list[str]) -> None:
        del world.store.remove
        with contextlib.suppress(CollectionBusy):
            world.publish(fresh="first")
        real(paths)

    world.store.remove = remove  # type: ignore[method-assign]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("handbill.store.marks._is_removing", lambda m: m.is_removing(world.now))
        assert collect(world.store, KEEP, lambda: world.now).removed
    active = read_pointer(world.store, "production", world.publisher.trust)
    assert active is not None
    return active.pointer


def test_a_publisher_in_the_last_moment_before_removal(world: World) -> None:
    prove_whole(world.store, _publish_just_before_removal(world))


def test_without_claims_that_moment_would_lose_a_release(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the trial above would notice."""
    monkeypatch.setattr("handbill.store.pack.claim", lambda *_: None)
    pointer = _publish_just_before_removal(world)
    with pytest.raises(NotInStore):
        prove_whole(world.store, pointer)


def test_while_it_removes_a_publisher_waits_and_a_second_collection_too(world: World) -> None:
    first = _old_release(world)
    found = read_marks(world.store)
    until = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    going = tuple(found.marks.marked)
    assert swap_marks(world.store, found, Marks(removing=going, until=until))
    with pytest.raises(CollectionBusy):
        claim(world.store, [part_path(first.release)])
    claim(world.store, ["packs/another"])
    claim_later = Marks(removing=going, until="2026-01-01T00:00:00Z")
    assert swap_marks(world.store, read_marks(world.store), claim_later)
    claim(world.store, [part_path(first.release)])


def test_a_collection_that_finds_another_at_work_leaves_it(world: World) -> None:
    _old_release(world)
    found = read_marks(world.store)
    until = (world.now + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    busy = Marks(marked=found.marks.marked, removing=("packs/x",), until=until)
    assert swap_marks(world.store, found, busy)
    with pytest.raises(CollectionBusy, match="another"):
        collect(world.store, KEEP, lambda: world.now)


def test_marks_that_keep_changing_are_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _old_release(world)
    monkeypatch.setattr("handbill.store.marks.swap_marks", lambda *_: False)
    with pytest.raises(CollectionBusy, match="keep changing"):
        claim(world.store, [part_path(first.release)])


# ── any history ──────────────────────────────────────────────────────────────────────────────────

STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("publish"),
            st.dictionaries(st.sampled_from("abc"), st.sampled_from("123"), min_size=1),
        ),
        st.tuples(st.just("days"), st.integers(1, 40)),
        st.tuples(st.just("collect"), st.integers(1, 3)),
        st.tuples(st.just("return"), st.integers(1, 8)),
        st.tuples(st.just("receipt"), st.integers(1, 8)),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_after_any_history_everything_in_the_window_is_whole(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, object]]
) -> None:
    world = World(tmp_path_factory.mktemp("world") / "store")
    receipts: dict[int, Pointer] = {}
    for what, value in steps:
        match what, value:
            case "publish", dict():
                world.publish(**{f"tenant-{name}": text for name, text in value.items()})
            case "days", int():
                world.now += timedelta(days=value)
            case "collect", int():
                keep = Keep(HistoryWindow(timedelta(days=20), value), KEEP.pictures, KEEP.grace)
                collect(world.store, keep, lambda: world.now)
                _all_whole(world, keep, receipts)
            case "return", int():
                before = world.files()
                try:
                    rollback(world.publisher, to=value)
                except StoreError:
                    continue
                finally:
                    world.date_new(before)
            case "receipt", int():
                entry = world.store.read(history_path("production", value))
                if entry is not None:
                    pointer = verify_pointer(entry.data, "production", world.publisher.trust)
                    if _is_whole(world, pointer):
                        receipts[value] = pointer
                        text = b'{"sequence":%d,"release":"%s"}'
                        data = text % (value, pointer.release.encode())
                        world.store.put({receipt_path("production", f"r{value}"): data})


def _is_whole(world: World, pointer: Pointer) -> bool:
    try:
        prove_whole(world.store, pointer)
    except StoreError:
        return False
    return True


def _all_whole(world: World, keep: Keep, receipts: dict[int, Pointer]) -> None:
    active = read_pointer(world.store, "production", world.publisher.trust)
    if active is None:
        return
    prove_whole(world.store, active.pointer)
    for pointer in receipts.values():
        prove_whole(world.store, pointer)
    names = world.store.names("environments/production/history")[-keep.history.entries :]
    for name in names:
        stored = world.store.read(f"environments/production/history/{name}")
        assert stored is not None
        pointer = verify_pointer(stored.data, "production", world.publisher.trust)
        if datetime.fromisoformat(pointer.issued) > world.now - timedelta(days=20):
            prove_whole(world.store, pointer)


def test_a_bucket_is_collected_as_a_folder_is(bucket: Bucket) -> None:
    store = bucket.open()
    world_now = [datetime.now(UTC)]
    publisher = Publisher(store, "production", signing_key(), lambda: world_now[0])
    first = publish(publisher, compiled({"fresh": "one"}, commit="1" * 40), environment()).pointer
    world_now[0] += timedelta(days=40)
    for n in range(2, 5):
        release = compiled({"fresh": f"text {n}"}, commit=f"{n}" * 40)
        last = publish(publisher, release, environment()).pointer
        world_now[0] += timedelta(days=40)
    assert first is not None and last is not None
    collect(store, KEEP, lambda: world_now[0])
    world_now[0] += timedelta(days=2)
    assert collect(store, KEEP, lambda: world_now[0]).removed
    assert store.size(part_path(first.release)) is None
    prove_whole(store, last)
