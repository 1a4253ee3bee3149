"""`in` and `not in`."""

from __future__ import annotations

import pytest
from expression_world import Rule, Value, Words

from handbill.plan.ir import Call, Operation


@pytest.mark.parametrize(
    ("text", "customer", "expected"),
    [
        ("customer.state in ['VT', 'ME']", {"state": "ME"}, True),
        ("customer.state in ('VT', 'ME')", {"state": "NY"}, False),
        ("customer.state not in ['VT', 'ME']", {"state": "ME"}, False),
        ("customer.state in ['VT', 'VT']", {"state": "VT"}, True),
        ("customer.orders in [1, 2.0, 3]", {"orders": 2}, True),
        ("customer.spend in [1, 2.5]", {"spend": 250}, True),
        ("customer.state in params.states", {"state": "VT"}, True),
        ("'VT' in customer.states", {"states": ("ME", "VT")}, True),
        ("'bread' not in customer.favorites", {"favorites": ("bread",)}, False),
        ("customer.orders in customer.lucky", {"orders": 7, "lucky": (7,)}, True),
        ("3 in [1, 2]", {}, False),
    ],
)
def test_the_value(text: str, customer: dict[str, object], expected: bool, value: Value) -> None:
    assert value(text, **customer) is expected


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("customer.state in ['VT', 'XX']", "HB509 at 26-30: `XX` is none of"),
        (
            "'a' in customer.email",
            "HB507 at 1-22: `customer.email` is a text, not a list → customer.email | contains('a')",
        ),
        ("'a' in customer.first_name", "contains('a')"),
        (
            "3 in customer.orders",
            "HB507 at 6-21: `in` needs a list, and `customer.orders` is a whole number",
        ),
        ("customer.state in []", "HB507 at 19-21: nothing is in an empty list"),
        (
            "customer.state in ['VT', customer.state]",
            "HB507 at 26-40: the members of a list after `in` are written out → customer.state == customer.state",
        ),
        ("customer.state in ['VT', customer.nope]", "HB505"),
        (
            "customer.tier | default('none') in ['golden']",
            "HB509 at 37-45: `golden` is none of gold, silver, none → did you mean 'gold'?",
        ),
        (
            "customer.spend in customer.lucky",
            "HB507 at 1-15: `customer.spend` has more digits after the point",
        ),
        ("3 in customer.favorites", "they cannot be compared"),
        ("3 in ['a']", "they cannot be compared"),
        ("customer.state in params.mixed", "HB507"),
        ("customer.points in [1]", "HB501"),
        ("1 in customer.wishes", "HB501"),
        (
            "'CA' in params.states and customer.state in params.states or customer.tier in params.states",
            "HB501",
        ),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


def test_constants_of_a_list_are_members_too(said: Words, rule: Rule) -> None:
    assert "HB509" in said("customer.tier | default('gold') in params.states")
    assert rule("'CA' in params.states").expression == rule("false").expression


def test_one_member_is_an_equality(rule: Rule) -> None:
    expression = rule("customer.state in ['VT']").expression
    assert isinstance(expression, Call)
    assert expression.operation is Operation.EQ
