"""Receipts are written at once, never too often, and now and then anyway; a store that takes none is no harm."""

from __future__ import annotations

from datetime import timedelta

from followed_market import receipt, running
from market import ENVIRONMENT, Market

from handbill.store.receipts import HEARTBEAT, TroubleReceipt, read_receipts
from handbill_runtime.follow.reporting import BURST


def told(number: int) -> tuple[TroubleReceipt, ...]:
    return (TroubleReceipt(tenant="corner", code="HB940", message=f"number {number}"),)


def test_a_storm_of_news_is_written_together_and_the_last_of_it_is_not_lost(market: Market) -> None:
    follower = running(market)
    for number in range(BURST * 3):
        follower.tell(told(number))
    assert receipt(market).troubles != told(BURST * 3 - 1)
    market.clock.at += timedelta(seconds=2)
    follower.refresh()
    assert receipt(market).troubles == told(BURST * 3 - 1)


def test_a_silent_runtime_gives_signs_of_life(market: Market) -> None:
    follower = running(market)
    before = receipt(market).written
    market.clock.at += HEARTBEAT / 2
    follower.refresh()
    assert receipt(market).written == before
    market.clock.at += HEARTBEAT
    follower.refresh()
    assert receipt(market).written > before
    market.clock.at -= timedelta(hours=1)  # the clock was set back
    follower.refresh()
    assert receipt(market).written < before


def test_the_end_is_told_whatever_came_before(market: Market) -> None:
    follower = running(market)
    for number in range(BURST * 2):
        follower.tell(told(number))
    follower.end()
    assert receipt(market).ended is not None


def test_it_says_what_it_executes_and_is_signed(market: Market) -> None:
    follower = running(market)
    found = receipt(market)
    assert found.formats and found.operations and found.key.startswith("ed25519:")
    runtimes = {"one": market.key.public}  # by the root document another key's
    refused = read_receipts(market.store, ENVIRONMENT, runtimes)
    assert not refused.receipts and "another key" in refused.unreadable["one"].message
    stranger = read_receipts(market.store, ENVIRONMENT, {"two": market.key.public})
    assert "no such runtime" in stranger.unreadable["one"].message
    path = market.pointer_file.parent / "receipts" / "one"
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"sig":"', b'"sig":"AAAA', 1))
    assert "one" in read_receipts(market.store, ENVIRONMENT).unreadable
    assert follower.active is not None
