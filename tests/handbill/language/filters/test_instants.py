"""The local day of an instant, and what a message writes of one."""

from __future__ import annotations

import datetime

from expression_world import Rule, Value, Words

from handbill.plan.ir import Call, Operation

LATE = datetime.datetime(2026, 11, 24, 3)


def test_a_message_writes_the_local_day(written: Value) -> None:
    assert (
        written("customer.seen | date", {"timezone": "America/New_York"}, seen=LATE)
        == "November 23, 2026"
    )
    assert (
        written("customer.seen | date('short')", {"timezone": "Asia/Tokyo"}, seen=LATE)
        == "11/24/26"
    )
    assert (
        written(
            "customer.seen | local_date(customer.timezone) | date('day')",
            {},
            seen=LATE,
            timezone="America/New_York",
        )
        == "November 23"
    )


def test_the_zone_may_be_missing(rule: Rule) -> None:
    found = rule("customer.seen | local_date(customer.timezone) == run.date")
    assert found.diagnostics == () and isinstance(found.expression, Call)
    local = found.expression.arguments[0]
    assert isinstance(local, Call) and local.operation is Operation.LOCAL_DATE
    assert len(local.arguments) == 3
    assert rule("customer.seen | local_date(params.perk) == run.date").diagnostics == ()


def test_refusals(said: Words) -> None:
    assert said("customer.last_order | local_date == run.date").startswith("HB507")
    assert said("customer.seen | local_date(customer.orders) == run.date").startswith("HB507")
    assert said("customer.seen | local_date(customer.nope) == run.date").startswith("HB505")
