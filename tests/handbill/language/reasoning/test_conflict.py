"""The few conditions that exclude one another."""

from __future__ import annotations

from asking import DECLARATIONS, rule

from handbill.language.reasoning.conflict import MAX_PARTS, conflicting, conjuncts
from handbill.language.reasoning.question import negation
from handbill.language.reasoning.reasoner import Reasoner
from handbill.language.reasoning.wording import worded


def blamed(reasoner: Reasoner, *texts: str) -> list[str | None]:
    found = conflicting([rule(text) for text in texts], DECLARATIONS, reasoner)
    return [worded(part) for part in found]


def test_only_those_that_are_to_blame(reasoner: Reasoner) -> None:
    found = blamed(
        reasoner,
        "customer.orders > 9 and customer.is_staff",
        "customer.orders < 3",
        "customer.spend > 1",
    )
    assert found == ["customer.orders > 9", "customer.orders < 3"]
    assert blamed(reasoner, "customer.is_staff", "customer.orders > 5000") == [
        "customer.orders > 5000"
    ]


def test_too_many_are_not_looked_at(reasoner: Reasoner) -> None:
    many = " and ".join(f"customer.orders != {n}" for n in range(MAX_PARTS + 1))
    assert blamed(reasoner, many) == []


def test_what_is_not_either_is_neither() -> None:
    either = negation(rule("customer.orders > 9 or customer.is_staff"))
    assert [worded(part) for part in conjuncts(either)] == [
        "customer.orders <= 9",
        "not customer.is_staff",
    ]
