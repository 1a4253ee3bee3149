"""Numbers: values, scales, bounds and what is refused."""

from __future__ import annotations

import pytest
from expression_world import Rule, Value, Words

from handbill.language.expressions.reads import nodes_of
from handbill.plan.ir import Call, Operation
from handbill.plan.types import DecimalType, IntType


@pytest.mark.parametrize(
    ("text", "customer", "expected"),
    [
        ("customer.orders + 2 * 3", {"orders": 1}, 7),
        ("customer.orders - customer.lifetime_orders", {"orders": 1, "lifetime_orders": 9}, -8),
        ("customer.spend + 1", {"spend": 1250}, 1350),
        ("customer.spend * 2", {"spend": 1250}, 2500),
        ("customer.spend * 1.5", {"spend": 1250}, 18750),
        ("customer.spend - customer.balance", {"spend": 100, "balance": -5}, 105),
        ("-customer.balance", {"balance": -5}, 5),
        ("+customer.balance", {"balance": -5}, -5),
        ("customer.orders / 3", {"orders": 2}, 666_667),
        ("-customer.orders / 3", {"orders": 2}, -666_667),
        ("customer.spend / 8", {"spend": 1}, 1_250),
        ("1 / (customer.orders + 1)", {"orders": 1}, 500_000),
        ("customer.balance // 1 if false else customer.orders // 7", {"orders": 20}, None),
        ("(0 - customer.orders) // 2", {"orders": 7}, -4),
        ("(0 - customer.orders) % 3", {"orders": 7}, 2),
        ("customer.orders % -3", {"orders": 7}, -2),
    ],
)
def test_the_value(
    text: str, customer: dict[str, int], expected: object, value: Value, said: Words
) -> None:
    if expected is None:
        assert "HB507" in said(text)
    else:
        assert value(text, **customer) == expected


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("customer.orders + 1", IntType(1, 1001)),
        ("customer.orders * -2", IntType(-2000, 0)),
        ("customer.spend * customer.balance", DecimalType(4, -(10**13), 10**13)),
        ("customer.spend + customer.rate", DecimalType(6, 0, 10**12 + 10**6)),
        ("customer.orders / 8", DecimalType(6, 0, 125_000_000)),
        ("customer.orders % 7", IntType(0, 6)),
        ("customer.orders // 7", IntType(0, 142)),
        ("(customer.lifetime_orders - 5) % 7", IntType(0, 6)),
        ("customer.big // 2", IntType(-(2**52), 2**52 - 1)),
    ],
)
def test_bounds_are_computed(text: str, type_: object, rule: Rule) -> None:
    assert rule(text).type == type_


def test_wide_operations_are_marked(rule: Rule) -> None:
    def wide(text: str) -> list[Operation]:
        expression = rule(text).expression
        assert expression is not None
        return [
            node.operation
            for node, _ in nodes_of(expression)
            if isinstance(node, Call) and node.wide
        ]

    assert wide("customer.orders + 1") == []
    assert wide("customer.big / 3") == [Operation.ROUND_DIV, Operation.MUL]
    assert wide("customer.big + customer.big + customer.big > 0") == []


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("customer.big * customer.big", "HB511 at 1-28: this number can become too large"),
        (
            "(customer.spend * customer.rate) + 1",
            "HB513 at 2-32: this has 8 digits after the point, at most 6 can be used → (customer.spend * customer.rate) | round(2)",
        ),
        (
            "customer.orders / customer.lifetime_orders",
            "HB512 at 19-43: `customer.lifetime_orders` may be 0",
        ),
        ("customer.orders % 0", "HB512 at 19-20: nothing can be divided by 0"),
        ("customer.spend // 2", "HB507 at 1-15: `//` is for whole numbers"),
        (
            "customer.orders + customer.state",
            "HB507 at 1-33: `+` calculates with numbers, and `customer.state` is one of VT, ME, NY, MA → customer.orders ~ customer.state",
        ),
        (
            "customer.last_order - customer.last_order",
            "→ customer.last_order | days_between(customer.last_order)",
        ),
        ("customer.last_order + 3", "→ customer.last_order | plus_days(3)"),
        ("customer.last_order - 3", "→ customer.last_order | plus_days(-3)"),
        ("customer.favorites + 1", "→ customer.favorites | count"),
        ("customer.is_employee + 1", "→ (1 if customer.is_employee else 0)"),
        ("-customer.state", "HB507 at 1-16: a sign stands before numbers"),
        (
            "customer.orders + customer.spend | round",
            "HB519 at 19-41: `| round` binds to `customer.spend` alone: parentheses must say what it applies to → customer.orders + (customer.spend | round)",
        ),
        ("customer.state ~ customer.is_employee", "→ 'yes' if customer.is_employee else 'no'"),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


@pytest.mark.parametrize(
    "guard",
    [
        "customer.orders > 0 and {}",
        "customer.orders != 0 and {}",
        "not (customer.orders == 0) and customer.orders >= 1 and {}",
        "customer.orders < 1 or {}",
        "customer.orders == 0 or not (customer.orders > 0) or {}",
        "({}) if customer.orders > 0 else false",
        "customer.orders == 4 and {}",
    ],
)
def test_a_guard_proves_the_divisor(guard: str, said: Words) -> None:
    assert said(guard.format("customer.lifetime_orders / customer.orders > 2")) == ""


def test_a_guard_about_something_else_proves_nothing(said: Words) -> None:
    division = "customer.lifetime_orders / customer.orders > 2"
    assert "HB512" in said(f"customer.orders >= 0 and {division}")
    assert "HB512" in said(f"customer.orders > 0 or {division}")
    assert "HB512" in said(f"customer.lifetime_orders > 0 and {division}")


def test_a_guard_does_not_rule_out_overflow(said: Words) -> None:
    """SQL evaluates both sides of `and`, so only declared bounds count."""
    assert "HB511" in said(
        "customer.big < 10 and customer.big > 0 and customer.big * customer.big > 3"
    )


def test_the_divisor_comes_with_a_customer(rule: Rule) -> None:
    (found,) = rule("customer.lifetime_orders / customer.orders > 2").diagnostics
    assert found.witness == {"orders": 0}


def test_concatenation(value: Value, said: Words) -> None:
    assert (
        value("customer.state ~ '-' ~ 1.50 ~ customer.orders", state="VT", orders=3) == "VT-1.503"
    )
    assert "HB519" in said("'a' ~ customer.state | lower")
    long = " ~ ".join(["(customer.email | replace('a', '" + "b" * 90 + "'))"] * 10)
    assert "HB502" in said(long)
