"""Texts that can only be one of a few are known exactly."""

from __future__ import annotations

import pytest
from bounds_world import expression_of, given_that

from handbill.language.bounds.rendering import Rendering, world_of
from handbill.language.bounds.world import EMPTY_WORLD, World
from handbill.plan.ir import Call, Const, Field, Operation
from handbill.plan.types import EnumType, IntType, StringType

READER = Rendering()


def texts(text: str, world: World = EMPTY_WORLD) -> set[str] | None:
    found = READER.finite(expression_of(text), world)
    return None if found is None else set(found)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("customer.tier", {"basic", "silver & co", "d’or", "ça"}),
        ("customer.tier | truncate(3)", {"ba…", "si…", "d’…", "ça"}),
        ("customer.tier | upper", {"BASIC", "SILVER & CO", "D’OR", "ÇA"}),
        ("customer.tier | replace('a', 'xx')", {"bxxsic", "silver & co", "d’or", "çxx"}),
        ("'one' if customer.gold else 'two'", {"one", "two"}),
        ("('a' if customer.gold else 'b') ~ ('c' if customer.orders > 1 else 'd')", {"ac", "ad", "bc", "bd"}),
        ("customer.name", None),
        ("'Hi ' ~ customer.name", None),
        ("customer.name if customer.gold else 'x'", None),
        ("customer.orders", None),
    ],
)  # fmt: skip
def test_known(text: str, known: set[str] | None) -> None:
    assert texts(text) == known


def test_less_where_more_is_known() -> None:
    basic = world_of(given_that("customer.tier == 'basic'"), READER)
    assert texts("customer.tier", basic) == {"basic"}
    assert texts("customer.tier ~ '!'", basic) == {"basic!"}
    others = world_of(given_that("customer.tier != 'basic'"), READER)
    assert texts("customer.tier", others) == {"silver & co", "d’or", "ça"}


def test_too_many_are_not_listed() -> None:
    many = EnumType(tuple(f"v{n}" for n in range(513)))
    assert READER.finite(Field(("customer", "x"), many), EMPTY_WORLD) is None
    few = Field(("customer", "y"), EnumType(tuple(f"v{n}" for n in range(17))))
    pair = Call(Operation.CONCAT, (few, few), StringType(6))
    assert READER.finite(pair, EMPTY_WORLD) is None


def test_numbers_are_written_at_their_ends() -> None:
    number = Call(Operation.INT_TEXT, (Field(("customer", "n"), IntType(-20, 5)),), StringType(3))
    assert READER.number_texts(number, EMPTY_WORLD) == ["-20", "-1", "0", "5"]
    place = Call(Operation.CHOOSE, (Field(("offer", "index"), IntType(2, 3)), *(
        Const(StringType(1), letter) for letter in "abcd"
    )), StringType(1))  # fmt: skip
    assert READER.finite(place, EMPTY_WORLD) == ("b", "c")
