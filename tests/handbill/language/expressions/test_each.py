"""Steps of pipelines: the same text is the same step, constants are computed at once."""

from __future__ import annotations

from expression_world import Rule, Value

from handbill.language.expressions.reads import nodes_of
from handbill.plan.ir import Call, Const, Each, Step


def steps(rule: Rule, text: str) -> list[tuple[Step, str]]:
    found = rule(text, may_be_missing=True).expression
    assert found is not None
    return [(node.step, node.name) for node, _ in nodes_of(found) if isinstance(node, Each)]


def test_equal_texts_are_equal_steps(rule: Rule) -> None:
    text = "(customer.purchases | selectattr('total', '>', 5) | first)"
    found = rule(f"{text} is defined and {text}.online").expression
    assert isinstance(found, Call)
    first, second = (
        {node for node, _ in nodes_of(part) if isinstance(node, Each)} for part in found.arguments
    )
    assert first == second


def test_names_say_how_deep(rule: Rule) -> None:
    inner = "customer.purchases | map(attribute='total') | max | default(0)"
    text = f"customer.cart | selectattr('price', '>', {inner}) | count"
    assert steps(rule, text) == [(Step.SELECT, "_item"), (Step.MAP, "_item2")]


def test_what_is_constant_is_computed(rule: Rule) -> None:
    for text, value in (
        ("params.goods | selectattr('price', '>', 3.6) | map(attribute='name') | first", "Eggs"),
        ("params.goods | sort(attribute='price', reverse=true) | map(attribute='name') | last", "Milk"),
        ("params.goods | sum(attribute='price')", 75),
        ("params.goods | rejectattr('tag', 'defined') | count", 1),
        ("params.goods | map(attribute='maker.town') | unique | count", 2),
    ):  # fmt: skip
        found = rule(text).expression
        assert isinstance(found, Const) and found.value == value, text


def test_constants_beside_customers(value: Value) -> None:
    text = "params.goods | selectattr('price', '<', customer.spend) | map(attribute='name') | last"
    assert value(f"{text} | default('-')", spend=360) == "Milk"
    assert value(f"{text} | default('-')", spend=500) == "Eggs"
    assert value(f"{text} | default('-')", spend=0) == "-"


def test_a_condition_that_is_constant_needs_no_step(rule: Rule) -> None:
    assert steps(rule, "customer.purchases | selectattr('total', 'defined') | count") == []
    none = rule("customer.purchases | selectattr('total', 'undefined') | count").expression
    assert isinstance(none, Const) and none.value == 0


def test_what_a_selection_establishes_holds_of_its_items(rule: Rule) -> None:
    chosen = "customer.purchases | selectattr('product', 'defined')"
    assert rule(f"{chosen} | map(attribute='product.name') | count > 1").diagnostics == ()
    assert (
        rule(
            f"({chosen} | sort(attribute='total'))[:3] | map(attribute='product.name') | count > 1"
        ).diagnostics
        == ()
    )
    assert (
        rule(
            f"{chosen} | rejectattr('coupon', 'undefined') | map(attribute='coupon') | count > 1"
        ).diagnostics
        == ()
    )
    assert (
        rule(
            "customer.purchases | rejectattr('coupon', 'defined') | map(attribute='coupon') | count > 1"
        ).diagnostics
        != ()
    )


def test_a_constant_that_misses_a_member_is_said_once(rule: Rule) -> None:
    found = rule("params.goods | selectattr('tag', '==', 'x') | count > 1").diagnostics
    assert [each.code for each in found] == ["HB501"]


def test_nothing_is_in_nothing(value: Value) -> None:
    assert value("'x' in params.nothing") is False
