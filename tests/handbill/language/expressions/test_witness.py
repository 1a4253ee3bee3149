"""Counterexamples are real: they meet the conditions on the way to the failure."""

from __future__ import annotations

import datetime

import pytest
from expression_world import Rule

from handbill.language.expressions.facts import Path
from handbill.language.expressions.reads import fields_in
from handbill.language.expressions.witness import failing_customer
from handbill.language.vocabulary.vocabulary import Vocabulary
from handbill.plan.model import FieldNeed
from handbill.plan.row import evaluate

NEEDED = "customer.points > 1"


@pytest.mark.parametrize(
    ("guard", "witness"),
    [
        ("", {"orders": 0}),
        ("customer.state == 'ME' and ", {"state": "ME"}),
        ("customer.spend > 12.34 and ", {"spend": 12.35}),
        ("not (customer.spend <= 20) and ", {"spend": 20.01}),
        ("customer.is_employee and ", {"is_employee": True}),
        ("'bread' in customer.favorites and ", {"favorites": ["bread"]}),
        ("customer.last_order == '2026-03-04' and ", {"last_order": "2026-03-04"}),
        ("customer.birthday is not defined and customer.orders > 4 and ", {"orders": 5}),
        ("customer.email == 'ann@shop.example' and ", {"email": "ann@shop.example"}),
        ("customer.seen == '2026-01-02T03:04Z' and ", {"seen": "2026-01-02T03:04:00Z"}),
        ("customer.orders > 5 and customer.orders < 5 and ", None),
        ("customer.email | length == 77 and ", None),
    ],
)
def test_the_counterexample(guard: str, witness: dict[str, object] | None, rule: Rule) -> None:
    (found,) = rule(f"{guard}{NEEDED}").diagnostics
    assert found.witness == witness


def test_it_fails_when_the_row_is_evaluated(rule: Rule) -> None:
    """A naive evaluation of the refused expression breaks for the counterexample."""
    refused = "customer.orders >= 3 and customer.points > 1"
    (found,) = rule(refused).diagnostics
    assert found.witness == {"orders": 3}
    naive = rule("customer.orders >= 3 and customer.lifetime_orders > 1").expression
    assert naive is not None
    needs = [FieldNeed(path=path[1:], type=type_) for path, type_ in fields_in(naive).items()]
    row = tuple(found.witness.get(need.path[0]) for need in needs)  # type: ignore[union-attr]
    with pytest.raises(TypeError):
        evaluate(naive, row, {}, needs)


def test_without_conditions_a_required_field_is_shown(vocabulary: Vocabulary) -> None:
    points: Path = ("customer", "points")
    assert failing_customer(vocabulary.customer, points, (), ()) == {"orders": 0}
    orders: Path = ("customer", "orders")
    read = [orders, ("customer", "last_order"), ("customer", "phone")]
    assert failing_customer(vocabulary.customer, points, (), read) == {
        "orders": 0,
        "last_order": datetime.date(2026, 1, 15).isoformat(),
    }
