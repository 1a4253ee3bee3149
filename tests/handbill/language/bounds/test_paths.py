"""The heaviest way through a template, as conditions."""

from __future__ import annotations

import pytest
from bounds_world import condition, given_that, ops_of

from handbill.language.bounds.paths import heaviest_way, single_conditions
from handbill.language.expressions.facts import Assumption


def way(text: str, *rules: str) -> list[tuple[object, bool]]:
    told = tuple(each for rule in rules for each in given_that(rule))
    found = heaviest_way(ops_of(text), told, lambda extent: extent.high.bytes)
    return [(each.condition, each.holds) for each in found]


GOLD, MANY = "customer.gold", "customer.orders > 70"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% if customer.gold %}long text{% else %}short{% endif %}", [(GOLD, True)]),
        ("{% if customer.gold %}x{% else %}much longer{% endif %}", [(GOLD, False)]),
        (
            "{% if customer.gold %}x{% elif customer.orders > 70 %}much longer{% endif %}",
            [(GOLD, False), (MANY, True)],
        ),
        (
            "{% if customer.gold %}{% if customer.orders > 70 %}long{% endif %}{% else %}x{% endif %}",
            [(GOLD, True), (MANY, True)],
        ),
        ("{{ 'long' if customer.gold else 'x' }}", [(GOLD, True)]),
        ("{{ 'a' ~ ('long' if customer.gold else customer.tier) }}", [(GOLD, False)]),
        ("{% for x in customer.likes %}{% if customer.gold %}xx{% endif %}{% endfor %}", [(GOLD, True)]),
        ("{% for x in customer.likes %}{% if x == 'a' %}xx{% endif %}{% endfor %}", []),
        ("{% set n = customer.name %}{{ n }}", []),
    ],
)  # fmt: skip
def test_heaviest(text: str, expected: list[tuple[str, bool]]) -> None:
    assert way(text) == [(condition(rule), holds) for rule, holds in expected]


def test_what_cannot_be_taken_is_not() -> None:
    text = "{% if customer.orders > 70 %}the longest of all{% else %}x{% endif %}"
    assert way(text, "customer.orders < 9") == [(condition(MANY), False)]


def test_and_is_taken_apart() -> None:
    both, either = condition(f"{GOLD} and {MANY}"), condition(f"not ({GOLD} or {MANY})")
    one, two = condition(GOLD), condition(MANY)
    assert list(single_conditions([Assumption(both, True)])) == [
        Assumption(one, True),
        Assumption(two, True),
    ]
    assert [each.holds for each in single_conditions([Assumption(either, True)])] == [False, False]
    assert list(single_conditions([Assumption(both, False)])) == [Assumption(both, False)]
