"""Computed fields: put in the name's place, typed, and what cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.expression import CompiledExpression, compile_expression
from handbill.language.scope import RecordRoot, Scope
from handbill.plan.types import BoolType
from handbill.source.text import SourceText

FIELDS = {
    "rich": "customer.spend > 500",
    "very_rich": "customer.rich and customer.orders > 3",
    "display": "customer.first_name | default('neighbor') | truncate(8)",
    "first_wish": "customer.wishes | default([]) | first",
    "recent": "customer.purchases | within('30 days')",
    "round": "customer.about",
    "about": "customer.round",
    "broken": "customer.ordres > 3",
    "unset": "brand.site",
    "discounted": "params.discount > 3",
    "lapsed": "audiences.lapsed",
}


@pytest.fixture
def here(scope: Scope) -> Scope:
    root = scope.roots["customer"]
    assert isinstance(root, RecordRoot)
    computed = {name: SourceText.of_file(f"fields/{name}", text) for name, text in FIELDS.items()}
    return replace(scope, roots={**scope.roots, "customer": replace(root, computed=computed)})


def rule(text: str, scope: Scope) -> CompiledExpression:
    return compile_expression(SourceText.of_file("r", text), scope, BoolType())


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("customer.rich", "customer.spend > 500"),
        ("customer.very_rich", "customer.spend > 500 and customer.orders > 3"),
        ("not customer.rich", "not (customer.spend > 500)"),
        (
            "customer.display | lower == 'ann'",
            "(customer.first_name | default('neighbor') | truncate(8)) | lower == 'ann'",
        ),
        (
            "customer.recent | selectattr('total', '>', 5) | count > 2",
            "customer.purchases | within('30 days') | selectattr('total', '>', 5) | count > 2",
        ),
        ("customer.lapsed", "audiences.lapsed"),
    ],
)
def test_it_is_its_expression(text: str, plain: str, here: Scope) -> None:
    found = rule(text, here)
    assert found.diagnostics == ()
    assert found.expression == rule(plain, here).expression


def test_it_may_be_missing_and_be_guarded(here: Scope) -> None:
    (found,) = rule("customer.first_wish == 'tea'", here).diagnostics
    assert (found.code, found.message) == ("HB501", "`customer.first_wish` may be missing")
    assert found.notes == ("an empty list has no first item", "computed at fields/first_wish:1")
    assert found.witness == {"wishes": []}
    guarded = "customer.first_wish is defined and customer.first_wish == 'tea'"
    assert rule(guarded, here).diagnostics == ()


def said(found: tuple[Diagnostic, ...]) -> list[tuple[str, str]]:
    return [(each.code, each.range.file if each.range else "") for each in found]


def test_what_is_wrong_is_said_at_its_place_once(here: Scope) -> None:
    found = rule("customer.broken and customer.broken", here).diagnostics
    assert said(found) == [("HB505", "fields/broken")]
    assert [each.code for each in rule("customer.round", here).diagnostics] == ["HB528"]
    assert said(rule("customer.discounted", here).diagnostics) == [("HB504", "fields/discounted")]


def test_names_are_suggested(here: Scope) -> None:
    (found,) = rule("customer.rihc", here).diagnostics
    assert found.hint == "did you mean `customer.rich`?"


def test_a_declared_field_has_the_word(here: Scope) -> None:
    root = here.roots["customer"]
    assert isinstance(root, RecordRoot)
    computed = {"orders": SourceText.of_file("f", "5")}
    scope = replace(here, roots={"customer": replace(root, computed=computed)})
    assert "orders" in repr(rule("customer.orders > 3", scope).expression)
