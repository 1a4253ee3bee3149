"""Plans on a shelf: read from this disk or the store, proved whenever they are read, few of them decoded."""

from __future__ import annotations

import gc
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from market import ENVIRONMENT, Market

from handbill.store.errors import NotInStore, PackDamaged, StoreUnavailable
from handbill_runtime.errors import PlanFault
from handbill_runtime.follow import activate, outline_file, shelf
from handbill_runtime.follow.activate import build_release
from handbill_runtime.follow.follower import Follower
from handbill_runtime.follow.outline_file import decode_outlines, encode_outlines
from handbill_runtime.follow.shelf import Shelf
from handbill_runtime.stages.compiled import CompiledPlan
from handbill_runtime.stages.decoded import DecodedPlans


@pytest.fixture
def market(market: Market) -> Market:
    for number in range(3):
        market.points("trigger: {at: publish}", name=f"c{number}")
    return market


def packs(market: Market, name: str = "one") -> Sequence[Path]:
    return sorted((market.root / "state" / name / "packs").iterdir())


def outlines(market: Market, name: str = "one") -> Sequence[Path]:
    return sorted((market.root / "state" / name / "outlines").iterdir())


def running(market: Market) -> Follower:
    market.publish()
    follower = market.follower()
    follower.start()
    assert follower.active is not None and follower.refusal is None
    return follower


def corner(follower: Follower) -> object:
    assert follower.active is not None
    return follower.active.tenants["corner"]


def decode_all(follower: Follower) -> list[str]:
    assert follower.active is not None
    tenant = follower.active.tenants["corner"]
    return [tenant.plans[name].plan.campaign for name in tenant.plans]


# ── few are decoded ──────────────────────────────────────────────────────────────────────────────


def test_a_start_from_this_disk_decodes_no_plan(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    running(market)
    monkeypatch.setattr(CompiledPlan, "__init__", lambda *_: pytest.fail("a plan was decoded"))
    again = market.follower()
    again.start()
    assert again.active is not None and again.active.plans == 4 and len(again.decoded) == 0


def test_no_more_are_kept_decoded_than_asked_for(market: Market) -> None:
    follower = running(market)
    few = market.follower("few")
    few = Follower(
        few.store,
        ENVIRONMENT,
        few.trust,
        few.last_good,
        "few",
        market.clock,
        decoded=DecodedPlans(2),
    )
    few.start()
    assert decode_all(few) == decode_all(follower) == ["c0", "c1", "c2", "points"]
    assert len(few.decoded) == 2 and len(follower.decoded) == 4


def test_bytes_bound_them_too_and_the_last_used_stay(market: Market) -> None:
    follower = running(market)
    assert follower.active is not None
    tenant = follower.active.tenants["corner"]
    plans = [tenant.plans[name] for name in ("c0", "c1", "c2")]
    decoded = DecodedPlans(10, most_bytes=250)
    for plan in plans[:2]:
        assert decoded.add(plan, 100) is plan
    assert decoded.get(plans[0].digest) is plans[0]
    decoded.add(plans[2], 100)
    assert decoded.get(plans[1].digest) is None and decoded.get(plans[0].digest) is plans[0]
    assert decoded.add(CompiledPlan(plans[0].plan, plans[0].digest), 1) is plans[0]
    decoded.add(plans[1], 10_000)
    assert len(decoded) == 1


def test_plans_that_are_looked_at_together_are_not_kept(market: Market) -> None:
    running(market)
    again = market.follower()
    again.start()
    assert again.active is not None
    deciding = again.active.tenants["corner"].deciding()
    assert [plan.campaign for plan in deciding] == ["c0", "c1", "c2", "points"]
    assert len(again.decoded) == 0


# ── every byte is proved ─────────────────────────────────────────────────────────────────────────


def test_a_file_that_was_damaged_since_is_fetched_again(market: Market) -> None:
    running(market)
    again = market.follower()
    again.start()
    for path in packs(market):
        data = path.read_bytes()
        path.write_bytes(data[:-9] + bytes([data[-9] ^ 8]) + data[-8:])
    assert len(decode_all(again)) == 4
    shutil.rmtree(market.root / "store")
    assert len(decode_all(again)) == 4


def test_a_damaged_plan_that_nobody_has_stops_its_tenant_alone(market: Market) -> None:
    market.tenant("north")
    market.points("trigger: {at: publish}", tenant="north")
    follower = running(market)
    assert follower.active is not None
    index = follower.active.tenants["corner"].plans._source.index  # type: ignore[attr-defined]
    shutil.rmtree(market.root / "store")
    again = market.follower()
    again.start()
    (market.root / "state" / "one" / "packs" / index.root[7:]).write_bytes(b"nonsense")
    assert again.active is not None
    with pytest.raises(PlanFault) as caught:
        again.active.tenants["corner"].plans["points"]
    assert caught.value.code == "HB804"
    assert again.active.tenants["north"].plans["points"].plan.tenant == "north"
    cold = market.follower()
    cold.start()
    assert cold.active is not None and set(cold.active.tenants) == {"north"}
    assert set(cold.active.faults) == {"corner"}


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "another"])
def test_outlines_that_were_changed_are_made_anew(market: Market, harm: str) -> None:
    before = running(market)
    (path,) = outlines(market)
    data = path.read_bytes()
    path.write_bytes(
        {
            "flip": data[:200] + bytes([data[200] ^ 1]) + data[201:],
            "cut": data[:-1],
            "empty": b"",
            "another": encode_outlines(
                outline_file.TenantOutlines("sha256:" + "0" * 64, b"", (), (), ()), b"a thief's"
            ),
        }[harm]
    )
    again = market.follower()
    again.start()
    assert before.active is not None and again.active is not None and again.refusal is None
    assert again.active.tenants["corner"].outlines == before.active.tenants["corner"].outlines
    assert path.read_bytes() == data


