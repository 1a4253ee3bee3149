"""HB501: message, hint and counterexample."""

from __future__ import annotations

from dataclasses import replace

import pytest
from expression_world import Rule, Text, Words

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.expression import compile_expression
from handbill.language.scope import Scope
from handbill.plan.types import BoolType
from handbill.source.text import SourceText


def only(found: tuple[Diagnostic, ...]) -> Diagnostic:
    (one,) = found
    assert one.code == "HB501"
    return one


def test_it_names_field_declaration_help_and_a_customer(rule: Rule) -> None:
    found = only(rule("customer.orders > 2 and customer.days_since_last_order > 30").diagnostics)
    assert found.message == "`customer.days_since_last_order` may be missing"
    assert found.notes == ("declared optional at schemas/customer.schema.json:31",)
    assert found.hint == (
        "customer.orders > 2 and customer.days_since_last_order | default(0) > 30"
    )
    assert found.witness == {"orders": 3}
    assert found.range is not None
    assert (found.range.column, found.range.end_column) == (25, 55)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("customer.points > 30", "customer.points | default(0) > 30"),
        ("customer.points + 1 > 30", "customer.points | default(0) + 1 > 30"),
        ("1 + customer.points > 30", "1 + (customer.points | default(0)) > 30"),
        ("-customer.points > 30", "-(customer.points | default(0)) > 30"),
        ("not customer.subscribed", "not customer.subscribed | default(false)"),
        ("customer.tier == 'gold'", "customer.tier | default('gold') == 'gold'"),
        ("customer.first_name == 'Ann'", "customer.first_name | default('neighbor') == 'Ann'"),
        ("customer.phone == '1'", "customer.phone | default('') == '1'"),
        ("customer.wishes[:2] | count == 2", "(customer.wishes | default([]))[:2] | count == 2"),
        ("'x' in customer.wishes", "'x' in customer.wishes | default([])"),
        ("customer.credit > 1", "customer.credit | default(0) > 1"),
        (
            "customer.birthday < run.date",
            "customer.birthday is defined and customer.birthday < run.date",
        ),
        (
            "customer.is_employee or customer.birthday < run.date",
            "customer.birthday is defined and (customer.is_employee or customer.birthday < run.date)",
        ),
        (
            "customer.store.name == 'Troy'",
            "customer.store is defined and customer.store.name == 'Troy'",
        ),
        ("customer.favorites | first == 'x'", "customer.favorites | first | default('') == 'x'"),
    ],
)
def test_the_hint_can_be_pasted(text: str, hint: str, rule: Rule, said: Words) -> None:
    assert only(rule(text).diagnostics).hint == hint
    assert said(hint) == ""


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("customer.first_name", "{{ customer.first_name | default('neighbor') }}"),
        (
            "'Hi ' ~ customer.first_name",
            "{{ 'Hi ' ~ (customer.first_name | default('neighbor')) }}",
        ),
        (
            "customer.birthday | date",
            "{% if customer.birthday is defined %}{{ customer.birthday | date }}{% endif %}",
        ),
        (
            "customer.birthday",
            "{% if customer.birthday is defined %}{{ customer.birthday | date }}{% endif %}",
        ),
        (
            "customer.birthday | plus_days(3)",
            "{% if customer.birthday is defined %}{{ customer.birthday | plus_days(3) | date }}"
            "{% endif %}",
        ),
        (
            "'On ' ~ customer.birthday",
            "{% if customer.birthday is defined %}{{ 'On ' ~ (customer.birthday | date) }}"
            "{% endif %}",
        ),
        (
            "customer.store.name | upper",
            "{% if customer.store is defined %}{{ customer.store.name | upper }}{% endif %}",
        ),
    ],
)
def test_the_hint_in_a_template_has_its_braces(text: str, hint: str, hole: Text) -> None:
    found = [each for each in hole(text).diagnostics if each.code == "HB501"]
    assert only(tuple(found)).hint == hint


def test_a_long_expression_is_not_repeated(rule: Rule) -> None:
    text = " and ".join(["customer.orders > 1"] * 12) + " and customer.points > 1"
    assert only(rule(text).diagnostics).hint == "customer.points | default(0)"


def test_a_reference_says_what_is_missing(hole: Text) -> None:
    found = only(hole("customer.store.name").diagnostics)
    assert found.notes == (
        "it is missing where `customer.store` is",
        "the audience may ask for it: customer.store is defined",
        "declared optional at schemas/customer.schema.json:33",
    )


def test_each_field_is_reported_once(said: Words) -> None:
    assert said("customer.points > 1 and customer.points < 9").count("HB501") == 1
    assert said("customer.points > 1 and customer.phone == ''").count("HB501") == 2


def test_a_constant_that_is_not_set(said_of_hole: Words, said: Words) -> None:
    assert "HB501 at 4-15: `params.perk` is not set here" in said_of_hole("params.perk")
    assert "HB501" in said("params.perk")
    assert said_of_hole("params.perk | default('a gift')") == ""


def test_an_empty_list_is_the_counterexample(rule: Rule) -> None:
    found = only(rule("customer.favorites | first == 'x'").diagnostics)
    assert found.witness == {"favorites": []}


@pytest.mark.parametrize(
    ("locale", "fallback"), [("es-US", "vecino"), ("fr-CA", "voisin"), ("de-DE", "")]
)
def test_the_fallback_is_of_the_text_s_language(locale: str, fallback: str, scope: Scope) -> None:
    source = SourceText.of_file("f", "customer.first_name == 'Ann'")
    found = only(compile_expression(source, replace(scope, locale=locale), BoolType()).diagnostics)
    assert found.hint == f"customer.first_name | default('{fallback}') == 'Ann'"
