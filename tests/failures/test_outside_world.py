"""What surrounds publisher and runtime fails: a full disk, a clock that is off, a store that goes."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from followed_market import edit, receipt, running
from full_disk import full_after
from market import NOON, Market

from handbill.store.errors import StoreError
from handbill.store.release import prove_whole

HOUR = timedelta(hours=1)


@pytest.fixture
def market(tmp_path: Path) -> Market:
    return Market(tmp_path)


# ── a full disk ──────────────────────────────────────────────────────────────────────────────────


def test_a_publisher_whose_disk_is_full_leaves_the_release_that_was(market: Market) -> None:
    follower = running(market)
    edit(market, "Triple points")
    for room in count():
        with full_after(room) as disk:
            try:
                market.publish()
            except StoreError as error:
                assert disk.met and "No space left" in error.message, error.message
        if not disk.met:
            break
        assert not follower.refresh() and follower.refusal is None
        prove_whole(market.store, market.active().pointer)
    assert room >= 4, "packs, history and pointer are written apart"
    assert follower.refresh()
    assert follower.active is not None and follower.active.pointer.sequence > 1


def test_a_runtime_whose_disk_is_full_goes_on_with_what_it_has_until_there_is_room(
    market: Market,
) -> None:
    follower = running(market)
    before = follower.active
    edit(market, "Triple points")
    market.publish()
    for room in count():
        market.clock.at += timedelta(minutes=2)
        with full_after(room) as disk:
            changed = follower.refresh()
        if changed:
            break
        assert disk.met and follower.active is before
        assert follower.refusal is not None and follower.refusal.code == "HB802"
    assert room >= 2, "packs and pointer are kept before a release becomes active"
    again = market.follower()
    again.start()
    assert again.active is not None and again.active.pointer.sequence == 2


# ── a clock that is off ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_a_runtime_whose_clock_is_an_hour_off_follows(market: Market, off: timedelta) -> None:
    follower = running(market)
    edit(market, "Triple points")
    market.publish()
    market.clock.at = NOON + off
    assert follower.refresh() and follower.refusal is None


@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_a_publisher_whose_clock_is_an_hour_off_is_followed(market: Market, off: timedelta) -> None:
    follower = running(market)
    edit(market, "Triple points")
    market.clock.at = NOON + off
    market.publish()
    market.clock.at = NOON
    assert follower.refresh() and follower.refusal is None


@pytest.mark.parametrize(("off", "refused"), [(-HOUR, False), (HOUR, True)])
def test_near_its_expiry_the_runtimes_own_clock_decides(
    market: Market, off: timedelta, refused: bool
) -> None:
    market.publish()
    market.clock.at = NOON + timedelta(days=30) + off
    follower = market.follower()
    follower.start()
    assert (follower.active is None) == refused
    assert (follower.refusal is not None and follower.refusal.code == "HB815") == refused


# ── a store that goes ────────────────────────────────────────────────────────────────────────────


def test_a_store_that_vanishes_and_comes_back_is_followed_again(market: Market) -> None:
    follower = running(market)
    before = follower.active
    store, away = market.root / "store", market.root / "away"
    for number in range(1, 6):
        store.rename(away)
        assert not follower.refresh() and follower.active is before
        assert follower.refusal is not None and follower.refusal.code == "HB804"
        away.rename(store)
        edit(market, f"Points times {number}")
        market.publish()
        market.clock.at += timedelta(minutes=2)
        assert follower.refresh() and follower.refusal is None
        before = follower.active
    assert receipt(market).refused is None


def test_with_the_store_away_a_cold_start_runs_the_last_good_release(market: Market) -> None:
    running(market)
    (market.root / "store").rename(market.root / "away")
    again = market.follower()
    again.start()
    assert again.active is not None and again.active.pointer.sequence == 1
    assert again.refusal is not None and again.refusal.code == "HB804"


def test_a_folder_that_is_mounted_empty_is_no_new_beginning(market: Market) -> None:
    follower = running(market)
    before = follower.active
    (market.root / "store").rename(market.root / "away")
    (market.root / "store").mkdir()
    assert not follower.refresh() and follower.active is before
    assert list((market.root / "store").iterdir()) == [], "nothing is written to an empty mount"
