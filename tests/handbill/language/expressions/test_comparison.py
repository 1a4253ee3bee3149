"""Comparisons and membership."""

from __future__ import annotations

import datetime

import pytest
from expression_world import Rule, Value, Words

from handbill.diagnostics.diagnostic import Severity
from handbill.language.expressions.facts import Interval

D = datetime.date


@pytest.mark.parametrize(
    ("text", "customer", "expected"),
    [
        ("customer.spend > 12", {"spend": 1201}, True),
        ("customer.spend == 12", {"spend": 1200}, True),
        ("customer.spend > 11.999", {"spend": 1200}, True),
        ("customer.orders < customer.spend", {"orders": 12, "spend": 1201}, True),
        ("customer.state == 'VT'", {"state": "VT"}, True),
        ("customer.state != 'VT'", {"state": "VT"}, False),
        ("customer.email < 'b'", {"email": "a"}, True),
        ("customer.last_order >= '2026-01-01'", {"last_order": D(2026, 1, 1)}, True),
        ("'2026-01-01' < customer.last_order", {"last_order": D(2026, 1, 1)}, False),
        ("customer.last_order < run.date", {"last_order": D(2026, 1, 1)}, True),
        (
            "customer.seen < '2026-01-01T10:00+02:00'",
            {"seen": datetime.datetime(2026, 1, 1, 8, 0)},
            False,
        ),
        ("customer.is_employee == true", {"is_employee": False}, False),
    ],
)
def test_the_value(text: str, customer: dict[str, object], expected: bool, value: Value) -> None:
    assert value(text, **customer) is expected


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        (
            "customer.state == 'vt'",
            "HB509 at 19-23: `vt` is none of VT, ME, NY, MA → did you mean 'VT'?",
        ),
        (
            "customer.state < 'VT'",
            "HB507 at 1-22: `customer.state` is one of VT, ME, NY, MA, which have no order",
        ),
        (
            "customer.orders == '3'",
            "HB507 at 1-23: `customer.orders` is a whole number, `'3'` is a text: they cannot be compared → write 3 without quotes",
        ),
        ("customer.is_employee == 1", "→ customer.is_employee, or not customer.is_employee"),
        ("customer.is_employee < true", "→ yes and no have no order"),
        ("customer.favorites == 'bread'", "→ 'bread' in customer.favorites"),
        (
            "1 < customer.orders < 5",
            "HB503 at 1-24: one comparison at a time → 1 < customer.orders and customer.orders < 5",
        ),
        (
            "customer.points == none",
            "HB503 at 1-24: nothing equals `none` → customer.points is not defined",
        ),
        ("none != customer.points", "→ customer.points is defined"),
        (
            "customer.last_order < '2026-02-30'",
            "HB507 at 23-35: `2026-02-30` is not a date → write '2026-12-24'",
        ),
        ("customer.last_order < '20260101'", "is not a date"),
        ("customer.last_order < '2026-W10-1'", "is not a date → write '2026-12-24'"),
        ("customer.last_order < '2026-03-29T02:30'", "is not a date → write '2026-03-29'"),
        ("customer.seen < '2026-W10-1T10:00Z'", "is not an instant"),
        ("customer.seen < '2026-01-01T10:00+25:00'", "is not an instant"),
        ("customer.last_order < customer.email", "HB507"),
        (
            "customer.seen < '2026-01-01T10:00'",
            "is not an instant with its offset → write '2026-01-01T10:00Z'",
        ),
        (
            "customer.state == customer.tier | default('gold')",
            "HB509 at 1-50: these two have no value in common",
        ),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


def test_a_text_that_is_too_long_is_never_equal(rule: Rule) -> None:
    compiled = rule("customer.zip == '051234'")
    (found,) = compiled.diagnostics
    assert (found.code, found.severity) == ("HB525", Severity.WARNING)
    assert compiled.expression is not None


@pytest.mark.parametrize(
    ("text", "path", "range_"),
    [
        ("customer.orders > 3", "orders", Interval(4, 1000)),
        ("3 < customer.orders", "orders", Interval(4, 1000)),
        ("customer.orders <= 3", "orders", Interval(0, 3)),
        ("customer.orders == 3", "orders", Interval(3, 3)),
        ("customer.spend > 1.005", "spend", Interval(101, 10**8)),
        ("customer.orders > 3 and customer.orders < 9", "orders", Interval(4, 8)),
        ("customer.orders == 1 or customer.orders == 5", "orders", Interval(1, 5)),
        ("not customer.orders > 3", "orders", Interval(0, 3)),
    ],
)
def test_what_a_comparison_tells(text: str, path: str, range_: Interval, rule: Rule) -> None:
    assert rule(text).when_true.ranges[("customer", path)] == range_


def test_beyond_its_default_a_value_is_there(rule: Rule) -> None:
    points, tier = ("customer", "points"), ("customer", "tier")
    assert points in rule("customer.points | default(0) >= 500").when_true.defined
    assert points in rule("500 <= customer.points | default(0)").when_true.defined
    assert points not in rule("customer.points | default(0) < 500").when_true.defined
    assert points in rule("customer.points | default(0) < 500").when_false.defined
    assert tier in rule("customer.tier | default('none') == 'gold'").when_true.defined
    assert tier not in rule("customer.tier | default('none') == 'none'").when_true.defined
