"""Facts are kept by expression, and end with the world that knows them."""

from __future__ import annotations

import pytest

from handbill.language.bounds.world import (
    EMPTY_WORLD,
    NOTHING_KNOWN,
    Bound,
    Interval,
    Known,
    is_empty,
    meet,
)
from handbill.plan.ir import Const, Field
from handbill.plan.types import IntType, StringType

NAME = Field(("customer", "name"), StringType(9))


def test_a_fact_is_about_an_expression_as_it_is_written() -> None:
    told = EMPTY_WORLD.knowing(NAME, Known(size=(1, 4)))
    same = Field(("customer", "name"), StringType(9))
    assert told.of(same).size == (1, 4)
    assert told.of(Const(IntType(1, 1), 1)) == NOTHING_KNOWN
    assert EMPTY_WORLD.of(NAME) == NOTHING_KNOWN


def test_names_and_rounds() -> None:
    bound = Bound(NAME, EMPTY_WORLD)
    assert EMPTY_WORLD.binding("who", bound).locals["who"] == (bound,)
    inside = EMPTY_WORLD.in_round("x", (0, 0), (2, 5), "first")
    assert inside.counters == {"x.index0": (0, 0), "x.length": (2, 5)}
    assert inside.turns == {"x": "first"}
    assert EMPTY_WORLD.in_round("x", (0, 4), (1, 5), None).turns == {}


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ((0, 9), (5, 12), (5, 9)),
        (None, (1, 2), (1, 2)),
        ((1, 2), None, (1, 2)),
        (None, None, None),
        ((0, 1), (5, 6), (5, 1)),
    ],
)
def test_what_both_allow(
    first: Interval | None, second: Interval | None, both: Interval | None
) -> None:
    assert meet(first, second) == both
    assert is_empty(both) is (both == (5, 1))
