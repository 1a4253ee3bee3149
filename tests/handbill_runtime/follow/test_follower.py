"""What is activated, what is refused and why, and that the old release goes on meanwhile."""

from __future__ import annotations

import itertools
import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from market import ENVIRONMENT, NOON, Market

from handbill.publish.keys import generate_key
from handbill.publish.rollback import rollback
from handbill.store import dsse
from handbill.store.pointer import PAYLOAD_TYPE
from handbill.store.receipts import Receipt, TroubleReceipt, read_receipts
from handbill_runtime.errors import PlanFault
from handbill_runtime.follow import activate
from handbill_runtime.follow.follower import Follower
from handbill_runtime.stages.compiled import CompiledPlan


def receipt(market: Market, name: str = "one") -> Receipt:
    return read_receipts(market.store, ENVIRONMENT).receipts[name]


def edit(market: Market, subject: str) -> None:
    market.points(
        f"""
        trigger: {{at: 2026-12-05T12:00, timezone: tenant}}
        message: {{email: {{subject: "{subject}", template: mail.html}}}}
        """
    )


def running(market: Market) -> Follower:
    """A runtime with a first release active."""
    market.publish()
    follower = market.follower()
    follower.start()
    assert follower.active is not None and follower.active.pointer.sequence == 1
    return follower


def test_a_published_release_becomes_active(market: Market) -> None:
    follower = running(market)
    assert follower.active is not None
    assert follower.active.plans == 1 and set(follower.active.tenants) == {"corner"}
    told = receipt(market)
    assert told.refused is None and told.active is not None
    assert (told.active.sequence, told.active.release) == (1, follower.active.pointer.release)
    assert told.active.at == "2026-12-05T17:00:00.000Z"


def test_a_sound_new_release_replaces_it(market: Market) -> None:
    follower = running(market)
    assert not follower.refresh()
    edit(market, "Triple points")
    pointer = market.publish()
    assert follower.refresh() and follower.active is not None
    assert follower.active.pointer == pointer and pointer.sequence == 2
    assert follower.refusal is None and receipt(market).refused is None


# ── one thing wrong with the second release ──────────────────────────────────────────────────────


def flip(path: Path, place: int = -20) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


def tenant_pack(market: Market) -> Path:
    """The pack that only the newest release has."""
    packs = sorted((market.root / "store" / "packs").iterdir(), key=lambda p: p.stat().st_mtime_ns)
    return next(path for path in reversed(packs) if b'"plan"' in path.read_bytes())


def flip_a_byte(market: Market) -> None:
    flip(tenant_pack(market))


def truncate_a_pack(market: Market) -> None:
    path = tenant_pack(market)
    path.write_bytes(path.read_bytes()[:-7])


def empty_a_pack(market: Market) -> None:
    tenant_pack(market).write_bytes(b"")


def remove_a_pack(market: Market) -> None:
    tenant_pack(market).unlink()


def swap_two_packs(market: Market) -> None:
    path = tenant_pack(market)
    other = next(each for each in path.parent.iterdir() if each != path)
    path.write_bytes(other.read_bytes())


def flip_the_signature(market: Market) -> None:
    text = market.pointer_file.read_text()
    place = text.index('"sig":"') + 12
    swapped = "A" if text[place] != "A" else "B"
    market.pointer_file.write_text(text[:place] + swapped + text[place + 1 :])


def truncate_the_pointer(market: Market) -> None:
    market.pointer_file.write_bytes(market.pointer_file.read_bytes()[:100])


def sign_with_another_key(market: Market) -> None:
    payload = dsse.verify(market.pointer_file.read_bytes(), PAYLOAD_TYPE, [market.key.public])
    market.pointer_file.write_bytes(dsse.sign(PAYLOAD_TYPE, payload, [generate_key().private]))


def drop_the_signature(market: Market) -> None:
    text = market.pointer_file.read_text()
    start = text.index('"signatures":[') + len('"signatures":[')
    market.pointer_file.write_text(text[:start] + text[text.index("]", start) :])


def take_another_environments(market: Market) -> None:
    market.environment(name="staging")
    market.publish("staging")
    other = market.pointer_file.parents[1] / "staging" / "pointer"
    shutil.copy(other, market.pointer_file)


def let_it_expire(market: Market) -> None:
    market.clock.at = NOON + timedelta(days=31)


def remove_the_pointer(market: Market) -> None:
    market.pointer_file.unlink()


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
        lambda *given: tries.append(market.clock.at) or build(*given),  # type: ignore[func-returns-value]
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
    assert again.active is None  # nothing sound is left, and number 1 is too old
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


# ── cold starts ──────────────────────────────────────────────────────────────────────────────────


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