def test_outlines_are_believed_only_under_this_runtimes_seal_and_for_their_pack(
    market: Market,
) -> None:
    follower = running(market)
    (path,) = outlines(market)
    assert follower.active is not None
    root = follower.active.release.tenants["corner"]
    data = path.read_bytes()
    assert decode_outlines(data, root, b"") is not None
    assert decode_outlines(data, root, b"another runtime's") is None
    assert decode_outlines(data, "sha256:" + "0" * 64, b"") is None


def test_without_a_disk_of_its_own_everything_comes_from_the_store(market: Market) -> None:
    pointer = market.publish()
    shelf = Shelf(market.store)
    built = build_release(shelf, pointer, None)
    tenant = built.tenants["corner"]
    assert [plan.campaign for plan in tenant.deciding()] == ["c0", "c1", "c2", "points"]
    assert [len(tenant.tables[digest].rows) for digest in tenant.tables] == [1]
    assert len(tenant.tables) == 1 and "sha256:0" not in tenant.tables
    shutil.rmtree(market.root / "store")
    with pytest.raises(NotInStore):
        build_release(Shelf(market.store), pointer, None)


# ── trying ───────────────────────────────────────────────────────────────────────────────────────


def test_of_very_many_each_is_tried_before_its_first_use(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activate, "TRIED_AT_START", 3)
    tried: list[str] = []
    canary = CompiledPlan.canary

    def noting(self: CompiledPlan) -> None:
        tried.append(self.plan.campaign)
        if self.plan.campaign == "c1":
            raise PlanFault("HB931", "it does not run")
        canary(self)

    monkeypatch.setattr(CompiledPlan, "canary", noting)
    follower = running(market)
    assert tried == [] and follower.active is not None
    plans = follower.active.tenants["corner"].plans
    assert plans["c0"] is plans["c0"] and tried == ["c0"]
    for _ in range(2):
        with pytest.raises(PlanFault):
            plans["c1"]
    assert tried == ["c0", "c1", "c1"]


