"""Filters on dates, and those that write for a locale."""

from __future__ import annotations

import datetime

import pytest
from expression_world import Rule, Value, Words

from handbill.language.expressions.facts import Interval
from handbill.plan.types import IntType

D = datetime.date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("customer.last_order | plus_days(30)", D(2026, 3, 31)),
        ("customer.last_order | plus_days(0 - customer.orders)", D(2026, 2, 26)),
        ("customer.last_order | days_between(run.date)", 268),
        ("customer.last_order | days_between('2026-01-01')", -59),
        ("'2026-01-01' | days_between(customer.last_order)", 59),
        ("customer.last_order | year", 2026),
        ("customer.last_order | month", 3),
        ("customer.last_order | day", 1),
        ("customer.last_order | weekday", 7),
        ("'2026-12-24' | weekday", 4),
    ],
)
def test_the_value(text: str, expected: object, value: Value) -> None:
    assert value(text, last_order=D(2026, 3, 1), orders=3) == expected


def test_bounds(rule: Rule) -> None:
    assert rule("customer.last_order | month").type == IntType(1, 12)
    days = rule("customer.last_order | days_between(run.date)").type
    assert days == IntType(-109_572, 109_572)
    near = rule("'2026-12-24' | plus_days(customer.orders)").expression
    assert near is not None


def test_a_date_stops_at_the_calendar_s_end(value: Value) -> None:
    assert value("customer.last_order | plus_days(10)", last_order=D(2199, 12, 30)) == D(
        2199, 12, 31
    )


def test_intervals_of_dates_are_clamped(rule: Rule) -> None:
    compiled = rule("customer.last_order | plus_days(30) < run.date")
    assert compiled.when_true.ranges[("run", "date")] == Interval(
        D(1900, 2, 1).toordinal(), D(2199, 12, 31).toordinal()
    )


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        (
            "customer.orders | month",
            "HB507 at 1-16: `month` needs a date, and `customer.orders` is a whole number",
        ),
        (
            "customer.seen | month",
            "HB507 at 1-14: `month` needs a date, and `customer.seen` is an instant",
        ),
        ("customer.birthday | month", "HB501 at 1-18"),
        ("'soon' | month", "HB507 at 1-7: `soon` is not a date"),
        (
            "customer.last_order | plus_days(1.5)",
            "HB507 at 33-36: `plus_days` needs a whole number",
        ),
        (
            "customer.last_order | plus_days(customer.big)",
            "HB511 at 33-45: this leaves the calendar",
        ),
        ("customer.last_order | days_between(3)", "HB507 at 36-37"),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        (
            "customer.last_order | date('shrot')",
            "HB508 at 31-38: a date is written short, medium, long, full, day, weekday: `shrot` is none of them → did you mean 'short'?",
        ),
        ("customer.last_order | date('%Y')", "→ date('long')"),
        ("customer.last_order | date(3)", "HB508"),
        ("customer.email | money", "HB507 at 4-18: `money` needs a number"),
        ("customer.credit | money", "HB501"),
        ("customer.spend | number(9)", "HB508"),
        ("customer.spend | money(1.5)", "HB508"),
    ],
)
def test_refusals_in_templates(text: str, said_: str, said_of_hole: Words) -> None:
    assert said_ in said_of_hole(text)


def test_a_locale_that_cannot_be_written(hole: object, written: Value) -> None:
    found = hole("customer.spend | money", locale="tok").diagnostics  # type: ignore[operator]
    assert found[0].code == "HB508"
    assert (
        found[0].message == "`money` cannot write this here: tok groups digits in a way of its own"
    )
    found = hole("customer.spend | number", locale="xx-XX").diagnostics  # type: ignore[operator]
    assert "the locale xx-XX is unknown" in found[0].message
