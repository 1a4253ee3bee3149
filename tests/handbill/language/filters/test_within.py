"""`within`: which items are of the last days, and what it is told otherwise."""

from __future__ import annotations

import datetime

import pytest
from expression_world import Value, Words
from shopping_world import ROWS


@pytest.mark.parametrize(
    ("within", "ids"),
    [
        ("within('1 day')", "12"),
        ("within('90 days')", "12"),
        ("within('91 days')", "123"),
        ("within('13 weeks')", "123"),
        ("within('91 days', attribute='bought_at')", "123"),
    ],
)
def test_rows_by_the_relations_own_time(within: str, ids: str, value: Value) -> None:
    assert value(f"customer.purchases | {within} | count", purchases=ROWS) == len(ids)
    for place, wanted in enumerate(ids):
        at = f"(customer.purchases | {within} | map(attribute='id'))[{place}] | default('')"
        assert value(at, purchases=ROWS) == wanted


def test_a_list_of_dates_counts_the_runs_own_day(value: Value) -> None:
    days = (datetime.date(2026, 11, 24), datetime.date(2026, 11, 18), datetime.date(2026, 11, 17))
    assert value("customer.visits | within('7 days') | count", visits=days) == 2
    assert value("customer.visits | within('1 day') | count", visits=days) == 1


def test_nothing(value: Value) -> None:
    assert value("customer.orders_made | within('5 days') | count", orders_made=()) == 0
    assert value("params.nothing | within('3 days') | count") == 0


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("customer.purchases | within('2 hours') | count > 1", "HB508 at 29-38: `within` counts whole days, from 1 to 3,660 → within('1 day')"),
        ("customer.purchases | within('soon') | count > 1", "→ within('60 days')"),
        ("customer.purchases | within(60) | count > 1", "HB508 at 29-31: how long ago is a text"),
        ("customer.cart | within('6 days') | count > 1", "HB527 at 1-33: nothing says when an item of `customer.cart` was → within('6 days', attribute='…')"),
        ("customer.cart | within('6 days', attribute='name') | count > 1", "HB507 at 44-50: `within` needs a date or an instant, and `name` is a text"),
        ("customer.purchases | within('0 days') | count > 1", "HB508 at 29-37"),
        ("customer.purchases | within('3661 days') | count > 1", "a duration is at most ten years"),
    ],
)  # fmt: skip
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


def test_ten_years_are_as_long_as_it_says(value: Value) -> None:
    assert value("customer.purchases | within('3660 days') | count", purchases=ROWS) == 3
