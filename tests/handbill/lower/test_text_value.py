"""A text with holes as one expression: it has the value that the text would have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.language.bounds.rendering import extent_of
from handbill.lower.length import longest_string
from handbill.lower.text_value import NO_TEXT, text_value
from handbill.plan.ir import Op
from handbill.plan.row import compile_expression, compile_template

if TYPE_CHECKING:
    from conftest import Configuration

CUSTOMERS = [
    {"first_name": "Ann <b>", "lifetime_orders": 3},
    {"first_name": None, "lifetime_orders": 30},
    {"first_name": "", "lifetime_orders": 0},
]


def ops_of(configuration: Configuration, text: str) -> tuple[tuple[Op, ...], Configuration]:
    plan = configuration.campaign(message=f'{{sms: {{body: "{text}."}}}}').compile().plan()
    return plan.variants[0].messages["main"]["sms"].locales["en-US"]["body"], plan  # type: ignore[return-value]


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "{{ customer.lifetime_orders }}",
        "Hi {{ customer.first_name | default('you') }}, {{ customer.lifetime_orders }} orders",
        "{% if customer.lifetime_orders > 20 %}many{% elif customer.lifetime_orders > 2 %}"
        "{{ customer.lifetime_orders }}{% endif %}",
        "a{% if customer.first_name is defined %}{% if customer.lifetime_orders > 1 %}"
        "{{ customer.first_name }}{% endif %}{% else %}-{% endif %}b",
    ],
)
def test_the_expression_says_what_the_template_writes(
    configuration: Configuration, text: str
) -> None:
    ops, plan = ops_of(configuration, text)
    value = text_value(ops)
    assert value is not None
    assert longest_string(value) >= extent_of(ops).high.characters
    for customer in CUSTOMERS:
        row = tuple(customer[need.path[0]] for need in plan.fields)  # type: ignore[attr-defined]
        evaluate = compile_expression(value, plan.fields)  # type: ignore[attr-defined]
        write = compile_template(ops, plan.fields)  # type: ignore[attr-defined]
        assert evaluate(row, {}) == write(row, {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "{% for d in customer.departments | default([]) %}{{ d }}{% endfor %}",
        "{% set n = customer.lifetime_orders + 1 %}{{ n }}",
        "{% if customer.lifetime_orders > 2 %}{% for d in customer.departments | default([]) %}"
        "{{ d }}{% endfor %}{% endif %}",
        "{% if customer.lifetime_orders > 2 %}x{% else %}{% for d in customer.departments | "
        "default([]) %}{{ d }}{% endfor %}{% endif %}",
    ],
)
def test_loops_and_local_names_have_no_expression(configuration: Configuration, text: str) -> None:
    assert text_value(ops_of(configuration, text)[0]) is None


def test_nothing_is_the_empty_text() -> None:
    assert text_value(()) == NO_TEXT
