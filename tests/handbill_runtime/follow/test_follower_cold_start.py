"""A runtime that starts while the store is away, or with a damaged copy of what it ran last."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from followed_market import edit, flip, running
from market import ENVIRONMENT, Market

from handbill.publish.keys import generate_key


@pytest.mark.parametrize("days", [0, 400], ids=["in time", "long after it expired"])
def test_a_cold_start_with_the_store_away_runs_the_last_good_release(
    market: Market, days: int
) -> None:
    follower = running(market)
    before = follower.active
    shutil.move(market.root / "store", market.root / "away")
    market.clock.at += timedelta(days=days)
    again = market.follower()
    again.start()
    assert before is not None and again.active is not None
    assert again.active.pointer == before.pointer and again.active.plans == 1
    assert again.refusal is not None and again.refusal.code == "HB804"
    assert not (market.root / "store").exists()  # a store that is not mounted is not made


def test_what_the_store_has_by_then_is_taken_when_it_is_back(market: Market) -> None:
    running(market)
    edit(market, "Triple points")
    market.publish()
    shutil.move(market.root / "store", market.root / "away")
    again = market.follower()
    again.start()
    assert again.active is not None and again.active.pointer.sequence == 1
    shutil.move(market.root / "away", market.root / "store")
    assert again.refresh()
    assert again.active.pointer.sequence == 2 and again.refusal is None


@pytest.mark.parametrize("spoil", ["pointer", "packs", "key"])
def test_a_last_good_release_that_is_not_sound_is_not_run(market: Market, spoil: str) -> None:
    running(market)
    shutil.move(market.root / "store", market.root / "away")
    state = market.root / "state" / "one"
    if spoil == "pointer":
        flip(state / "environments" / ENVIRONMENT / "pointer")
    elif spoil == "packs":
        for pack in (state / "packs").iterdir():
            flip(pack)
    else:
        market.key = generate_key()
    again = market.follower()
    again.start()
    assert again.active is None and again.refusal is not None
    shutil.move(market.root / "away", market.root / "store")
    if spoil != "key":
        assert again.refresh()
        assert again.active is not None and again.refusal is None
