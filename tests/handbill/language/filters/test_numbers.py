"""`default`, `round`, `abs`, `even`, `odd`, `divisibleby`."""

from __future__ import annotations

import datetime

import pytest
from expression_world import Rule, Value, Words

from handbill.plan.ir import Const
from handbill.plan.types import (
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
)


@pytest.mark.parametrize(
    ("text", "customer", "expected"),
    [
        ("customer.points | default(7)", {}, 7),
        ("customer.points | default(7)", {"points": 0}, 0),
        ("customer.points | default(customer.orders)", {"orders": 3}, 3),
        ("customer.credit | default(5)", {}, 500),
        ("customer.credit | default(5.5)", {}, 550),
        ("customer.first_name | default('')", {}, ""),
        ("customer.tier | default('none')", {}, "none"),
        ("customer.wishes | default([]) | count", {}, 0),
        ("customer.wishes | default(customer.favorites) | count", {"favorites": ("a",)}, 1),
        ("customer.birthday | default('2000-01-01')", {}, datetime.date(2000, 1, 1)),
        ("customer.birthday | default(run.date)", {}, datetime.date(2026, 11, 24)),
        ("customer.orders | default(3)", {"orders": 1}, 1),
        ("customer.points | default(customer.credit | default(0) | round)", {"credit": 250}, 3),
        ("customer.spend | round", {"spend": 250}, 3),
        ("customer.spend | round(1)", {"spend": 125}, 13),
        ("customer.balance | round(1)", {"balance": -125}, -13),
        ("customer.spend | round(2)", {"spend": 125}, 125),
        ("customer.spend | round(4)", {"spend": 125}, 12500),
        ("customer.orders | round", {"orders": 5}, 5),
        ("customer.orders | round(1)", {"orders": 5}, 50),
        ("(customer.spend * customer.rate) | round(2)", {"spend": 1000, "rate": 150_000}, 150),
        ("1.5 | round", {}, 2),
        ("customer.balance | abs", {"balance": -125}, 125),
        ("customer.orders is even", {"orders": 4}, True),
        ("customer.orders is odd", {"orders": 4}, False),
        ("customer.orders is not divisibleby(3)", {"orders": 4}, True),
        ("4 is even", {}, True),
    ],
)
def test_the_value(text: str, customer: dict[str, object], expected: object, value: Value) -> None:
    assert value(text, **customer) == expected


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("customer.points | default(-1)", IntType(-1, 100_000)),
        ("customer.credit | default(200)", DecimalType(2, 0, 20_000)),
        ("customer.first_name | default('" + "x" * 50 + "')", StringType(50)),
        ("customer.tier | default('none')", EnumType(("gold", "silver", "none"))),
        ("customer.wishes | default([])", ListType(StringType(20), 4)),
        ("customer.birthday | default('2000-01-01')", DateType()),
        ("customer.spend | round", IntType(0, 1_000_000)),
        ("customer.spend | round(1)", DecimalType(1, 0, 10_000_000)),
        ("customer.balance | abs", DecimalType(2, 0, 100_000)),
        ("(customer.orders + 5) | abs", IntType(5, 1005)),
    ],
)
def test_types(text: str, type_: object, rule: Rule) -> None:
    compiled = rule(text)
    assert compiled.diagnostics == ()
    assert compiled.type == type_


def test_a_default_of_what_is_there_is_dropped(rule: Rule) -> None:
    assert rule("customer.orders | default(3)").expression == rule("customer.orders").expression
    assert rule("params.discount | default(3)").expression == Const(IntType(15, 15), 15)


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        (
            "customer.points | default(1.5)",
            "HB508 at 27-30: this default has digits after the point, and the field has none",
        ),
        ("customer.credit | default(1.555)", "and the field has at most 2"),
        (
            "customer.points | default('none')",
            "HB507 at 27-33: the default is a text, the value a whole number → default(0)",
        ),
        ("customer.tier | default(3)", "→ default('gold')"),
        ("customer.first_name | default(3)", "→ default('')"),
        ("customer.subscribed | default('no')", "→ default(false)"),
        ("customer.birthday | default('soon')", "HB507 at 29-35: `soon` is not a date"),
        ("customer.birthday | default(customer.email)", "→ default('2026-12-24')"),
        ("customer.points | default(customer.credit)", "HB501 at 27-42"),
        ("customer.points | default([])", ""),
        ("customer.email | round", "HB507 at 1-15: `round` needs a number"),
        ("customer.spend | round(9)", "HB508 at 24-25: the number of digits is from 0 to 6"),
        ("customer.credit | round", "HB501"),
        ("customer.spend is even", "HB507 at 1-15: `even` needs a whole number"),
        ("customer.orders is divisibleby(0)", "HB508 at 32-33: the divisor is from 1 to 1000000"),
        ("((customer.big / 1) * (customer.big / 1)) | round", "HB511"),
    ],
)
def test_refusals(text: str, said_: str, said: Words, rule: Rule) -> None:
    assert said_ in said(text)
    assert rule(text).expression is None
