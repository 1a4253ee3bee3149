"""Conditions as their authors could have written them: what comes back means the same."""

from __future__ import annotations

import pytest
from asking import rule

from handbill.language.reasoning.question import negation
from handbill.language.reasoning.wording import LONGEST, worded
from handbill.plan.ir import Local
from handbill.plan.types import BoolType

SAME = (
    "customer.orders > 3",
    "customer.points | default(0) > 500",
    "customer.spend > 12.50",
    "customer.joined_on < '2026-01-31'",
    "customer.seen is defined and customer.seen < '2026-01-31T10:00:00Z'",
    "customer.tier is defined or customer.is_staff",
    "customer.tier | default('basic') in ['gold', 'silver']",
    "'fish' in customer.departments",
    "customer.departments | count > 1",
    "customer.joined_on | month == 12",
    "customer.joined_on | days_between(run.date) > 365",
    "customer.email | lower | endswith('@x.example')",
    "customer.orders // 3 == (customer.orders % 5)",
)


@pytest.mark.parametrize("text", SAME)
def test_the_wording_means_the_same(text: str) -> None:
    said = worded(rule(text))
    assert said is not None
    assert rule(said) == rule(text)


@pytest.mark.parametrize(
    ("text", "opposite"),
    [
        ("customer.orders > 3", "customer.orders <= 3"),
        ("customer.orders == 3", "customer.orders != 3"),
        ("customer.points is defined", "customer.points is not defined"),
        ("customer.is_staff", "not customer.is_staff"),
        ("customer.email in ['a', 'b']", "customer.email not in ['a', 'b']"),
    ],
)
def test_opposites(text: str, opposite: str) -> None:
    assert worded(negation(rule(text))) == opposite


def test_what_would_not_read_well_is_not_said() -> None:
    assert worded(Local("item", BoolType())) is None
    assert worded(rule("customer.purchases | sum(attribute='total') > 3")) is None
    assert worded(rule("customer.email == 'it’s \\n'")) is None
    long = " or ".join(f"customer.orders == {n}" for n in range(LONGEST // 10))
    assert worded(rule(long)) is None
