"""How many items a list surely has, and what follows from an item being there."""

from __future__ import annotations

import pytest
from expression_world import Rule, Words

PURCHASES = "customer.purchases | selectattr('total', '>', 5)"
SAFE = [
    "customer.favorites | count > 0 and customer.favorites | first == 'a'",
    "customer.favorites | count >= 3 and customer.favorites[2] == 'a'",
    "customer.favorites | count != 0 and customer.favorites | last == 'a'",
    "not (customer.favorites | count == 0) and customer.favorites | last == 'a'",
    "customer.favorites | count == 0 or customer.favorites | last == 'a'",
    "(customer.favorites | first == 'a') if customer.favorites | count > 0 else false",
    "customer.favorites[1] is defined and customer.favorites | first == 'a'",
    "customer.favorites | last is defined and customer.favorites[0] == 'a'",
    "customer.lucky | max is defined and customer.lucky | min > 3",
    "customer.lucky | avg | default(0) > 3 and customer.lucky | max > 3",
    "5 == customer.favorites | count and customer.favorites[4] == 'a'",
    "customer.favorites | count > 1 and customer.favorites[:2] | last == 'a'",
    "customer.favorites | count > 1 and (customer.favorites | sort)[1] == 'a'",
    "customer.favorites | count > 1 and customer.favorites | unique | first == 'a'",
    "customer.favorites | unique | count > 1 and customer.favorites[1] == 'a'",
    f"{PURCHASES} | count > 1 and ({PURCHASES})[1].online and customer.purchases[1].online",
    "customer.purchases | count > 0 and customer.purchases | map(attribute='total') | max > 3",
    "customer.purchases | count > 0 and 5 / (customer.purchases | count) > 2",
    "customer.purchases | unique(attribute='total') | count > 0 and 5 / (customer.purchases | count) > 2",
    "params.states | first == 'VT'",
    "params.states[1] == 'ME'",
]


@pytest.mark.parametrize("text", SAFE)
def test_what_is_safe(text: str, rule: Rule) -> None:
    assert rule(text).diagnostics == ()


UNSAFE = [
    "customer.favorites | count > 1 and customer.favorites[2] == 'a'",
    "customer.favorites | count >= 0 and customer.favorites | first == 'a'",
    "customer.favorites | count > 1 and (customer.favorites | unique)[1] == 'a'",
    "customer.favorites | count > 5 and customer.favorites[:2][2] == 'a'",
    f"customer.purchases | count > 5 and ({PURCHASES} | first).online",
    "customer.favorites | count > 0 or customer.favorites | first == 'a'",
    "customer.wishes | default([]) | count > 0 and customer.wishes | first == 'a'",
    "5 / (customer.purchases | count) > 2",
    "customer.purchases | count > 0 and 5 / (customer.orders_made | count) > 2",
    "params.states[2] == 'VT'",
]


@pytest.mark.parametrize("text", UNSAFE)
def test_what_is_not(text: str, said: Words) -> None:
    assert said(text).startswith(("HB501", "HB512")), text
