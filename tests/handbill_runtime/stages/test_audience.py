"""Rules as SQL: who is a candidate, in which order, with which row."""

from __future__ import annotations

from datetime import date

import pytest
from corner_shop import NOON, Shop

from handbill.plan.ir import Call, Const, Field, Operation
from handbill.plan.types import BoolType, StringType
from handbill_runtime.stages.audience import (
    Candidate,
    audience_query,
    candidates,
    not_included,
)
from handbill_runtime.stages.compiled import compile_plan
from handbill_runtime.stages.customers import open_customers

DAY = date(2026, 12, 5)


def ask(shop: Shop, audience: str, only: list[str] | None = None) -> list[Candidate]:
    shop.campaign(
        "points",
        f"""
        category: promotions
        status: active
        trigger: {{at: 2026-12-05T12:00, timezone: tenant}}
        audience: {audience}
        message:
          email:
            subject: "{{{{ customer.likes | default([]) | join(', ') }}}}"
            template: mail.html
        """,
    )
    shop.customers("""
        id,first_name,email,consent,orders,staff,joined_on,likes,locale
        ann,Ann,ann@shop.example,email.promotions|sms.news,3,false,2026-11-30,wine|dairy,es-US
        bob,,bob@shop.example,,0,true,2020-01-01,,
        cat,Cat,,email.promotions,9,false,,,
        """)
    root = f"file://{shop.root}/data/{{tenant}}"
    with open_customers(shop.compiled().tenant, root, NOON) as customers:
        found = candidates(shop.plan(), customers, DAY, only=only)
        return [candidate for chunk in found for candidate in chunk]


def ids(found: list[Candidate]) -> list[str]:
    return [one.recipient.customer for one in found]


def test_everyone_with_everything_that_later_stages_need(shop: Shop) -> None:
    ann, bob, cat = ask(shop, "everyone")
    assert ann.recipient.consent == ("email.promotions", "sms.news")
    assert ann.recipient.addresses == {"email": ("ann@shop.example", "ann@shop.example")}
    assert (ann.locale, ann.zone, ann.excluded) == ("es-US", "America/New_York", None)
    assert ann.row == ("Ann", ("wine", "dairy"))
    assert bob.row == (None, None)
    assert cat.recipient.addresses == {}


def test_include_and_named_excludes(shop: Shop) -> None:
    found = ask(
        shop,
        """{include: customer.orders >= 0, exclude: {staff: customer.staff | default(false),
            buyers: customer.orders > 2}}""",
    )
    assert [(one.recipient.customer, one.excluded) for one in found] == [
        ("ann", "buyers"), ("bob", "staff"), ("cat", "buyers"),
    ]  # fmt: skip


def test_rank_orders_and_ties_go_by_id(shop: Shop) -> None:
    assert ids(ask(shop, "{include: everyone, rank: customer.orders, limit: 2}")) == [
        "cat", "ann", "bob",
    ]  # fmt: skip


def test_the_date_of_the_run_is_a_value(shop: Shop) -> None:
    rule = '"customer.joined_on is defined and run.date | plus_days(-7) < customer.joined_on"'
    assert ids(ask(shop, rule)) == ["ann"]


def test_only_some_customers(shop: Shop) -> None:
    assert ids(ask(shop, "everyone", only=["cat", "o'hara"])) == ["cat"]


def test_a_rule_reads_customers_and_the_date_only(shop: Shop) -> None:
    import msgspec

    ask(shop, "everyone")
    plan = shop.plan().plan
    weather = Call(
        Operation.EQ,
        (Field(("weather", "today"), StringType(maximum=9)), Const(StringType(maximum=9), "sun")),
        BoolType(),
    )
    audience = msgspec.structs.replace(plan.audience, include=weather)
    broken = msgspec.structs.replace(plan, audience=audience)
    root = f"file://{shop.root}/data/{{tenant}}"
    with (
        open_customers(shop.compiled().tenant, root, NOON) as customers,
        pytest.raises(KeyError, match="weather"),
    ):
        audience_query(compile_plan(broken, "sha256:broken"), customers, DAY)


def test_the_rest_is_counted() -> None:
    assert not_included({"a": 10, "b": 4}, {"a": 3}) == {"a": 7, "b": 4}
