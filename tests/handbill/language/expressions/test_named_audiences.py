"""Named audiences are put in where they are used."""

from __future__ import annotations

import pytest
from expression_world import Rule, Value, Words

from handbill.language.expressions.logic import truth
from handbill.language.expressions.named_audiences import all_of


def test_it_means_its_rules(value: Value, rule: Rule) -> None:
    assert value("audiences.lapsed", orders=0, lifetime_orders=3) is True
    assert value("not audiences.lapsed", orders=0, lifetime_orders=3) is False
    assert value("audiences.kept", orders=1, is_employee=True) is False
    assert value("audiences.kept", orders=1, is_employee=False) is True
    inline = rule("customer.orders == 0 and customer.lifetime_orders >= 3").expression
    assert rule("audiences.lapsed").expression == inline


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        (
            "audiences.lasped",
            "HB516 at 11-17: there is no audience `lasped` → did you mean `audiences.lapsed`?",
        ),
        ("audiences.unknown_one", "→ write audiences/unknown_one.yaml"),
        ("audiences", "HB516 at 1-10: an audience is named after one dot"),
        ("audiences.lapsed.x", "HB516 at 1-19: an audience is named after one dot"),
        (
            "audiences.round",
            "HB516 at 5-20: these audiences use each other in a circle: round → about → round",
        ),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


def test_a_mistake_inside_stands_in_its_own_file(rule: Rule) -> None:
    (found,) = rule("audiences.broken and customer.orders > 1").diagnostics
    assert found.range is not None
    assert found.range.file == "audiences/broken.yaml"
    assert found.hint == "did you mean `customer.orders`?"


def test_it_knows_nothing_of_where_it_is_used(rule: Rule) -> None:
    assert rule("audiences.lapsed").when_true.ranges[("customer", "orders")] == (0, 0)


def test_conjunctions_of_constants() -> None:
    assert all_of([truth(True), truth(True)]).constant == truth(True).constant
    assert all_of([truth(True), truth(False)]).constant == truth(False).constant
