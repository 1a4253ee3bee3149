"""What is activated, what is told of it, and that nothing outside stops a release that runs."""

from __future__ import annotations

import logging
import shutil
from datetime import timedelta

import pytest
from followed_market import edit, receipt, running
from market import NOON, Market

from handbill.store.receipts import TroubleReceipt
from handbill_runtime.errors import PlanFault
from handbill_runtime.stages.compiled import CompiledPlan


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

    def broken(*given: object, **more: object) -> None:
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
