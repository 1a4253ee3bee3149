"""Sizes and sums that can be compared."""

from __future__ import annotations

import z3
from asking import rule

from handbill.language.reasoning.formulas.measures import MAX_PAIRS, Measures, filtered
from handbill.plan.ir import Call, Expression


def items_of(text: str) -> Expression:
    """The list whose count the rule compares."""
    compared = rule(text)
    assert isinstance(compared, Call) and isinstance(compared.arguments[0], Call)
    return compared.arguments[0].arguments[0]


def test_filters_over_a_list() -> None:
    base = filtered(items_of("customer.purchases | count > 1"))
    assert base is not None and base.steps == () and base.mapped is None
    twice = filtered(
        items_of(
            "customer.purchases | selectattr('total', '>', 5) | selectattr('id', '>', 3) | count > 1"
        )
    )
    assert twice is not None and len(twice.steps) == 2
    summed = filtered(items_of("customer.purchases | sum(attribute='total') > 1"))
    assert summed is not None and summed.mapped is not None
    assert filtered(items_of("customer.purchases | sort(attribute='total') | count > 1")) is None


def test_only_what_is_of_one_kind_is_compared() -> None:
    measures = Measures()
    p, q = z3.Bools("p q")
    a, b, c = z3.Ints("a b c")
    measures.add("count", p, a)
    measures.add("count", q, b)
    measures.add("count", q, b)
    measures.add("sum", q, c)
    assert [(one.value, other.value) for one, other in measures.pairs()] == [(a, b), (b, a)]
    for n in range(20):
        measures.add("count", p, z3.Int(f"n{n}"))
    assert len(measures.pairs()) == MAX_PAIRS
