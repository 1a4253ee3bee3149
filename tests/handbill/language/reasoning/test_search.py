"""Plain examples by trying, and plainer ones of those that a solver found."""

from __future__ import annotations

import datetime

import pytest
from asking import question

from handbill.language.reasoning.example import Trial
from handbill.language.reasoning.question import KnownField
from handbill.language.reasoning.search import (
    MAX_VALUES,
    candidates,
    constants_of,
    made_plainer,
    plain_example,
)
from handbill.plan.types import DateType, EnumType, IntType

POSSIBLE = (
    "customer.orders == 77",
    "customer.points is defined and customer.points > 5000",
    "customer.email | endswith('@x.example')",
    "customer.email | lower == 'ann' and customer.email != 'ann'",
    "customer.tier | default('basic') == 'gold' and customer.is_staff",
    "customer.joined_on | days_between(run.date) > 365",
    "'fish' in customer.departments and customer.departments | count == 2",
    "customer.purchases | selectattr('total', '>', 50) | count >= 3",
    "customer.purchases | sum(attribute='total') > 300",
    "customer.store is not defined",
)


@pytest.mark.parametrize("text", POSSIBLE)
def test_what_is_plainly_possible_needs_no_solver(text: str) -> None:
    asked = question(text)
    example = plain_example(asked, Trial(asked))
    assert example is not None
    assert Trial(asked).holds(example)


def test_what_is_impossible_is_not_found() -> None:
    asked = question("customer.orders > 3 and customer.orders < 3")
    assert plain_example(asked, Trial(asked)) is None


def test_an_example_of_another_question_helps() -> None:
    asked = question(
        "customer.email == 'a' ~ customer.orders and customer.orders == 77 and customer.is_staff"
    )
    near = {
        ("customer", "email"): "a77",
        ("customer", "orders"): 77,
        ("customer", "is_staff"): False,
    }
    assert plain_example(asked, Trial(asked)) is None
    found = plain_example(asked, Trial(asked), (near,))
    assert found == {**near, ("customer", "is_staff"): True}


def test_a_found_example_becomes_plain() -> None:
    asked = question("customer.orders > 3 and customer.email != ''")
    wild = {("customer", "orders"): 881, ("customer", "email"): "Q\u00fc9"}
    plain = made_plainer(wild, asked, Trial(asked))
    assert plain == {("customer", "orders"): 4, ("customer", "email"): "a"}


def test_values_are_of_the_field_and_few() -> None:
    constants = constants_of(question("customer.orders > 3 and '2026-02-01' < run.date").condition)
    orders = list(candidates(KnownField(("customer", "orders"), IntType(0, 9), True), constants))
    assert orders[:2] == [0, 3]
    assert {4, 2, 9} <= set(orders) <= set(range(10))
    days = list(candidates(KnownField(("customer", "x"), DateType(), False), constants))
    assert days[0] == datetime.date(2026, 1, 15)
    assert datetime.date(2026, 2, 2) in days
    assert days[-1] is None and len(days) <= MAX_VALUES + 1
    tiers = KnownField(("customer", "x"), EnumType(("b", "a")), True)
    assert list(candidates(tiers, constants)) == ["b", "a"]


def test_constants_come_once_and_in_order() -> None:
    found = constants_of(
        question("customer.orders > 3 or customer.orders < 1 or 3 < customer.orders").condition
    )
    assert [const.value for const in found] == [3, 1]
