"""The run's day and the zones as expressions."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from expression_world import Rule, Value, Words

from handbill.language.expression import compile_expression
from handbill.language.scope import Scope
from handbill.source.text import SourceText


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", 24), ("America/New_York", 23), ("Asia/Tokyo", 24)]
)
def test_the_local_day(zone: str, day: int, rule: Rule, scope: Scope) -> None:
    here = replace(scope, timezone=zone)
    text = "customer.seen | local_date == run.date"
    found = compile_expression(SourceText.of_file("r", text), here, None)
    assert found.diagnostics == () and zone in repr(found.expression)


def test_values(value: Value) -> None:
    late = datetime.datetime(2026, 11, 24, 3)
    assert value("customer.seen | local_date", seen=late) == datetime.date(2026, 11, 24)
    zone = "customer.seen | local_date(customer.timezone)"
    assert value(zone, seen=late, timezone="America/New_York") == datetime.date(2026, 11, 23)
    assert value(zone, seen=late, timezone=None) == datetime.date(2026, 11, 24)
    assert value(zone, seen=late, timezone="Nowhere") == datetime.date(2026, 11, 24)
    assert value("customer.seen | local_date('Asia/Tokyo') | day", seen=late) == 24


def test_without_a_run_there_is_no_today(scope: Scope) -> None:
    roots = {name: root for name, root in scope.roots.items() if name != "run"}
    text = "customer.purchases | within('3 days') | count > 1"
    found = compile_expression(SourceText.of_file("r", text), replace(scope, roots=roots), None)
    assert [each.code for each in found.diagnostics] == ["HB504"]


def test_refusals(said: Words) -> None:
    assert said("customer.orders | local_date == run.date").startswith("HB507")
    assert said("customer.seen | local_date(3) == run.date").startswith("HB507")
    assert "→ customer.seen | local_date | month" in said("customer.seen | month == 3")
