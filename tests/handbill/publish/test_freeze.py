"""What waits in a freeze, what does not, and what its end brings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rollout_world import FREEZE, ORDERS, World, titles

from handbill.lower.bringing_out import BringingOut
from handbill.publish.orders import Orders
from handbill.publish.publication import Outcome
from handbill.publish.rollback import rollback

OLD = titles(ann="A", dan="D")
NEW = titles(ann="A2", dan="D2")


@pytest.fixture
def frozen(world: World) -> World:
    """One release is out, the freeze is on, and `dan` is exempt."""
    world.orders = Orders(BringingOut(freezes=(FREEZE,)))
    world.commit(OLD, "1" * 40)
    world.now = FREEZE.starts
    return world


def test_only_the_exempt_are_published_and_the_rest_when_it_ends(frozen: World) -> None:
    part = frozen.commit(NEW, "2" * 40)
    assert part.outcome is Outcome.PUBLISHED and frozen.runs() == OLD | titles(dan="D2")
    assert part.waits_until == FREEZE.ends
    assert [each.code for each in part.diagnostics] == ["HB846"]
    again = frozen.commit(NEW, "2" * 40)
    assert again.outcome is Outcome.WAITING and again.waits_until == FREEZE.ends
    frozen.now = FREEZE.ends
    done = frozen.commit(NEW, "2" * 40, waited=FREEZE.ends)
    assert done.outcome is Outcome.PUBLISHED and frozen.runs() == NEW and done.diagnostics == ()
    assert frozen.pointer.why.endswith("(waited for a freeze until 2026-12-08T00:00:00Z)")


def test_what_concerns_nobody_exempt_waits_whole(frozen: World) -> None:
    waiting = frozen.commit(titles(ann="A2", dan="D"), "2" * 40)
    assert waiting.outcome is Outcome.WAITING and frozen.pointer.sequence == 1
    assert frozen.commit(OLD, "3" * 40).outcome is Outcome.UNCHANGED


def test_a_second_before_it_starts_it_does_not_hold(frozen: World) -> None:
    frozen.now -= timedelta(seconds=1)
    frozen.commit(NEW, "2" * 40)
    assert frozen.runs() == NEW


def test_despite_it_is_possible_and_said(frozen: World) -> None:
    frozen.commit(NEW, "2" * 40, despite_freeze=True, why="a wrong price", by="ann")
    assert frozen.runs() == NEW and frozen.pointer.by == "ann"
    assert frozen.pointer.why == (
        "despite the freeze until 2026-12-08T00:00 UTC (Cyber Week): a wrong price"
    )


def test_a_rollback_needs_nobodys_leave(frozen: World) -> None:
    frozen.commit(NEW, "2" * 40, despite_freeze=True, why="a wrong price")
    rollback(frozen.publisher)
    assert frozen.runs() == OLD


def test_a_first_release_waits_too(world: World) -> None:
    world.orders = Orders(BringingOut(freezes=(FREEZE,)))
    world.now = FREEZE.starts
    waiting = world.commit(OLD, "1" * 40)
    assert (waiting.outcome, waiting.pointer) == (Outcome.WAITING, None)


def test_an_edit_of_the_freeze_counts_with_its_own_commit(frozen: World) -> None:
    assert frozen.commit(titles(ann="A2", dan="D"), "2" * 40).outcome is Outcome.WAITING
    frozen.orders = Orders()
    frozen.commit(titles(ann="A2", dan="D"), "3" * 40)
    assert frozen.runs() == titles(ann="A2", dan="D")


def test_the_exempt_go_on_in_the_middle_of_a_rollout(world: World) -> None:
    world.orders = ORDERS
    world.commit(OLD, "1" * 40)
    world.commit(NEW, "2" * 40)
    world.orders = Orders(BringingOut(ORDERS.bringing_out.rings, (FREEZE,)), ORDERS.groups)
    world.now = FREEZE.starts
    world.commit(titles(ann="A3", dan="D3"), "3" * 40)
    assert world.runs() == titles(ann="A2", dan="D3") and world.rollout.reached == 1
    world.now = FREEZE.ends
    world.advance()
    assert world.runs() == titles(ann="A2", dan="D3")
    world.stop()
    assert world.runs() == OLD
