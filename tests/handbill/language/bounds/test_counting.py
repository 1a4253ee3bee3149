"""Where numbers lie and how long lists are, held against what rows compute."""

from __future__ import annotations

import random

import pytest
from bounds_world import CONTEXT, condition, customer, given_that, needs_of, scope
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.language.bounds.rendering import Rendering, world_of
from handbill.language.bounds.world import EMPTY_WORLD, Bound, Interval
from handbill.language.expression import compile_expression
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Operation, Step
from handbill.plan.row import evaluate
from handbill.plan.types import BoolType, IntType, ListType, StringType
from handbill.source.text import SourceText

READER = Rendering()
AMOUNTS = Field(("customer", "amounts"), ListType(IntType(-5, 20), 4))
ITEM = Local("x", IntType(-5, 20))


def number(text: str) -> Expression:
    compiled = compile_expression(SourceText.of_file("rule", text), scope(), None)
    assert compiled.expression is not None, compiled.diagnostics
    return compiled.expression


def where(text: str, *rules: str) -> Interval | None:
    told = tuple(each for rule in rules for each in given_that(rule))
    return READER.interval(number(text), world_of(told, READER))


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("7", (7, 7)),
        ("customer.orders", (0, 1200)),
        ("customer.orders * 3 - customer.debt", (-7, 3650)),
        ("customer.orders // 7", (0, 171)),
        ("customer.orders % 7", (0, 6)),
        ("customer.debt | abs", (0, 50)),
        ("-customer.debt", (-7, 50)),
        ("customer.orders if customer.gold else 5000", (0, 5000)),
        ("customer.name | length", (0, 12)),
        ("customer.likes | count", (0, 4)),
        ("customer.likes[:2] | count", (0, 2)),
        ("customer.nicks | default([]) | count", (0, 3)),
        ("customer.name", None),
    ],
)
def test_by_the_types(text: str, interval: Interval | None) -> None:
    assert where(text) == interval


def test_by_what_is_known() -> None:
    assert where("customer.orders", "customer.orders < 10", "customer.orders >= 3") == (3, 9)
    assert where("customer.orders + 1", "customer.orders == 4") == (5, 5)
    assert where("customer.likes | count", "customer.likes | count >= 2") == (2, 4)
    assert where("customer.likes | count", "'a' in customer.likes") == (1, 4)
    choice = "1 if customer.orders > 50 else 2"
    assert where(choice, "customer.orders == 60") == (1, 1)
    assert where(choice, "customer.orders <= 50") == (2, 2)


@pytest.mark.parametrize(
    ("expression", "interval"),
    [
        (Call(Operation.SUM, (AMOUNTS,), IntType()), (-20, 80)),
        (Call(Operation.MINIMUM, (AMOUNTS,), IntType()), (-5, 20)),
        (Call(Operation.MAXIMUM, (AMOUNTS,), IntType()), (-5, 20)),
        (Call(Operation.FIRST, (AMOUNTS,), IntType()), (-5, 20)),
        (Call(Operation.AVERAGE, (AMOUNTS, Const(IntType(100, 100), 100)), IntType()), (-500, 2000)),
        (Call(Operation.SUM, (Each(Step.MAP, AMOUNTS, "x", Call(Operation.ABS, (ITEM,), IntType()), ListType(IntType(), 4)),), IntType()), (0, 80)),
        (Call(Operation.SUM, (Each(Step.SELECT, AMOUNTS, "x", Const(BoolType(), True), ListType(IntType(), 4)),), IntType()), (-20, 80)),
    ],
)  # fmt: skip
def test_of_lists(expression: Expression, interval: Interval) -> None:
    assert READER.interval(expression, EMPTY_WORLD) == interval


def test_how_many_items() -> None:
    def count(step: Step) -> Interval:
        each = Each(step, AMOUNTS, "x", ITEM, ListType(IntType(), 4))
        return READER.count(each, given_count)

    given_count = EMPTY_WORLD.knowing(AMOUNTS, world_of(given_that("customer.gold"), READER).of(
        condition("customer.gold")
    ))  # fmt: skip
    assert count(Step.SELECT) == count(Step.MAP) == (0, 4)
    assert READER.count(Const(ListType(IntType(), 2), (1, 2)), EMPTY_WORLD) == (2, 2)
    local = Local("them", ListType(IntType(), 9))
    bound = EMPTY_WORLD.binding("them", Bound(AMOUNTS, EMPTY_WORLD))
    assert READER.count(local, bound) == (0, 4)
    assert READER.interval(local, bound) == (-5, 20)


def test_a_type_that_stops_at_53_bits_says_nothing_beyond() -> None:
    unknown = Call(Operation.DEFAULT, (Local("n", IntType()), Const(IntType(0, 0), 0)), IntType())
    low, high = READER.interval(unknown, EMPTY_WORLD) or (0, 0)
    assert low <= 0 <= high
    text = Call(Operation.TRIM, (Field(("customer", "name"), StringType(3)),), IntType())
    assert READER.interval(text, EMPTY_WORLD) == (-(10**38), 10**38)


NUMBERS = [
    "customer.orders", "customer.debt", "customer.orders + customer.debt", "customer.debt * 4",
    "customer.orders // 9 - 3", "customer.orders % 11", "customer.debt | abs", "customer.name | length",
    "customer.likes | count", "customer.orders if customer.gold else customer.debt",
]  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(NUMBERS), st.sampled_from(NUMBERS))
def test_no_row_is_outside(seed: int, first: str, second: str) -> None:
    expression = number(f"({first}) - ({second})")
    interval = READER.interval(expression, EMPTY_WORLD)
    assert interval is not None
    one = customer(random.Random(seed))
    needs = needs_of((), expression)
    value = evaluate(expression, tuple(one.get(".".join(n.path)) for n in needs), CONTEXT, needs)
    assert isinstance(value, int) and interval[0] <= value <= interval[1]
