"""Each counterexample is a customer for whom a careless system fails, and the hint mends it.

The same text goes to the compiler, which refuses it with a customer, and to the naive renderer, which
gets that customer and breaks. With the compiler's hint in its place both are content.
"""

from __future__ import annotations

import decimal
from dataclasses import replace
from typing import Any

import jinja2
import pytest
from naive_renderer import customer_of, holds, render

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.expression import compile_expression
from handbill.language.expressions.facts import Assumption
from handbill.language.scope import Scope
from handbill.language.template import TemplateKind, compile_template
from handbill.language.vocabulary.vocabulary import Vocabulary
from handbill.plan.types import BoolType
from handbill.source.text import SourceText

FAILS = (jinja2.UndefinedError, ZeroDivisionError, decimal.InvalidOperation)
"""What a missing value, an item that is not there and a division by 0 come to in Python."""


class NoFiles:
    def load(self, name: str, from_file: str) -> None:
        return None

    def suggest(self, name: str, from_file: str) -> None:
        return None


RULES = [
    "customer.points > 5",
    "customer.orders > 3 and customer.points > 5",
    "customer.is_employee or customer.points > 5",
    "not (customer.points > 5)",
    "(customer.points if customer.orders > 2 else 1) > 0",
    "(1 if customer.orders > 2 else customer.points) > 0",
    "customer.points is not defined and customer.points > 5",
    "customer.points is defined or customer.points > 5",
    "customer.store.name == 'Troy'",
    "customer.store is defined and customer.store.group == 'east'",
    "customer.birthday | month == 3",
    "customer.last_order | days_between(customer.birthday) > 3",
    "customer.first_name | lower == 'ann'",
    "customer.wishes | count > 1",
    "customer.favorites | first == 'tea'",
    "customer.favorites | last == 'tea'",
    "customer.favorites[2] == 'tea'",
    "customer.favorites | count > 1 and customer.favorites[2] == 'tea'",
    "customer.lucky | max > 5",
    "customer.lucky | min > 5 or customer.lucky | count == 0",
    "customer.lucky | avg > 5",
    "5 // customer.orders > 2",
    "customer.orders >= 0 and 5 % customer.orders == 2",
    "customer.spend / customer.orders > 20",
    "5 / (customer.orders - 3) > 2",
    "customer.address.city == 'Troy'",
    "customer.address is defined and customer.address.floor > 3",
    "(customer.purchases | first).total > 5",
    "customer.purchases | count >= 2 and customer.purchases[2].total > 5",
    "(customer.purchases | last).online",
    "customer.purchases | map(attribute='total') | max > 3",
    "customer.purchases | avg(attribute='total') > 3",
    "(customer.purchases | max(attribute='total')).online",
    "(customer.purchases | sum(attribute='total')) / (customer.purchases | count) > 20",
    "customer.purchases | selectattr('coupon', '==', 'x') | count > 1",
    "customer.purchases | rejectattr('coupon', '==', 'x') | count > 1",
    "customer.purchases | selectattr('product.name', '==', 'Milk') | count > 1",
    "customer.purchases | selectattr('product', 'defined') | "
    "selectattr('product.department', '==', 'dairy') | count > 0",
    "customer.purchases | unique(attribute='coupon') | count > 1",
    "(customer.purchases | selectattr('total', '>', 50) | first).online",
    "customer.purchases | selectattr('online') | count > 0 and "
    "(customer.purchases | selectattr('total', '>', 50) | first).online",
    "customer.purchases | selectattr('total', '>', customer.credit) | count > 0",
    "(customer.purchases | within('60 days') | first).total > 3",
    "customer.cart | selectattr('note', '==', 'gift') | count > 0",
    "(customer.cart | first).price > 3",
    "(customer.cart | sum(attribute='price')) / (customer.cart | count) > 3",
]


@pytest.mark.parametrize("rule", RULES)
def test_rules(rule: str, scope: Scope, vocabulary: Vocabulary) -> None:
    found = findings_of(rule, scope)
    assert {each.code for each in found} <= {"HB501", "HB512"}
    for each in found:
        customer = customer_of(witness_of(each), vocabulary)
        with pytest.raises(FAILS):
            consumed(holds(rule, customer))


def consumed(value: Any) -> bool:
    """What comes out is used, as a condition is; an undefined value fails here."""
    return bool(value)


def findings_of(rule: str, scope: Scope) -> list[Diagnostic]:
    compiled = compile_expression(SourceText.of_file("r", rule), scope, BoolType())
    assert compiled.expression is None
    return [each for each in compiled.diagnostics if each.is_error]


def witness_of(found: Diagnostic) -> Any:
    assert found.witness is not None, found.message
    return found.witness


