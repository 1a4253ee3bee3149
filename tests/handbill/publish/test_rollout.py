"""Rings: who runs what at each step, and what makes a rollout go on, end or go back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rollout_world import FREEZE, ORDERS, World, titles
from sample_release import environment

from handbill.lower.bringing_out import BringingOut
from handbill.publish.history import read_entry
from handbill.publish.publication import Outcome
from handbill.publish.rollback import rollback
from handbill.publish.rollout import RolloutStatus, rollout_status
from handbill.publish.withdrawn import taken_back
from handbill.store.collect import Keep, collect
from handbill.store.references import HistoryWindow

OLD = titles(ann="A", ben="B", cat="C", dan="D")
NEW = titles(ann="A2", ben="B2", cat="C2", dan="D2")
NEWER = titles(ann="A3", ben="B3", cat="C3", dan="D3")


@pytest.fixture
def begun(world: World) -> World:
    """The canary runs the new release, the others the old one."""
    world.commit(OLD, "1" * 40)
    world.follow()
    world.commit(NEW, "2" * 40)
    return world


def test_the_first_publish_reaches_everybody(world: World) -> None:
    publication = world.commit(OLD, "1" * 40)
    assert publication.outcome is Outcome.PUBLISHED and world.runs() == OLD
    assert world.pointer.rollout is None


def test_a_change_reaches_one_ring_after_the_other(begun: World) -> None:
    assert begun.runs() == OLD | titles(ann="A2")
    assert (begun.rollout.reached, len(begun.rollout.rings)) == (1, 3)
    second = begun.advance(by="ann", why="looks good")
    assert second.outcome is Outcome.ADVANCED and second.changes.changed == ("ben", "cat")
    assert begun.runs() == NEW | titles(dan="D")
    assert (begun.pointer.by, begun.pointer.why) == ("ann", "looks good")
    begun.advance()
    assert begun.runs() == NEW and begun.rollout.reached == 3
    assert begun.pointer.release == begun.rollout.target
    over = begun.advance()
    assert over.outcome is Outcome.REFUSED and over.diagnostics[0].code == "HB848"


def test_it_advances_by_itself_once_enough_runtimes_are_well_for_the_time(begun: World) -> None:
    begun.pass_minutes(60)
    assert begun.tend() is None, "nobody has activated it"
    begun.follow("web-1")
    begun.pass_minutes(60)
    assert begun.tend() is None, "one of two"
    begun.follow("web-2")
    begun.pass_minutes(29)
    assert begun.tend() is None, "not for long enough"
    begun.pass_minutes(1)
    advanced = begun.tend()
    assert advanced is not None and advanced.outcome is Outcome.ADVANCED
    assert begun.pointer.by == "handbill" and "canary was healthy" in begun.pointer.why
    assert begun.tend() is None, "the next ring is new"


def test_an_ended_runtime_is_not_waited_for(begun: World) -> None:
    begun.follow("web-1")
    begun.follow("web-2", ended=True)
    begun.pass_minutes(30)
    assert begun.tend() is not None


def test_without_any_runtime_nothing_advances_by_itself(world: World) -> None:
    world.commit(OLD, "1" * 40)
    world.commit(NEW, "2" * 40)
    world.pass_minutes(600)
    assert world.tend() is None and world.runs()["dan"] == "D"


def test_a_refusal_returns_everybody(begun: World) -> None:
    begun.advance()
    begun.follow("web-1")
    begun.follow("web-2", refuses="HB931")
    stopped = begun.tend()
    assert stopped is not None and stopped.outcome is Outcome.STOPPED
    assert begun.runs() == OLD
    assert "`web-2` refuses number 3 (HB931)" in begun.rollout.stopped
    assert (begun.pointer.restores, begun.pointer.by) == (1, "handbill")
    assert begun.tend() is None, "what is over is over"


def test_a_store_out_of_reach_is_no_refusal_of_the_release(begun: World) -> None:
    begun.follow(refuses="HB802")
    assert begun.tend() is None


def test_a_tenants_new_trouble_returns_everybody(begun: World) -> None:
    begun.follow("web-1", trouble=("ann", "HB951"))
    stopped = begun.tend()
    assert stopped is not None and "`ann` has trouble" in begun.rollout.stopped
    assert begun.runs() == OLD


def test_what_a_runtime_says_is_one_short_line_of_the_history(begun: World) -> None:
    begun.follow("web-1", trouble=("ann", "HB951"), message="a\x1b[2J\nb" * 3000)
    begun.tend()
    for said in (begun.pointer.why, begun.rollout.stopped):
        assert said.startswith("`ann` has trouble") and said.isprintable() and len(said) <= 200


def test_troubles_of_others_and_from_before_do_not_count(world: World) -> None:
    world.commit(OLD, "1" * 40)
    world.follow("web-1", trouble=("ann", "HB951"))
    world.commit(NEW, "2" * 40)
    world.follow("web-1", trouble=("ann", "HB951"))
    world.follow("web-2", trouble=("dan", "HB952"))
    world.pass_minutes(30)
    advanced = world.tend()
    assert advanced is not None and advanced.outcome is Outcome.ADVANCED


def test_the_last_ring_is_watched_for_its_time_and_then_it_is_over(begun: World) -> None:
    begun.advance()
    begun.advance()
    begun.follow("web-1", refuses="HB931")
    assert begun.tend() is not None and begun.runs() == OLD
    begun.commit(NEWER, "3" * 40)
    begun.advance()
    begun.advance()
    begun.pass_minutes(30)
    begun.follow("web-1", refuses="HB931")
    assert begun.tend() is None and begun.runs() == NEWER


def test_a_stop_by_hand_says_why_and_the_target_does_not_come_back(begun: World) -> None:
    stopped = begun.stop("wrong prices")
    assert stopped.outcome is Outcome.STOPPED and begun.runs() == OLD
    assert (begun.pointer.why, begun.rollout.stopped) == ("wrong prices", "wrong prices")
    assert begun.rollout.reached == 0
    again = begun.commit(NEW, "2" * 40)
    assert again.outcome is Outcome.WITHDRAWN and begun.runs() == OLD
    taken = taken_back(begun.store, "production", begun.publisher.trust, begun.pointer)
    assert [each.commit for each in taken] == ["2" * 40]
    assert begun.stop().diagnostics[0].code == "HB848"
    begun.commit(NEWER, "3" * 40)
    assert begun.runs() == OLD | titles(ann="A3")


def test_the_same_commit_again_changes_nothing(begun: World) -> None:
    number = begun.pointer.sequence
    assert begun.commit(NEW, "2" * 40).outcome is Outcome.UNCHANGED
    assert begun.pointer.sequence == number


def test_a_later_commit_is_the_new_target_and_a_stop_returns_to_what_all_ran(begun: World) -> None:
    begun.advance()
    begun.commit(NEWER, "3" * 40)
    assert begun.runs() == titles(ann="A3", ben="B2", cat="C2", dan="D")
    assert begun.rollout.reached == 1
    begun.advance()
    assert begun.runs() == titles(ann="A3", ben="B3", cat="C3", dan="D")
    begun.stop()
    assert begun.runs() == OLD


def test_a_commit_that_takes_the_change_back_leaves_no_rollout(begun: World) -> None:
    begun.commit(OLD, "3" * 40)
    assert begun.runs() == OLD
    begun.pass_minutes(60)
    assert isinstance(rollout_status(begun.publisher, begun.now), RolloutStatus) is False


def test_what_already_runs_where_it_changes_something_ends_the_rollout(begun: World) -> None:
    """The others' part of the target was taken back: nothing is left to bring out."""
    begun.commit(OLD | titles(ann="A2"), "3" * 40)
    assert begun.runs() == OLD | titles(ann="A2") and begun.rollout.reached == 3
    begun.pass_minutes(60)
    begun.follow()
    assert begun.tend() is None and begun.runs() == OLD | titles(ann="A2")


