"""What is decided about a condition is so for every customer who meets what was assumed."""

from __future__ import annotations

import random

import pytest
from bounds_world import Drawing, Written, condition, customer, given_that
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.language.bounds.rendering import Rendering, world_of
from handbill.language.bounds.world import EMPTY_WORLD
from handbill.plan.ir import Call, Const, Expression, Local, Operation
from handbill.plan.types import BoolType, IntType

READER = Rendering()


def decided(question: str, *rules: str, holds: bool = True) -> bool | None:
    told = tuple(each for rule in rules for each in given_that(rule, holds))
    return READER.decide(condition(question), world_of(told, READER))


@pytest.mark.parametrize(
    ("question", "rules", "answer"),
    [
        ("customer.gold", (), None),
        ("customer.gold", ("customer.gold",), True),
        ("not customer.gold", ("customer.gold",), False),
        ("customer.orders > 50", ("customer.orders > 60",), True),
        ("customer.orders > 50", ("customer.orders < 50",), False),
        ("customer.orders > 50", ("customer.orders > 40",), None),
        ("customer.orders <= 1200", (), True),
        ("customer.orders == 7", ("customer.orders == 7",), True),
        ("customer.orders != 7", ("customer.orders == 7",), False),
        ("customer.tier == 'basic'", ("customer.tier == 'ça'",), False),
        ("customer.tier == 'basic'", ("customer.tier != 'basic'",), False),
        ("customer.tier != 'basic'", ("customer.tier in ['ça', 'd’or']",), True),
        ("customer.gold and customer.orders > 5", ("customer.orders < 2",), False),
        ("customer.gold or customer.orders > 5", ("customer.gold",), True),
        ("customer.gold or customer.orders > 5", ("customer.orders < 2",), None),
        ("customer.first_name is defined", ("customer.first_name is defined",), True),
        ("customer.first_name is defined", ("customer.first_name is not defined",), False),
        ("customer.orders > 5", ("customer.gold and customer.orders > 9",), True),
        ("customer.gold", ("customer.gold or customer.orders > 2000",), True),
        ("customer.name | length > 3", ("customer.name | length > 5",), True),
        ("customer.name | length > 3", ("customer.name == 'Ann'",), False),
    ],
)
def test_decide(question: str, rules: tuple[str, ...], answer: bool | None) -> None:
    assert decided(question, *rules) is answer


def test_what_does_not_hold_tells_as_much() -> None:
    assert decided("customer.orders > 50", "customer.orders < 60", holds=False) is True
    assert decided("customer.gold", "customer.gold or customer.orders > 5", holds=False) is False
    assert (
        decided("customer.tier == 'ça'", "customer.tier in ['ça', 'basic']", holds=False) is False
    )


@pytest.mark.parametrize(
    "rules",
    [
        ("customer.gold", "not customer.gold"),
        ("customer.orders > 9", "customer.orders < 4"),
        ("customer.tier == 'ça'", "customer.tier == 'basic'"),
        ("customer.orders in [1, 2]", "customer.orders > 5"),
        ("customer.first_name is defined", "customer.first_name is not defined"),
    ],
)
def test_what_cannot_be_is_noticed(rules: tuple[str, str]) -> None:
    first = READER.assume(condition(rules[0]), True, EMPTY_WORLD)
    assert first is not None
    assert READER.assume(condition(rules[1]), True, first) is None


def test_constants() -> None:
    yes = Const(BoolType(), True)
    assert READER.decide(yes, EMPTY_WORLD) is True
    assert READER.assume(yes, False, EMPTY_WORLD) is None
    assert READER.assume(yes, True, EMPTY_WORLD) is EMPTY_WORLD


def test_rounds_of_a_loop() -> None:
    index = Call(
        Operation.ADD, (Local("x.index0", IntType(0, 4)), Const(IntType(), 1)), IntType(1, 5)
    )
    last = Call(Operation.EQ, (index, Local("x.length", IntType(1, 5))), BoolType())

    def answer(expression: Expression, turn: str) -> bool | None:
        return READER.decide(expression, EMPTY_WORLD.in_round("x", (0, 4), (1, 5), turn))  # type: ignore[arg-type]

    assert answer(last, "last") is answer(last, "only") is True
    assert answer(last, "first") is answer(last, "middle") is False
    not_last = Call(Operation.NE, (index, Local("x.length", IntType(1, 5))), BoolType())
    assert answer(not_last, "last") is False
    assert READER.decide(last, EMPTY_WORLD) is None


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_it_is_so_for_every_customer(seed: int) -> None:
    draw = random.Random(seed)
    rules = [Drawing(draw).condition(1) for _ in range(2)]
    question = Drawing(draw).condition(1)
    told = [each for rule in rules for each in given_that(rule)]
    world = EMPTY_WORLD
    possible = True
    for each in told:
        after = READER.assume(each.condition, True, world)
        possible = possible and after is not None
        world = after or world
    answer = READER.decide(condition(question), world)
    rule = Written((), *(each.condition for each in told))
    asked = Written((), condition(question))
    for _ in range(20):
        one = customer(draw)
        if rule.meets(one):
            assert possible, rules
            assert answer in (None, asked.meets(one)), (rules, question, one)
