"""Questions decided by the solver, with nothing tried before."""

from __future__ import annotations

import pytest
from asking import question

from handbill.language.reasoning import solving
from handbill.language.reasoning.example import Trial, unpacked
from handbill.language.reasoning.question import Impossible, Possible, Question, Unknown
from handbill.language.reasoning.solving import limit_memory, solve
from handbill.plan.ir import Const, Field
from handbill.plan.types import BoolType, EnumType

IMPOSSIBLE = (
    "customer.orders * 2 == 7",
    "customer.orders // -3 > 0",
    "customer.spend < 0",
    "customer.spend * customer.spend < 0",
    "customer.tier | default('basic') == 'gold' and customer.tier is not defined",
    "customer.email | length > 40",
    "customer.email | lower == 'Ann'",
    "customer.email | startswith('ab') and not (customer.email | contains('b'))",
    "customer.joined_on > '2199-12-31'",
    "customer.joined_on | plus_days(1) < customer.joined_on",
    "customer.joined_on | day == 31 and customer.joined_on | month == 4",
    "customer.joined_on | day == 29 and customer.joined_on | month == 2 and customer.joined_on | year == 2100",
    "customer.joined_on | weekday == 8",
    "'fish' in customer.departments and customer.departments | count == 0",
    "customer.tags[:2] | count > 2",
    "customer.tags | count == 1 and 'a' in customer.tags and 'b' in customer.tags",
    "customer.departments | first | default('') == 'fish' and not ('fish' in customer.departments)",
    "customer.purchases | count < 0",
    "customer.purchases | sum(attribute='total') < 0",
    "customer.purchases | count == 0 and customer.purchases | sum(attribute='total') > 0",
    "customer.purchases | sort(attribute='total') | count > (customer.purchases | count)",
    "customer.store is not defined and customer.store.city | default('') == 'Troy'",
)


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_impossible(text: str) -> None:
    assert solve(question(text)) == Impossible()


POSSIBLE = (
    "customer.orders * 37 == 999",
    "customer.orders // 7 == 11 and customer.orders % 7 == 3",
    "customer.email ~ '!' == 'ann!'",
    "customer.email | truncate(4) == 'ann…' and customer.email | length == 9",
    "'n' ~ customer.orders == 'n417'",
    "customer.email > 'b' and customer.email < 'ba'",
    "customer.joined_on | year == 2000 and customer.joined_on | month == 2 and customer.joined_on | day == 29",
    "customer.seen is defined and customer.seen > '2026-01-31T10:00:00Z'",
    "customer.departments | count == 3 and 'fish' in customer.departments",
    "'a' in customer.tags and 'b' in customer.tags and customer.tags | count == 7",
    "(customer.tier | default('none') | upper) == 'GOLD'",
    "(customer.points if customer.points is defined else 7) == 7",
    "customer.email == '\\\\u{41}'",
)


@pytest.mark.parametrize("text", POSSIBLE)
def test_possible(text: str) -> None:
    asked = question(text)
    reply = solve(asked)
    assert isinstance(reply, Possible)
    assert Trial(asked).holds(unpacked(reply.values, asked.known))


def test_what_it_cannot_decide_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    hard = (
        "customer.orders * customer.orders * customer.orders + 7 == customer.spend * customer.spend"
    )
    assert solve(question(hard, 0)) == Unknown("it takes too long to decide")
    monkeypatch.setattr(solving, "MAX_ROUNDS", 1)
    lowered = question("customer.email | upper == 'ANN' and customer.email | lower != 'ann'", 300)
    assert isinstance(solve(lowered), Unknown)


def test_what_has_no_faithful_translation() -> None:
    high = question("customer.email < '\U00020000' and customer.email > 'a'")
    assert solve(high) == Unknown("a rule has characters that the solver does not know")
    field = Field(("customer", "kind"), EnumType(()))
    nothing = Question(Const(BoolType(), True), question("customer.orders > 3").known)
    assert isinstance(solve(nothing), Possible)
    assert field.type == EnumType(())


def test_reasons_are_in_plain_words() -> None:
    limit_memory(700)
    assert solving._reason("max. memory exceeded") == "it takes too much memory to decide"
    assert solving._reason("(incomplete quantifiers)") == "the solver cannot decide it"
    assert solving._reason("canceled") == "it takes too long to decide"
