"""What is refused and why, that the old release goes on meanwhile, and when it is tried again."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from followed_market import (
    drop_the_signature,
    edit,
    empty_a_pack,
    flip_a_byte,
    flip_the_signature,
    let_it_expire,
    receipt,
    remove_a_pack,
    remove_the_pointer,
    running,
    sign_with_another_key,
    swap_two_packs,
    take_another_environments,
    tenant_pack,
    truncate_a_pack,
    truncate_the_pointer,
)
from market import Market

from handbill.publish.rollback import rollback
from handbill_runtime.follow import activate

WRONG: dict[Callable[[Market], None], str] = {
    flip_a_byte: "HB805",
    truncate_a_pack: "HB805",
    empty_a_pack: "HB805",
    remove_a_pack: "HB804",
    swap_two_packs: "HB805",
    flip_the_signature: "HB811",
    truncate_the_pointer: "HB811",
    sign_with_another_key: "HB812",
    drop_the_signature: "HB812",
    take_another_environments: "HB813",
    let_it_expire: "HB815",
    remove_the_pointer: "HB804",
}


@pytest.mark.parametrize(
    ("spoil", "code"), WRONG.items(), ids=lambda each: getattr(each, "__name__", each)
)
def test_a_release_with_something_wrong_is_not_activated(
    market: Market, spoil: Callable[[Market], None], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    follower = running(market)
    before = follower.active
    edit(market, "Triple points")
    market.publish()
    spoil(market)
    assert not follower.refresh()
    assert follower.active is before
    assert follower.refusal is not None and follower.refusal.code == code
    told = receipt(market)
    assert told.active is not None and told.active.sequence == 1
    assert told.refused is not None and told.refused.code == code and told.refused.hint
    assert code in caplog.text and "the last good release goes on" in caplog.text


@pytest.mark.parametrize(
    ("spoil", "code"), WRONG.items(), ids=lambda each: getattr(each, "__name__", each)
)
def test_nor_by_a_runtime_that_has_nothing(
    market: Market, spoil: Callable[[Market], None], code: str
) -> None:
    market.publish()
    spoil(market)
    follower = market.follower()
    follower.start()
    assert follower.active is None
    assert follower.refusal is not None and follower.refusal.code == code
    assert receipt(market).active is None


def test_a_clock_that_is_set_back_puts_off_no_retry(market: Market) -> None:
    follower = running(market)
    edit(market, "Triple points")
    market.publish()
    pack = tenant_pack(market)
    whole = pack.read_bytes()
    pack.write_bytes(whole[:-1])
    assert not follower.refresh()
    pack.write_bytes(whole)
    market.clock.at -= timedelta(hours=3)
    assert follower.refresh()


def test_what_was_wrong_is_activated_once_it_is_mended(market: Market) -> None:
    follower = running(market)
    edit(market, "Triple points")
    market.publish()
    pack = tenant_pack(market)
    whole = pack.read_bytes()
    pack.write_bytes(whole[:-1])
    assert not follower.refresh()
    pack.write_bytes(whole)
    assert not follower.refresh()  # the same pointer is not tried again at once …
    market.clock.at += timedelta(seconds=2)
    assert follower.refresh()  # … but soon
    assert follower.refusal is None and receipt(market).refused is None
    assert follower.active is not None and follower.active.pointer.sequence == 2


def test_a_new_pointer_is_tried_at_once(market: Market) -> None:
    follower = running(market)
    edit(market, "Triple points")
    market.publish()
    whole = market.pointer_file.read_bytes()
    flip_the_signature(market)
    assert not follower.refresh()
    market.pointer_file.write_bytes(whole)
    assert follower.refresh()


def test_the_same_refusal_is_told_once_and_tried_ever_more_slowly(
    market: Market, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = running(market)
    edit(market, "Triple points")
    market.publish()
    remove_a_pack(market)
    tries = []
    build = activate.build_release
    monkeypatch.setattr(
        "handbill_runtime.follow.follower.build_release",
        lambda *given, **more: (tries.append(market.clock.at), build(*given, **more))[1],
    )
    for _ in range(600):
        follower.refresh()
        market.clock.at += timedelta(seconds=1)
    waits = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert waits == sorted(waits) and waits[-1] == timedelta(seconds=60)
    assert caplog.text.count("HB804") == 1


def test_the_refusal_is_over_when_the_old_pointer_is_back(market: Market) -> None:
    follower = running(market)
    sound = market.pointer_file.read_bytes()
    market.pointer_file.write_bytes(b"nonsense")
    assert not follower.refresh() and follower.refusal is not None
    market.pointer_file.write_bytes(sound)
    assert not follower.refresh()
    assert follower.refusal is None and receipt(market).refused is None


def test_an_older_pointer_is_refused_also_after_a_restart(market: Market) -> None:
    follower = running(market)
    first = market.pointer_file.read_bytes()
    edit(market, "Triple points")
    market.publish()
    assert follower.refresh()
    market.pointer_file.write_bytes(first)
    assert not follower.refresh()
    assert follower.refusal is not None and follower.refusal.code == "HB814"
    again = market.follower()
    again.start()
    assert again.active is not None and again.active.pointer.sequence == 2
    assert again.refusal is not None and again.refusal.code == "HB814"


def test_the_sequence_is_remembered_when_the_last_good_release_is_damaged(market: Market) -> None:
    follower = running(market)
    first = market.pointer_file.read_bytes()
    edit(market, "Triple points")
    market.publish()
    assert follower.refresh()
    market.pointer_file.write_bytes(first)
    for pack in (market.root / "state" / "one" / "packs").iterdir():
        pack.write_bytes(b"damaged")
    again = market.follower()
    again.start()
    assert again.active is not None  # the store still has those packs, and number 1 is too old
    assert again.active.pointer.sequence == 2
    assert again.refusal is not None and again.refusal.code == "HB814"


def test_a_rollback_is_a_new_number(market: Market) -> None:
    follower = running(market)
    first = follower.active
    edit(market, "Triple points")
    market.publish()
    assert follower.refresh()
    rollback(market.publisher())
    assert follower.refresh()
    assert first is not None and follower.active is not None
    assert follower.active.pointer.release == first.pointer.release
    assert follower.active.pointer.sequence == 3