# ── waiting, expiring, bugs ──────────────────────────────────────────────────────────────────────


def test_nothing_published_yet_is_no_error(
    market: Market, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    follower = market.follower()
    follower.start()
    follower.refresh()
    assert follower.active is None and follower.refusal is None
    waiting = [r for r in caplog.records if "waiting for a first release" in r.getMessage()]
    assert [record.levelname for record in waiting] == ["INFO"]
    assert not (market.root / "store").exists()
    market.publish()
    assert follower.refresh()


def test_a_running_release_that_expires_goes_on_and_says_so(market: Market) -> None:
    follower = running(market)
    market.clock.at = NOON + timedelta(days=31)
    assert not follower.refresh()
    assert follower.active is not None
    assert follower.refusal is not None and follower.refusal.code == "HB815"
    told = receipt(market)
    assert told.active is not None and told.refused is not None
    assert (told.active.sequence, told.refused.code) == (1, "HB815")
    edit(market, "Triple points")
    market.publish()
    assert follower.refresh() and follower.refusal is None


def test_a_store_that_is_away_for_a_while_leaves_no_trace(market: Market) -> None:
    follower = running(market)
    shutil.move(market.root / "store", market.root / "away")
    follower.refresh()
    assert follower.refusal is not None and follower.refusal.code == "HB804"
    shutil.move(market.root / "away", market.root / "store")
    follower.refresh()
    assert follower.refusal is None and receipt(market).refused is None


def test_a_bug_while_building_is_a_refusal_too(
    market: Market, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    follower = running(market)
    before = follower.active
    edit(market, "Triple points")
    market.publish()

    def broken(*given: object) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr("handbill_runtime.follow.follower.build_release", broken)
    assert not follower.refresh()
    assert follower.active is before
    assert follower.refusal is not None and follower.refusal.code == "HB932"
    assert "surprise" in follower.refusal.message and "Traceback" in caplog.text


def test_a_plan_that_fails_its_trial_is_not_activated(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = running(market)
    before = follower.active
    edit(market, "Triple points")
    market.publish()

    def broken(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("handbill_runtime.stages.compiled.CompiledPlan.render", broken)
    assert not follower.refresh()
    assert follower.active is before
    assert follower.refusal is not None and follower.refusal.code == "HB931"


def test_a_store_that_takes_no_receipt_stops_nothing(
    market: Market, caplog: pytest.LogCaptureFixture
) -> None:
    market.publish()
    (market.pointer_file.parent / "receipts").write_text("in the way")
    follower = market.follower()
    follower.start()
    assert follower.active is not None and "the receipt was not written" in caplog.text


def test_a_last_good_release_that_cannot_be_kept_is_not_activated(market: Market) -> None:
    market.publish()
    (market.root / "state").mkdir()
    follower = market.follower()
    (market.root / "state" / "one").write_text("a file in the way")
    follower.start()
    assert follower.active is None
    assert follower.refusal is not None and follower.refusal.code == "HB802"


def test_a_tenant_that_cannot_run_is_told_of_and_the_others_are_activated(
    market: Market, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    market.tenant("north")
    market.points("trigger: {at: publish}", tenant="north")
    follower = running(market)
    edit(market, "Triple points")
    market.points("trigger: {at: publish}\npriority: 70", tenant="north")
    market.publish()

    def canary(self: CompiledPlan) -> None:
        if self.plan.tenant == "north":
            raise PlanFault("HB930", "the plan of `points` has format 9.9")

    monkeypatch.setattr(CompiledPlan, "canary", canary)
    assert follower.refresh()
    assert not follower.refresh()
    assert follower.active is not None and follower.active.pointer.sequence == 2
    told = receipt(market)
    assert told.active is not None and told.active.sequence == 2
    assert told.refused is not None
    assert (told.refused.code, told.refused.sequence) == ("HB930", 2)
    assert "`north` keeps what it ran before" in told.refused.message
    assert "HB930: the plan of `points` has format 9.9" in caplog.text
    market.points("trigger: {at: publish}\npriority: 80", tenant="north")
    market.publish()
    monkeypatch.undo()
    assert follower.refresh()
    assert follower.refusal is None and receipt(market).refused is None


def test_what_tenants_cannot_do_stays_in_the_receipt_until_it_is_told_otherwise(
    market: Market,
) -> None:
    follower = running(market)
    trouble = TroubleReceipt(tenant="corner", code="HB940", message="no customers", hint="put it")
    follower.tell((trouble,))
    assert receipt(market).troubles == (trouble,)
    edit(market, "Triple points")
    market.publish()
    assert follower.refresh()
    assert receipt(market).troubles == (trouble,)
    follower.tell(())
    assert receipt(market).troubles == ()
