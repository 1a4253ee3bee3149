"""An upper bound on a text's length: no customer makes more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handbill.lower.length import longest_string, longest_text
from handbill.plan.ir import Const
from handbill.plan.row import compile_template
from handbill.plan.types import BoolType, EnumType, IntType, ListType, StringType, Type

if TYPE_CHECKING:
    from conftest import Configuration

TEXTS = [
    "Hi {{ customer.first_name | default('neighbor') }}",
    "{% if customer.tier | default('basic') == 'gold' %}Gold{% else %}{{ customer.state | "
    "default('nowhere at all') }}{% endif %}!",
    "{% set n = customer.lifetime_orders %}{{ n }} orders {{ customer.spend_90d | default(0) | money }}",
    "{% for d in customer.departments | default([]) %}{{ loop.index }} {{ d }}, {% else %}none{% endfor %}",
    "{{ customer.tier | default('none yet') }}",
]
values = st.fixed_dictionaries(
    {
        "first_name": st.none() | st.text(max_size=40),
        "tier": st.none() | st.sampled_from(["basic", "silver", "gold"]),
        "state": st.none() | st.text(max_size=2),
        "lifetime_orders": st.integers(0, 100_000),
        "spend_90d": st.none() | st.integers(0, 10_000_000),
        "departments": st.none() | st.lists(st.text(max_size=40), max_size=5).map(tuple),
    }
)


@pytest.mark.parametrize("text", TEXTS)
def test_no_customer_makes_more(configuration: Configuration, text: str) -> None:
    configuration.replace("channels/sms/channel.yaml", "max: 480, ", "")
    plan = configuration.campaign(message=f'{{sms: {{body: "{text}"}}}}').compile().plan()
    ops = plan.variants[0].messages["main"]["sms"].locales["en-US"]["body"]
    write, longest = compile_template(ops, plan.fields), longest_text(ops)

    @settings(max_examples=30, suppress_health_check=[HealthCheck.nested_given])
    @given(values)
    def check(customer: dict[str, object]) -> None:
        row = tuple(customer[need.path[0]] for need in plan.fields)
        assert len(write(row, {})) <= longest  # type: ignore[arg-type]

    check()


def test_branches_take_the_longest_and_loops_multiply(configuration: Configuration) -> None:
    def longest(text: str) -> int:
        message = f'{{sms: {{body: "{text}"}}}}'
        plan = configuration.campaign(message=message).compile().plan()
        return longest_text(plan.variants[0].messages["main"]["sms"].locales["en-US"]["body"])

    assert longest("{% if customer.lifetime_orders > 1 %}four{% else %}sixsix{% endif %}!") == 7
    assert (
        longest("{% for d in customer.departments | default([]) %}ab{% else %}x{% endfor %}") == 10
    )
    assert longest("{% set x = customer.lifetime_orders %}ab") == 2
    assert longest("{{ customer.first_name | default('x') }}") == 40


@pytest.mark.parametrize(
    ("type_", "longest"), [(StringType(9), 9), (EnumType(("a", "bcd")), 3), (EnumType(()), 0)]
)
def test_of_a_string(type_: Type, longest: int) -> None:
    assert longest_string(Const(type_, "")) == longest


@pytest.mark.parametrize("type_", [IntType(), BoolType(), ListType(BoolType(), 2)])
def test_what_is_no_string_has_no_length(type_: Type) -> None:
    with pytest.raises(TypeError):
        longest_string(Const(type_, True))