def test_a_change_inside_one_ring_is_out_at_once(world: World) -> None:
    world.commit(OLD, "1" * 40)
    world.commit(OLD | titles(ben="B2"), "2" * 40)
    assert world.runs() == OLD | titles(ben="B2") and world.rollout.reached == 3
    assert world.pointer.release == world.rollout.target


def test_a_ring_that_nobody_of_the_change_is_in_is_passed_over(world: World) -> None:
    world.commit(OLD, "1" * 40)
    world.commit(OLD | titles(ann="A2", dan="D2"), "2" * 40)
    assert world.runs() == OLD | titles(ann="A2")
    world.advance()
    assert world.runs() == OLD | titles(ann="A2", dan="D2") and world.rollout.reached == 3


def test_tenants_come_and_go_with_their_ring(world: World) -> None:
    world.commit(titles(ann="A", ben="B", dan="D"), "1" * 40)
    world.commit(titles(ann="A2", cat="C", eve="E"), "2" * 40)
    assert world.runs() == titles(ann="A2", ben="B", dan="D")
    world.advance()
    assert world.runs() == titles(ann="A2", ben="B", cat="C", dan="D") or world.runs() == titles(
        ann="A2", cat="C", dan="D"
    )
    world.advance()
    assert world.runs() == titles(ann="A2", cat="C", eve="E")
    world.stop()
    assert world.runs() == titles(ann="A", ben="B", dan="D")


def test_a_held_tenant_keeps_what_it_has_and_stays_marked(world: World) -> None:
    world.commit(OLD, "1" * 40)
    broken = {name: text for name, text in NEW.items() if name != "ben"}
    world.commit(broken, "2" * 40, failed=["ben"])
    assert world.runs() == OLD | titles(ann="A2")
    assert [each.tenant for each in world.pointer.held] == ["ben"]
    world.advance()
    world.advance()
    assert world.runs() == NEW | titles(ben="B")
    assert [each.tenant for each in world.pointer.held] == ["ben"]
    world.stop()
    assert world.pointer.held == ()


def test_at_once_is_for_everybody(begun: World) -> None:
    begun.commit(NEW, "2" * 40, at_once=True, why="a legal text")
    assert begun.runs() == NEW and begun.pointer.rollout is None
    assert begun.pointer.why == "at once: a legal text"


