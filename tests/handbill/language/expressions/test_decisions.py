"""Conditions that decide between two ways are noted where they are checked, if somebody asks."""

from __future__ import annotations

from dataclasses import replace

from template_world import SCOPE, Templates

from handbill.language.expression import compile_expression
from handbill.language.expressions.decisions import Decision
from handbill.language.scope import Scope
from handbill.language.template import TemplateKind, compile_template
from handbill.plan.types import BoolType
from handbill.source.text import SourceText

CHAIN = (
    "{% if customer.orders > 5 %}a{% elif customer.gold %}b{% endif %}"
    "{% if params.loud %}c{% endif %}{{ 'd' if customer.orders > 7 else 'e' }}"
)


def decisions(text: str, scope: Scope) -> list[Decision]:
    noted: list[Decision] = []
    source = SourceText.of_file("t/main.txt", text)
    compile_template(source, replace(scope, decisions=noted), TemplateKind.TEXT, Templates({}))
    return noted


def test_every_condition_with_the_way_to_it() -> None:
    first, second, third = decisions(CHAIN, SCOPE)
    assert (first.way, first.last, first.otherwise) == ((), False, False)
    assert [(each.condition, each.holds) for each in second.way] == [(first.condition, False)]
    assert (second.last, second.otherwise) == (True, False)
    assert (third.way, third.last, third.otherwise) == ((), True, True)
    start = CHAIN.index("customer.orders > 5")
    assert (first.range.column, first.range.end_column) == (start + 1, start + 20)


def test_names_that_were_set() -> None:
    text = "{% set n = customer.orders + 1 %}{% if n > 5 %}a{% else %}b{% endif %}"
    (decision,) = decisions(text, SCOPE)
    assert list(decision.meanings) == ["n"] and decision.otherwise


def test_rules_have_decisions_too() -> None:
    noted: list[Decision] = []
    text = "(customer.gold if customer.orders > 5 else true)"
    source = SourceText.of_file("rule", text)
    compile_expression(source, replace(SCOPE, decisions=noted), BoolType())
    assert len(noted) == 1


def test_nobody_asked() -> None:
    assert SCOPE.decisions is None
    SCOPE.decided(Decision.__new__(Decision))
