"""What SQL can compute, with the relations of a rule in one grouped query."""

from __future__ import annotations

import pytest
from expression_world import Rule

from handbill.language.expressions.computable import is_computable
from handbill.language.scope import Scope
from handbill.plan.ir import Call, Field, Local, Operation
from handbill.plan.types import BoolType, IntType


@pytest.mark.parametrize(
    "text",
    [
        "customer.orders > 1",
        "customer.seen | local_date(customer.timezone) == run.date",
        "customer.purchases | within('60 days') | selectattr('total', '>', 50) | count >= 3",
        "customer.purchases | sum(attribute='total') > customer.orders_made | count",
        "customer.purchases | unique(attribute='department') | count > 2",
    ],
)
def test_rules(text: str, rule: Rule, scope: Scope) -> None:
    found = rule(text).expression
    assert found is not None and is_computable(found, scope)


def test_what_is_not(rule: Rule, scope: Scope) -> None:
    big = Field(("customer", "big"), IntType())
    product = big
    for _ in range(3):
        product = Call(Operation.MUL, (product, big), IntType(), wide=True)  # type: ignore[assignment]
    assert not is_computable(Call(Operation.GT, (product, big), BoolType()), scope)
    assert not is_computable(Local("x", BoolType()), scope)
