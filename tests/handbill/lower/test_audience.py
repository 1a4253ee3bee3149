"""Who is in, who is left out and why, who comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.plan.ir import Const
from handbill.plan.row import compile_expression
from handbill.plan.types import BoolType

if TYPE_CHECKING:
    from conftest import Configuration


def test_everyone_is_a_constant(configuration: Configuration) -> None:
    audience = configuration.campaign(audience="everyone").compile().plan().audience
    assert audience.include == Const(BoolType(), True)
    assert (audience.exclude, audience.limit, audience.rank) == ({}, None, None)


def test_rules_limit_and_rank(configuration: Configuration) -> None:
    plan = (
        configuration.campaign(
            audience="{include: customer.lifetime_orders >= 2, limit: 50, "
            "rank: customer.lifetime_orders, exclude: {staff: customer.is_employee | "
            "default(false), vermont: \"customer.state | default('') == 'VT'\"}}",
            message='{sms: {body: "Hi"}}',
        )
        .compile()
        .plan()
    )
    fields = [need.path for need in plan.fields]
    assert fields == [("is_employee",), ("lifetime_orders",), ("state",)]
    assert plan.audience.limit == 50
    assert list(plan.audience.exclude) == ["staff", "vermont"]
    row = (True, 7, "VT")
    for rule, expected in (
        (plan.audience.include, True),
        (plan.audience.exclude["staff"], True),
        (plan.audience.exclude["vermont"], True),
        (plan.audience.rank, 7),
    ):
        assert rule is not None
        assert compile_expression(rule, plan.fields)(row, {}) == expected


def test_what_the_include_establishes_holds_for_exclusions_rank_and_message(
    configuration: Configuration,
) -> None:
    outcome = configuration.campaign(
        audience="{include: customer.last_order_days is defined, "
        'exclude: {recent: customer.last_order_days < 7}, rank: "customer.last_order_days"}',
        message='{sms: {body: "{{ customer.last_order_days }} days"}}',
    ).compile()
    assert outcome.rendered("sms", {"last_order_days": 12})["body"] == "12 days"


def test_what_an_exclusion_rules_out_need_not_be_guarded_again(
    configuration: Configuration,
) -> None:
    outcome = configuration.campaign(
        audience="{include: customer.lifetime_orders >= 0, "
        "exclude: {nameless: customer.first_name is not defined}}",
        message='{sms: {body: "Hi {{ customer.first_name }}"}}',
    ).compile()
    assert outcome.rendered("sms", {"first_name": "Ann"})["body"] == "Hi Ann"


def test_without_the_include_the_same_message_is_refused(configuration: Configuration) -> None:
    outcome = configuration.campaign(
        message='{sms: {body: "Hi {{ customer.first_name }}"}}'
    ).compile()
    assert outcome.only().code == "HB501"
    assert outcome.compiled.release.failed == ("fresh-fields",)


@pytest.mark.parametrize(
    "rank", ["customer.first_name | default('')", "customer.lifetime_orders > 3"]
)
def test_a_rank_has_an_order_by_size(configuration: Configuration, rank: str) -> None:
    outcome = configuration.campaign(
        audience=f'{{include: everyone, limit: 9, rank: "{rank}"}}'
    ).compile()
    assert outcome.only().code == "HB453"
    assert outcome.only().range.line == 4


def test_a_broken_rank_is_said_once(configuration: Configuration) -> None:
    outcome = configuration.campaign(
        audience="{include: everyone, rank: customer.lifetime_order}"
    ).compile()
    assert outcome.codes == ["HB505"]


def test_a_rule_sees_no_link_of_a_message(configuration: Configuration) -> None:
    outcome = configuration.campaign(audience="unsubscribe_url == 'x'").compile()
    assert outcome.only().code == "HB504"
    assert "unsubscribe_url" not in outcome.only().notes[0]


def test_a_counterexample_is_somebody_who_would_get_the_message(
    configuration: Configuration,
) -> None:
    finding = (
        configuration.campaign(
            audience="{include: customer.lifetime_orders >= 10, "
            "exclude: {many: customer.lifetime_orders == 10}}",
            message='{sms: {body: "Hi {{ customer.first_name }}"}}',
        )
        .compile()
        .only()
    )
    assert (finding.code, finding.witness) == ("HB501", {"lifetime_orders": 11})