def test_one_tenants_correction_goes_out_and_the_rollout_goes_on(begun: World) -> None:
    fixed = NEW | titles(dan="D2!")
    begun.commit(fixed, "3" * 40, at_once=True, only=frozenset({"dan"}))
    assert begun.runs() == OLD | titles(ann="A2", dan="D2!") and begun.rollout.reached == 1
    begun.advance()
    begun.advance()
    assert begun.runs() == fixed
    begun.stop()
    assert begun.runs() == OLD


def test_a_rollback_ends_a_rollout_and_goes_back_to_before_it(begun: World) -> None:
    begun.advance()
    rollback(begun.publisher)
    assert begun.runs() == OLD and begun.pointer.rollout is None
    assert begun.tend() is None


def test_after_a_rollout_one_goes_back_to_before_it_and_not_to_a_step(begun: World) -> None:
    begun.advance()
    begun.advance()
    begun.pass_minutes(60)
    rollback(begun.publisher)
    assert begun.runs() == OLD


def test_a_release_without_rings_ends_the_rollout(begun: World) -> None:
    begun.orders = ORDERS.__class__(BringingOut(), {})
    begun.commit(NEWER, "3" * 40)
    assert begun.runs() == NEWER and begun.pointer.rollout is None


def test_no_ring_is_reached_in_a_freeze_but_a_stop_works(begun: World) -> None:
    begun.orders = ORDERS.__class__(BringingOut(ORDERS.bringing_out.rings, (FREEZE,)), {})
    begun.follow()
    begun.pass_minutes(24 * 60)
    assert begun.tend() is None
    refused = begun.advance()
    assert refused.outcome is Outcome.REFUSED and refused.diagnostics[0].code == "HB846"
    assert begun.advance(despite_freeze=True).outcome is Outcome.ADVANCED
    begun.follow("web-1", refuses="HB931")
    assert begun.tend() is not None and begun.runs() == OLD


def test_a_runtime_that_cannot_execute_it_stops_the_next_ring(begun: World) -> None:
    begun.follow("web-2", operations=99)
    refused = begun.advance()
    assert refused.outcome is Outcome.REFUSED and refused.diagnostics[0].code == "HB895"
    assert "`web-2`" in refused.diagnostics[0].message
    assert begun.advance(ignored_runtimes=frozenset({"web-2"})).outcome is Outcome.ADVANCED


def test_the_status_says_who_and_when(begun: World) -> None:
    begun.follow("web-1")
    waiting = rollout_status(begun.publisher, begun.now)
    assert isinstance(waiting, RolloutStatus)
    assert (waiting.concerned, waiting.waiting) == ({"ann"}, {"ben", "cat", "dan"})
    assert (waiting.health.live, waiting.health.activated, waiting.next_at) == (2, 1, None)
    begun.follow("web-2")
    well = rollout_status(begun.publisher, begun.now)
    assert isinstance(well, RolloutStatus) and well.next_at is not None
    assert (well.next_at - begun.now).total_seconds() == 1800


def test_nothing_to_do_where_nothing_was_published(world: World) -> None:
    assert world.tend() is None
    assert world.advance().diagnostics[0].code == "HB810"
    assert world.stop().diagnostics[0].code == "HB810"
    world.commit(OLD, "1" * 40)
    assert world.advance().diagnostics[0].code == "HB848"


def test_an_environment_that_drops_what_the_others_need_is_refused(world: World) -> None:
    world.commit(OLD, "1" * 40)
    refused = world.commit(NEW, "2" * 40, into=environment(mail="fcm"), provider="mail")
    assert refused.outcome is Outcome.REFUSED and refused.diagnostics[-1].code == "HB845"
    assert world.runs() == OLD
    both = environment(mail="fcm", phones="fcm")
    world.commit(NEW, "2" * 40, into=both, provider="mail")
    assert world.runs() == OLD | titles(ann="A2")


@pytest.fixture
def collected(world: World) -> World:
    """A rollout's second target, long ago; whatever nobody names was removed since. No runtime says
    anything, so that only the rollout itself keeps what it needs."""
    for number, texts in enumerate((OLD, NEW, NEWER), start=1):
        world.commit(texts, f"{number}" * 40)
    world.now += timedelta(days=500)
    keep = Keep(HistoryWindow(timedelta(days=1), 1), timedelta(days=1), timedelta(hours=24))
    collect(world.store, keep, lambda: world.now)
    world.now += timedelta(days=2)
    gone = collect(world.store, keep, lambda: world.now).removed
    assert gone, "the first target, which nobody leads to any more"
    return world


def test_garbage_collection_leaves_a_rollout_its_way_on(collected: World) -> None:
    collected.advance()
    collected.advance()
    assert collected.runs() == NEWER


def test_garbage_collection_leaves_a_rollout_its_way_back(collected: World) -> None:
    assert read_entry(
        collected.store, "production", collected.rollout.returns_to, collected.publisher.trust
    )
    collected.stop("wrong prices")
    assert collected.runs() == OLD
