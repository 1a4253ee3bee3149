"""What the history says of a publish that passed over a rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rollout_world import FREEZE

from handbill.lower.bringing_out import BringingOut
from handbill.publish.orders import NO_ORDERS, Orders

FROZEN = BringingOut(freezes=(FREEZE,))


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        (NO_ORDERS, "of the commit"),
        (Orders(why="mine"), "mine"),
        (Orders(at_once=True, why="mine"), "at once: mine"),
        (
            Orders(at_once=True, only=frozenset({"dan", "ann"}), why="mine"),
            "at once to ann, dan: mine",
        ),
        (
            Orders(FROZEN, despite_freeze=True, why="mine"),
            "despite the freeze until 2026-12-08T00:00 UTC (Cyber Week): mine",
        ),
        (
            Orders(waited=FREEZE.ends),
            "of the commit (waited for a freeze until 2026-12-08T00:00:00Z)",
        ),
    ],
)
def test_the_reason_names_the_rule(orders: Orders, said: str) -> None:
    assert orders.said("of the commit", FREEZE.starts) == said


def test_despite_a_freeze_that_is_over_is_nothing_to_say() -> None:
    assert Orders(FROZEN, despite_freeze=True, why="mine").said("", FREEZE.ends) == "mine"


def test_a_freeze_holds_from_its_first_moment_to_its_last() -> None:
    orders, second = Orders(FROZEN), timedelta(seconds=1)
    assert orders.freeze_at(FREEZE.starts) == FREEZE == orders.freeze_at(FREEZE.ends - second)
    assert orders.freeze_at(FREEZE.starts - second) is None is orders.freeze_at(FREEZE.ends)
    assert Orders(FROZEN, despite_freeze=True).freeze_at(FREEZE.starts) is None