def test_what_was_tried_once_is_remembered(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    running(market)
    monkeypatch.setattr(CompiledPlan, "canary", lambda _: pytest.fail("tried again"))
    again = market.follower()
    again.start()
    assert len(decode_all(again)) == 4


def test_a_year_of_changes_is_not_held_on_to(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "SPARE_TRIED", 0)
    follower = running(market)
    for priority in range(10, 30):
        market.points(f"trigger: {{at: publish}}\npriority: {priority}", name="c0")
        market.publish()
        assert follower.refresh()
    gc.collect()
    follower._sweep()
    assert len(follower._shelf._tried) <= 2 * 4
    assert len(decode_all(follower)) == 4


# ── what is kept on the disk ─────────────────────────────────────────────────────────────────────


def test_work_that_goes_on_under_an_old_release_still_has_its_plans(market: Market) -> None:
    follower = running(market)
    old = follower.active
    assert old is not None
    market.points("trigger: {at: publish}\npriority: 70", name="c0")
    market.publish()
    assert follower.refresh()
    shutil.rmtree(market.root / "store")
    follower.decoded._plans.clear()
    assert old.tenants["corner"].plans["c0"].plan.priority == 50
    held = len(packs(market))
    del old
    gc.collect()
    follower._sweep()
    assert len(packs(market)) < held
    assert follower.active is not None
    assert follower.active.tenants["corner"].plans["c0"].plan.priority == 70


def test_a_refused_release_leaves_nothing_on_the_disk(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = running(market)
    before = [path.name for path in packs(market)], [path.name for path in outlines(market)]
    market.points("trigger: {at: publish}\npriority: 70", name="c0")
    market.publish()

    def broken(self: CompiledPlan) -> None:
        raise PlanFault("HB931", "it does not run")

    monkeypatch.setattr(CompiledPlan, "canary", broken)
    assert not follower.refresh() and follower.refusal is not None
    assert (
        [path.name for path in packs(market)],
        [path.name for path in outlines(market)],
    ) == before


def test_a_full_disk_refuses_cleanly_and_a_free_one_goes_on(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first that does not fit any more is a file of the pack; nothing half is left."""
    import resource
    import signal

    follower = running(market)
    market.points("trigger: {at: publish}\npriority: 70", name="c0")
    market.publish()
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    try:
        assert not follower.refresh()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert follower.refusal is not None and follower.refusal.code == "HB802"
    assert follower.active is not None and follower.active.pointer.sequence == 1
    assert not list((market.root / "state" / "one" / "temporary").iterdir())
    cold = market.follower()
    cold.start()
    assert cold.active is not None and cold.active.pointer.sequence == 2


# ── a store that comes and goes ──────────────────────────────────────────────────────────────────


class Flapping:
    """A store of which two reads in five fail."""

    def __init__(self, market: Market) -> None:
        self.inner = market.store
        self.chance = random.Random(5)

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def _flap(self) -> None:
        if self.chance.random() < 0.4:
            raise StoreUnavailable("it does not answer", "wait")

    def read(self, path: str) -> object:
        self._flap()
        return self.inner.read(path)

    def read_unless(self, path: str, version: str) -> object:
        self._flap()
        return self.inner.read_unless(path, version)

    def read_many(self, paths: Sequence[str]) -> object:
        return (self.read(path) for path in paths)


def test_a_flapping_store_is_got_through_and_reported(market: Market) -> None:
    market.publish()
    follower = market.follower("one", Flapping(market))
    follower.start()
    from datetime import timedelta

    refused = 0
    for _ in range(40):
        if follower.active is not None:
            break
        refused += follower.refusal is not None
        market.clock.at += timedelta(minutes=2)
        follower.refresh()
    assert follower.active is not None
    assert refused > 0, "the store did not flap"


def test_a_pack_of_other_bytes_is_damaged_wherever_it_lies(market: Market) -> None:
    pointer = market.publish()
    root = build_release(Shelf(market.store), pointer, None).release.tenants["corner"]
    other = market.pack_file(pointer.environment_digest).read_bytes()
    market.pack_file(root).write_bytes(other)
    with pytest.raises(PackDamaged):
        build_release(Shelf(market.store), pointer, None)
