"""Bounds of numeric calls."""

from __future__ import annotations

import pytest
from expression_world import Rule, Words
from hypothesis import given
from hypothesis import strategies as st

from handbill.language.expressions.facts import Interval
from handbill.language.expressions.numeric import HUGE, nearest_divisors
from handbill.plan.operations import round_div
from handbill.plan.types import DecimalType


def test_divisors_at_which_a_quotient_is_extreme() -> None:
    assert nearest_divisors(Interval(-3, 5)) == [-3, 5, -1, 1]
    assert nearest_divisors(Interval(0, 5)) == [5, 1]
    assert nearest_divisors(Interval(2, 5)) == [2, 5]


@pytest.mark.parametrize(
    "text",
    ["customer.balance / 3", "customer.balance / -7", "customer.spend / (customer.orders + 1)"],
)
def test_quotients_are_within_their_bounds(text: str, rule: Rule) -> None:
    type_ = rule(text).type
    assert isinstance(type_, DecimalType)
    ends = {
        "customer.balance / 3": (-(10**5), 10**5, 3),
        "customer.balance / -7": (-(10**5), 10**5, -7),
    }
    low, high, by = ends.get(text, (0, 10**8, 1))
    for end in (low, high):
        assert type_.minimum <= round_div(end * 10**4, by) <= type_.maximum


@given(st.integers(-50, 50), st.integers(0, 30), st.integers(-9, 9), st.integers(0, 9))
def test_no_quotient_leaves_its_corners(low: int, size: int, bottom: int, height: int) -> None:
    by = [each for each in range(bottom, bottom + height + 1) if each]
    corners = [
        each // d
        for each in (low, low + size)
        for d in nearest_divisors(Interval(bottom, bottom + height))
    ]
    for value in range(low, low + size + 1):
        for divisor in by:
            assert min(corners) <= value // divisor <= max(corners)


def test_what_128_bits_cannot_hold(said: Words) -> None:
    product = " * ".join(["(customer.big + 0.0)"] * 3)
    assert "HB511" in said(f"{product} > 1")
    assert "HB511" in said("((customer.big * 1.0) * customer.big) / 3 > 1")
    assert HUGE.high == 2**127 - 1
