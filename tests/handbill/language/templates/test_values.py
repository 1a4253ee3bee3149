"""Conditions, lists and holes of a template."""

from __future__ import annotations

import pytest
from jinja2 import nodes
from template_world import SCOPE, mistakes, render

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.scope import ConstantRoot, ValueRoot
from handbill.language.syntax.parse import parse_expression
from handbill.language.templates.bindings import State
from handbill.language.templates.values import Values, constant_items, folded_items
from handbill.source.text import SourceText

STATE = State(SCOPE)


def parsed(text: str) -> tuple[nodes.Expr, SourceText]:
    source = SourceText.of_file("t/a.html", text)
    node, found = parse_expression(source)
    assert node is not None, found
    return node, source


def items(text: str) -> list[object] | None:
    found = constant_items(parsed(text)[0], STATE)
    if found is None:
        return None
    return [each.values for each in found if isinstance(each, ConstantRoot)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("params.departments", ["Bakery", "Dairy"]),
        ("params.departments[:1]", ["Bakery"]),
        ("params.empty", []),
        ("params.numbers[:2][:1]", [0]),
        ("customer.favorites", None),
        ("params.departments[1:]", None),
        ("params.loud", None),
        ("params.nothing.at.all", None),
        ("[1, 2]", None),
    ],
)
def test_lists_of_the_configuration(text: str, expected: list[object] | None) -> None:
    assert items(text) == expected


def test_lists_that_are_folded() -> None:
    found: list[Diagnostic] = []
    node, source = parsed("[1, 2, 3][:2]")
    value = Values(source, found).value(node, STATE)
    assert value is not None and not found
    roots = folded_items(value)
    assert roots is not None and all(isinstance(root, ValueRoot) for root in roots)
    constants = [root.value.constant for root in roots if isinstance(root, ValueRoot)]
    assert [each.value for each in constants if each is not None] == [1, 2]


def test_a_list_of_the_customer_is_not_folded() -> None:
    node, source = parsed("customer.favorites")
    value = Values(source, []).value(node, STATE)
    assert value is not None
    assert folded_items(value) is None


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("customer.name", "Ann"),
        ("customer.tier", "gold"),
        ("customer.orders", "7"),
        ("customer.points", "1234.50"),
        ("customer.points + 1", "1235.50"),
        ("customer.favorites | join(', ')", "Bakery, Dairy"),
        ("customer.birthday | default(run.date) | date", "May 17, 1990"),
        ("'yes' if customer.gold else 'no'", "yes"),
        ("1.10", "1.10"),
    ],
)
def test_what_holes_write(expression: str, text: str) -> None:
    assert render(f"{{{{ {expression} }}}}") == text


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("{{ customer.gold }}", ("HB507", "customer.gold")),
        ("{{ customer.favorites }}", ("HB507", "customer.favorites")),
        ("{{ run.date }}", ("HB507", "run.date")),
        ("{{ customer.first_name }}", ("HB501", "customer.first_name")),
        ("{{ params.none }}", ("HB501", "params.none")),
        ("{% if customer.orders %}x{% endif %}", ("HB524", "customer.orders")),
        ("{% if customer.birthday %}x{% endif %}", ("HB501", "customer.birthday")),
        ("{{ customer }}", ("HB507", "customer")),
        ("{% set x = params.none %}", ("HB501", "params.none")),
    ],
)
def test_what_has_no_text(html: str, found: tuple[str, str]) -> None:
    assert found in mistakes(html)
