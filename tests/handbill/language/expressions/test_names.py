"""Names and fields: what they stand for, and did-you-mean."""

from __future__ import annotations

from dataclasses import replace

import pytest
from expression_world import Rule, Value, Words

from handbill.language.expression import check_condition
from handbill.language.expressions.checked import value_of
from handbill.language.expressions.constants import constant_list
from handbill.language.expressions.facts import Facts
from handbill.language.scope import Scope, ValueRoot
from handbill.language.syntax.parse import parse_expression
from handbill.plan.ir import Const, Field, Local
from handbill.plan.types import DateType, IntType, ListType, StringType
from handbill.source.text import SourceText


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("tenant.name", "Fresh Fields"),
        ("params.discount", 15),
        ("params.rate", 15),
        ("params.store.name", "Troy"),
        ("params.store.opens", "2027-01-02"),
        ("params.states", ("VT", "ME")),
        ("offer.summary", "15% off"),
        ("offer.reward.percent", 15),
        ("channel", "email"),
    ],
)
def test_constants(text: str, value: object, rule: Rule) -> None:
    expression = rule(text).expression
    assert isinstance(expression, Const)
    assert expression.value == value


def test_fields(rule: Rule, value: Value) -> None:
    assert rule("run.date").expression == Field(("run", "date"), DateType())
    assert rule("customer.orders").expression == Field(("customer", "orders"), IntType(0, 1000))
    compiled = rule("customer.store.name", may_be_missing=True)
    assert compiled.expression == Field(("customer", "store", "name"), StringType(60))
    assert compiled.optional
    assert value("customer.store | default('')", store="t") == "t"


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        (
            "custmer.orders > 1",
            "HB504 at 1-8: there is nothing named `custmer` → did you mean `customer`?",
        ),
        ("orders > 1", "HB504 at 1-7: there is nothing named `orders` → customer.orders"),
        (
            "VT == customer.state",
            "HB504 at 1-3: there is nothing named `VT` → a text stands in quotes: 'VT'",
        ),
        ("event.upc == '1'", "HB504 at 1-6: `event` is not available here"),
        (
            "customer.ordres > 1",
            "HB505 at 10-16: `customer` has no field `ordres` → did you mean `customer.orders`?",
        ),
        ("customer.qqq > 1", "HB505 at 10-13: `customer` has no field `qqq`"),
        ("customer.store.nmae == 'x'", "→ did you mean `customer.store.name`?"),
        (
            "customer.orders.total > 1",
            "HB505 at 17-22: `customer.orders` is a whole number: it has no fields of its own",
        ),
        ("customer.state.length > 1", "it has no fields of its own"),
        ("params.disount > 1", "→ did you mean `params.discount`?"),
        ("params.discount.x > 1", "HB505 at 17-18: `params.discount` has no fields of its own"),
        (
            "params.store == 'x'",
            "HB507 at 1-13: `params.store` is not one value but several: say which → params.store.name",
        ),
        ("params.mixed == 1", "HB507 at 1-7: the value of `params.mixed` cannot be used"),
        ("offer.sumary == 'x'", "→ did you mean `offer.summary`?"),
        (
            "offer.summary.x == 'x'",
            "HB505 at 15-16: `offer.summary` is a text: it has no fields of its own",
        ),
        ("offer.reward == 1", "HB507 at 1-13: `offer.reward` is not one value but several"),
        ("offer == 1", "HB507 at 1-6: `offer` is not one value"),
        (
            "customer",
            "HB507 at 1-9: `customer` is not one value but several: say which → customer.id",
        ),
        ("tenant", "HB507"),
        ("channel.x == 1", "HB505"),
        (
            "(customer.orders + 1).x == 1",
            "HB505 at 23-24: `(customer.orders + 1)` is a whole number: it has no fields of its own",
        ),
        ("customer.store.id.id.id.id.id.id.id == 'x'", "HB505"),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


def test_an_unknown_field_lists_the_known_ones(rule: Rule) -> None:
    (found,) = rule("customer.qqq > 1").diagnostics
    assert found.notes == (
        "it has id, state, states, orders, lifetime_orders, spend, balance, rate, …",
    )


def test_a_missing_constant_on_the_way_is_missing(rule: Rule) -> None:
    assert rule("params.perk.name | default('x')").expression == Const(StringType(1), "x")


def test_local_names_know_their_facts(scope: Scope) -> None:
    local = value_of(Local("item", IntType(0, 9)), IntType(0, 9), optional=True, path=("item",))
    here = scope.binding("item", ValueRoot(local))

    def compiled(scope: Scope, text: str) -> bool:
        source = SourceText.of_file("f", text)
        node, _ = parse_expression(source)
        assert node is not None
        return not check_condition(node, source, scope).diagnostics

    assert not compiled(here, "item > 1")
    assert compiled(here, "item is defined and item > 1")
    assert compiled(here.assuming(Facts.of(("item",))), "item > 1")
    assert not compiled(here, "item.name == 1")
    assert compiled(replace(here, roots={**here.roots}), "item | default(0) > 1")


def test_lists_of_constants() -> None:
    numbers = constant_list([1, 5])
    assert numbers is not None
    assert numbers.expression == Const(ListType(IntType(1, 5), 2), (1, 5))
    nothing = constant_list([])
    assert nothing is not None and nothing.type == ListType(StringType(0), 0)
    assert constant_list([1, "a"]) is None
    assert constant_list([[1]]) is None
    assert constant_list([None]) is None
    flags = constant_list([True, False])
    assert flags is not None
