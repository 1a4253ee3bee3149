"""Filters from a list to one value, and what of an empty list there is not."""

from __future__ import annotations

import datetime

import pytest
from expression_world import Rule, Value, Words
from shopping_world import ROWS, bought, line

from handbill.plan.types import DecimalType, IntType


@pytest.mark.parametrize(
    ("text", "lucky", "result"),
    [
        ("customer.lucky | sum", (3, 4), 7),
        ("customer.lucky | sum", (), 0),
        ("customer.lucky | avg | default(9)", (1, 2), 1_500_000),
        ("customer.lucky | avg | default(9)", (1, 1, 2), 1_333_333),
        ("customer.lucky | avg | default(9)", (), 9_000_000),
        ("customer.lucky | min | default(9)", (5, 3), 3),
        ("customer.lucky | max | default(9)", (5, 3), 5),
        ("customer.lucky | max | default(9)", (), 9),
        ("customer.lucky | first | default(9)", (5, 3), 5),
        ("customer.lucky | last | default(9)", (5, 3), 3),
        ("customer.lucky | last | default(9)", (), 9),
        ("customer.lucky[1] | default(9)", (5, 3), 3),
        ("customer.lucky[2] | default(9)", (5, 3), 9),
        ("customer.lucky[0] | default(9)", (), 9),
        ("customer.lucky[:1] | sum", (5, 3), 5),
    ],
)
def test_numbers(text: str, lucky: tuple[int, ...], result: int, value: Value) -> None:
    assert value(text, lucky=lucky) == result


def test_rows(value: Value) -> None:
    given = {"purchases": ROWS}
    assert value("customer.purchases | sum(attribute='total')", **given) == 12500
    assert value("customer.purchases | sum('quantity')", **given) == 7
    assert value("customer.purchases | avg(attribute='total') | default(0)", **given) == 41_666_667
    best = "(customer.purchases | max(attribute='total'))"
    assert value(f"{best}.id | default('')", **given) == "3"
    assert value(f"{best}.id | default('')", purchases=()) == ""
    assert value("(customer.purchases | min(attribute='coupon')).id | default('')", **given) == "1"
    ties = (bought(id="1"), bought(id="2"))
    assert value(f"{best}.id | default('')", purchases=ties) == "1"
    assert value(
        "customer.visits | max | default('2026-01-01')", visits=(datetime.date(2027, 1, 1),)
    ) == datetime.date(2027, 1, 1)
    assert value("customer.favorites | min | default('')", favorites=("b", "B")) == "B"


def test_types(rule: Rule) -> None:
    assert rule("customer.lucky | sum").type == IntType(0, 297)
    assert rule("customer.lucky | avg | default(0)").type == DecimalType(6, 0, 99_000_000)
    assert rule("customer.purchases | sum(attribute='total')").type == DecimalType(
        2, 0, 500 * 10**6
    )
    assert rule("customer.lucky | max", may_be_missing=True).optional
    assert not rule("params.goods | max(attribute='price')").optional


def test_constants(value: Value) -> None:
    assert value("(params.goods | min(attribute='price')).name == 'Milk'") is True
    assert value("params.goods | map(attribute='price') | avg > 3.7") is True
    assert value("params.states | max == 'VT'") is True
    assert value("params.nothing | max | default(3) == 3") is True


def test_text(written: Value) -> None:
    cart = (line("Tea", 1), line("Milk", 2, "cold"))
    assert written("customer.cart | join(', ', attribute='name')", cart=cart) == "Tea, Milk"
    assert written("customer.cart | map(attribute='name') | join('/')", cart=cart) == "Tea/Milk"
    assert written("params.nothing | join(', ', attribute='x')") == ""
    assert written("params.goods | join(' ', attribute='name')") == "Milk Eggs"


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("customer.purchases | sum > 3", "HB507 at 1-19: `sum` needs a number each, and `customer.purchases` is a list of objects → sum(attribute='quantity')"),
        ("customer.favorites | sum > 3", "HB507"),
        ("customer.purchases | sum(attribute='coupon') > 3", "HB501"),
        ("customer.purchases | sum(attribute='id') > 3", "HB507 at 36-40: `sum` needs a number, and `id` is a text"),
        ("customer.purchases | avg(attribute='id') > 3", "`avg` needs a number"),
        ("customer.orders | sum > 3", "HB507 at 1-16: `sum` needs a list, and `customer.orders` is a whole number"),
        ("customer.purchases | max > 3", "→ map(attribute='…') | max"),
        ("customer.purchases | max(attribute='online') is defined", "HB527 at 36-44: `online` is yes or no, which has no order"),
        ("customer.lucky | max > 3", "HB501 at 1-21: `customer.lucky | max` may be missing → customer.lucky | max | default(0) > 3"),
        ("customer.lucky | avg > 3", "HB501"),
        ("customer.orders | last > 3", "HB507 at 1-16: `last` needs a list"),
        ("customer.zip | first == '0'", "→ customer.zip | truncate(1)"),
        ("customer.big_list | sum > 1", "HB505"),
    ],
)  # fmt: skip
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


def test_refusals_of_holes(said_of_hole: Words) -> None:
    assert "→ join(', ', attribute='coupon')" in said_of_hole("customer.purchases | join(', ')")
    assert "HB507" in said_of_hole("customer.cart | join(', ', attribute='tags')")
    assert "HB507" in said_of_hole("customer.lucky | join(', ')")
    assert "→ customer.purchases | map(attribute='bought_at') | join(', ')" in said_of_hole(
        "customer.purchases"
    )
    assert "→ (customer.cart | first).name" not in said_of_hole("customer.address | default(1)")