@pytest.mark.parametrize("rule", RULES)
def test_the_hint_mends_it(rule: str, scope: Scope) -> None:
    """Followed until nothing is left to say, the hints give a rule that compiles."""
    for _ in range(6):
        found = compile_expression(SourceText.of_file("r", rule), scope, BoolType()).diagnostics
        if not found or found[0].hint is None or is_in_words(found[0].hint):
            return
        rule = mended(rule, found[0])
    raise AssertionError(rule)


def is_in_words(hint: str) -> bool:
    """A hint that says what to write, and does not write it all."""
    return "…" in hint or "before it" in hint


def mended(rule: str, found: Diagnostic) -> str:
    """HB501's hint is the whole rule, HB512's the division."""
    assert found.hint is not None
    if found.code == "HB501":
        return found.hint
    division = found.hint.removeprefix("(").partition(" if ")[0]
    assert division in rule, (division, rule)
    return rule.replace(division, found.hint)


MESSAGES = [
    ("", "{{ customer.first_name }}"),
    ("", "{% if customer.orders > 3 %}{{ customer.points }}{% else %}none{% endif %}"),
    ("", "{% if customer.orders > 3 %}none{% else %}{{ customer.points }}{% endif %}"),
    (
        "",
        "{% if customer.points is not defined %}a{% elif customer.orders > 3 %}{{ customer.credit }}"
        "{% endif %}",
    ),
    ("customer.orders > 7", "{{ 100 // (customer.orders - 8) }}"),
    ("customer.store is defined", "{{ customer.store.name }} {{ customer.store.group }}"),
    ("customer.store is defined and customer.orders > 3", "{{ customer.points }}"),
    ("customer.points | default(900) > 500", "{{ customer.points }}"),
    ("customer.purchases | count > 1", "{{ customer.purchases[2].total }}"),
    ("customer.purchases | selectattr('total', '>', 50) | count > 0", "{{ customer.purchases[1].total }}"),
    ("", "{% for p in customer.purchases[:3] %}{{ p.coupon }}{% endfor %}"),
    ("", "{% for p in customer.purchases[:3] %}{% if p.online %}{{ p.product.name }}{% endif %}{% endfor %}"),
    ("", "{% for p in customer.purchases[:3] %}{% for t in customer.cart %}{{ t.note }}{% endfor %}{% endfor %}"),
    ("", "{% for c in customer.cart %}{{ c.tags | first }}{% endfor %}"),
    ("", "{% for c in customer.cart %}{% for t in c.tags %}{{ t }}{% endfor %}{% endfor %}"),
    ("", "{% for c in customer.cart %}{{ 10 / c.price }}{% endfor %}"),
    ("", "{% set best = customer.purchases | max(attribute='total') %}{{ best.total }}"),
    ("", "{% set few = customer.purchases[:2] %}{{ few[1].total }}"),
    ("", "{{ customer.purchases | map(attribute='coupon') | join(', ') }}"),
    ("", "{% for p in customer.purchases | sort(attribute='total') %}{{ p.coupon }}{% endfor %}"),
    (
        "customer.orders > 3",
        "{% set n = customer.orders - 4 %}{% for f in customer.favorites %}{{ 5 // n }}{% endfor %}",
    ),
    ("", "{% if customer.address is defined %}{{ customer.address.floor }}{% endif %}"),
    ("", "{{ (customer.cart | first).name }}"),
]  # fmt: skip


@pytest.mark.parametrize(("audience", "message"), MESSAGES)
def test_messages(audience: str, message: str, scope: Scope, vocabulary: Vocabulary) -> None:
    here = scope
    if audience:
        rule = compile_expression(SourceText.of_file("a", audience), scope, BoolType())
        assert rule.expression is not None
        here = scope.assuming(rule.when_true, Assumption(rule.expression, True))
    found = compile_template(
        SourceText.of_file("t", message), replace(here), TemplateKind.TEXT, NoFiles()
    ).diagnostics
    assert {each.code for each in found} <= {"HB501", "HB512"} and found
    for each in found:
        customer = customer_of(witness_of(each), vocabulary)
        assert not audience or holds(audience, customer), "would not get the message at all"
        with pytest.raises(FAILS):
            render(message, customer)


def test_the_naive_renderer_renders(vocabulary: Vocabulary) -> None:
    """It does not fail on everything: a guarded text comes out, an unguarded one for a whole customer."""
    nobody = customer_of({}, vocabulary)
    assert (
        render("{{ customer.first_name | default('you') }} {{ customer.orders }}", nobody)
        == "you 0"
    )
    somebody = customer_of({"first_name": "Ann", "purchases": [{"total": 2}]}, vocabulary)
    assert (
        render("{{ customer.first_name }}: {{ customer.purchases[0].total }}", somebody) == "Ann: 2"
    )
    assert holds("customer.purchases | avg(attribute='total') > 1", somebody)
