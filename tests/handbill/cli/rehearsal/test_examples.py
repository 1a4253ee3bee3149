"""Examples of an audience: found near a persona, else by proof, and completed to a row."""

from __future__ import annotations

import datetime

import pytest
from tested_base import Base

from handbill.cli.rehearsal.examples import example_row, find_example, in_words
from handbill.diff.sides import open_folder
from handbill.language.reasoning.reasoner import Reasoner
from handbill.plan.model import Plan, Tenant
from handbill.plan.values import Row

TODAY = datetime.date(2026, 12, 5)


def planned(base: Base, audience: str) -> tuple[Plan, Tenant]:
    base.campaign(f"audience: {audience}")
    side = open_folder(base.folder, "here")
    plan, tenant = side.plan("fresh-fields", "hello"), side.tenant("fresh-fields")
    assert plan is not None and tenant is not None, side.compiled
    return plan, tenant


def row_of(plan: Plan, **values: object) -> Row:
    return tuple(values.get(".".join(need.path)) for need in plan.fields)  # type: ignore[misc]


def test_near_a_persona(base: Base) -> None:
    plan, tenant = planned(base, "customer.lifetime_orders >= 500")
    near = [row_of(plan, lifetime_orders=3, first_name="Ann")]
    with Reasoner() as reasoner:
        example = find_example(plan, tenant, TODAY, near, reasoner)
    assert example is not None
    assert in_words(plan, tenant, example) == "lifetime_orders 500"
    assert example_row(plan, tenant, example, near) == row_of(
        plan, lifetime_orders=500, first_name="Ann"
    )


def test_what_a_persona_has_stays_where_it_can(base: Base) -> None:
    plan, tenant = planned(
        base, "customer.lifetime_orders >= 5 or customer.state | default('') == 'NY'"
    )
    near = [row_of(plan, lifetime_orders=3, state="VT")]
    with Reasoner() as reasoner:
        example = find_example(plan, tenant, TODAY, near, reasoner)
    assert example is not None
    kept = [example[("customer", "lifetime_orders")] == 3, example[("customer", "state")] == "VT"]
    assert sorted(kept) == [False, True]


def test_without_anybody_near_and_with_nobody_at_all(base: Base) -> None:
    plan, tenant = planned(
        base, "customer.lifetime_orders * 7 == 777 and customer.store is defined"
    )
    with Reasoner() as reasoner:
        example = find_example(plan, tenant, TODAY, [], reasoner)
        assert example is not None and example[("customer", "lifetime_orders")] == 111
        row = example_row(plan, tenant, example, [])
        assert len(row) == len(plan.fields) and 111 in row
        never, owner = planned(
            base, "customer.lifetime_orders < 2 and customer.lifetime_orders > 3"
        )
        assert find_example(never, owner, TODAY, [], reasoner) is None


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        ("customer.is_employee | default(false)", "is_employee true"),
        ("'email.promotions' in customer.consent", "consent [email.promotions]"),
        ("customer.lifetime_orders >= 0", "lifetime_orders 0"),
    ],
)
def test_words(base: Base, audience: str, words: str) -> None:
    plan, tenant = planned(base, f'"{audience}"')
    with Reasoner() as reasoner:
        example = find_example(plan, tenant, TODAY, [], reasoner)
    assert example is not None and in_words(plan, tenant, example) == words
