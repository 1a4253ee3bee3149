"""A first start of very many plans: it runs by what its publishers signed, and reads the packs after."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from followed_market import edit
from market import ENVIRONMENT, Market

from handbill.plan.canonical import digest_of
from handbill.publish.keys import SigningKey, generate_key
from handbill.store.bundle import renew_bundles
from handbill.store.outlines import encode_outlines, read_outlines, sign_listing
from handbill.store.paths import bundle_path, outlines_path, part_path
from handbill.store.pointer import read_pointer
from handbill.store.release import read_release
from handbill.store.trust import flat_trust
from handbill_runtime.errors import PlanFault
from handbill_runtime.follow.follower import Follower


@pytest.fixture
def market(market: Market, monkeypatch: pytest.MonkeyPatch) -> Market:
    """Published, with outlines; one plan counts as very many."""
    monkeypatch.setattr("handbill.store.bundle.FEWEST", 1)
    monkeypatch.setattr("handbill_runtime.follow.shelf.FEWEST", 1)
    monkeypatch.setattr("handbill_runtime.follow.activate.TRIED_AT_START", 0)
    for number in range(3):
        market.points("trigger: {at: publish}", name=f"c{number}")
    market.tenant("other")
    market.points("trigger: {at: publish}", name="a", tenant="other")
    market.publish()
    outline(market, market.key)
    return market


def roots(market: Market) -> dict[str, str]:
    stored = read_pointer(market.store, ENVIRONMENT, flat_trust(market.key.public))
    assert stored is not None
    return dict(read_release(market.store, stored.pointer.release).release.tenants)


def outline(market: Market, key: SigningKey) -> None:
    renew_bundles(
        market.store, ENVIRONMENT, "sha256:" + "0" * 64, [*roots(market).values()], [key.private]
    )


def started(market: Market, name: str = "one") -> Follower:
    follower = market.follower(name)
    follower.start()
    assert follower.active is not None and follower.active.plans == 5
    return follower


def complete(follower: Follower) -> None:
    for _ in range(3):
        follower.refresh()
        follower._completing.wait()
    follower.refresh()


def here(market: Market, tenant: str, name: str = "one") -> Path:
    return market.root / "state" / name / part_path(roots(market)[tenant])


def kept_pointer(market: Market, name: str = "one") -> Path:
    return market.root / "state" / name / "environments" / ENVIRONMENT / "pointer"


def lie(market: Market, **changes: object) -> None:
    """Signs that the first plan of `corner` has an outline that it has not."""
    trust, root = flat_trust(market.key.public), roots(market)["corner"]
    found = dict(read_outlines(market.store, ENVIRONMENT, trust, [*roots(market).values()]))
    first, *rest = found[root].outlines
    wrong = (msgspec.structs.replace(first, **changes), *rest)
    found[root] = msgspec.structs.replace(found[root], outlines=wrong)
    data = encode_outlines([*found.values()])
    listing = sign_listing(ENVIRONMENT, [digest_of(data)], [market.key.private])
    market.store.put({bundle_path(digest_of(data)): data, outlines_path(ENVIRONMENT): listing})


def test_it_runs_before_any_pack_is_here_and_is_kept_once_all_are(market: Market) -> None:
    follower = started(market)
    assert follower.incomplete and not here(market, "corner").exists()
    assert not kept_pointer(market).exists()
    receipt = follower.receipt().active
    assert receipt is not None and receipt.missing == 2
    complete(follower)
    assert not follower.incomplete and here(market, "corner").exists()
    assert follower.receipt().active is not None and follower.refusal is None
    assert follower.receipt().active.missing == 0  # type: ignore[union-attr]
    shutil.move(market.root / "store", market.root / "away")
    again = started(market)
    assert not again.incomplete and again.active is not None
    assert again.active.tenants["corner"].plans["c0"].plan.campaign == "c0"


def test_a_plan_is_fetched_and_tried_when_it_is_first_needed(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = started(market)
    tried: list[str] = []
    from handbill_runtime.stages.compiled import CompiledPlan

    monkeypatch.setattr(CompiledPlan, "canary", lambda self: tried.append(self.plan.campaign))
    assert follower.active is not None
    assert follower.active.tenants["corner"].plans["c1"].plan.campaign == "c1"
    assert tried == ["c1"]
    assert here(market, "corner").exists() and not here(market, "other").exists()


def test_while_packs_are_missing_a_newer_release_is_followed_and_kept(market: Market) -> None:
    follower = started(market)
    edit(market, "Triple points")
    market.publish()
    assert follower.refresh() and follower.active is not None
    assert follower.active.pointer.sequence == 2
    complete(follower)
    assert not follower.incomplete
    assert kept_pointer(market).read_bytes() == market.pointer_file.read_bytes()


def test_what_cannot_be_had_now_is_had_later(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = started(market)
    monkeypatch.setattr("handbill_runtime.follow.completing.LONGEST_WAIT", 0.0)
    shutil.move(market.root / "store", market.root / "away")
    complete(follower)
    assert follower.incomplete and not kept_pointer(market).exists()
    with pytest.raises(PlanFault):
        follower.active.tenants["corner"].plans["c0"]  # type: ignore[union-attr]
    shutil.move(market.root / "away", market.root / "store")
    complete(follower)
    assert not follower.incomplete and kept_pointer(market).exists()


def test_an_end_stops_it_with_nothing_kept(market: Market) -> None:
    follower = started(market)
    follower.end()
    complete(follower)
    assert follower.incomplete and not kept_pointer(market).exists()


def test_a_plan_with_another_outline_than_was_signed_is_not_run(market: Market) -> None:
    lie(market, priority=99)
    follower = started(market)
    active = follower.active
    assert active is not None
    wrong = [name for name, one in active.tenants["corner"].outlines.items() if one.priority == 99]
    with pytest.raises(PlanFault):
        active.tenants["corner"].plans[wrong[0]]
    complete(follower)
    assert follower.active is not None and [*follower.active.tenants] == ["other"]
    assert follower.refusal is not None and "`corner` runs nothing" in follower.refusal.message
    assert not follower.incomplete and kept_pointer(market).exists()
    again = started(market)  # what its own eyes saw in the pack is what it goes by
    assert again.active is not None and again.active.faults == {}


@pytest.mark.parametrize("spoil", ["stranger", "listing", "file", "gone", "environment"])
def test_what_is_not_signed_by_the_publishers_is_not_believed(market: Market, spoil: str) -> None:
    listing = market.root / "store" / outlines_path(ENVIRONMENT)
    files = list((market.root / "store" / "bundles").iterdir())
    if spoil == "stranger":
        lie_key = generate_key()
        listing.write_bytes(sign_listing(ENVIRONMENT, [], [lie_key.private]))
    elif spoil == "listing":
        listing.write_bytes(listing.read_bytes()[:-9])
    elif spoil == "environment":
        names = [f"sha256:{path.name}" for path in files]
        listing.write_bytes(sign_listing("other", names, [market.key.private]))
    else:
        for path in files:
            if spoil == "gone":
                path.unlink()
            else:
                path.write_bytes(path.read_bytes() + b" ")
    follower = started(market)
    assert not follower.incomplete and here(market, "corner").exists()
