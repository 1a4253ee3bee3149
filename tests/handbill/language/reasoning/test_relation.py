"""How two audiences lie to one another, with customers that show it."""

from __future__ import annotations

import pytest
from asking import DECLARATIONS, rule

from handbill.language.reasoning.declared import question_about
from handbill.language.reasoning.example import Trial
from handbill.language.reasoning.question import Impossible, Unknown, all_of, negation
from handbill.language.reasoning.reasoner import Found, Reasoner
from handbill.language.reasoning.relation import (
    Kind,
    example_in,
    is_in,
    is_unknown,
    relation_of,
    relation_of_conditions,
)
from handbill.plan.model import Audience

W = "customer.purchases | within('{}', attribute='day') | count >= {}"
T = "customer.visits | within('{}') | count >= {}"
PAIRS: tuple[tuple[str, str, Kind], ...] = (
    ("customer.orders > 3", "customer.orders >= 4", "equal"),
    ("customer.orders > 3", "customer.orders > 2", "widened"),
    ("customer.orders > 2", "customer.orders > 3", "narrowed"),
    ("customer.orders > 9", "customer.orders < 5", "disjoint"),
    ("customer.orders > 9", "customer.is_staff", "mixed"),
    ("customer.spend * 2 > 100", "customer.spend > 50", "equal"),
    ("customer.tier | default('basic') == 'gold'", "customer.tier is defined", "widened"),
    ("customer.store.city | default('') == 'Troy'", "customer.store is defined", "widened"),
    ("customer.points | default(0) > 5", "customer.points is defined", "widened"),
    ("'dairy' in customer.departments", "customer.departments | count > 0", "widened"),
    ("'a' in customer.tags and 'b' in customer.tags", "customer.tags | count >= 2", "widened"),
    ("customer.departments | count > 3", "customer.orders > 1000", "equal"),
    ("customer.email | startswith('ab')", "customer.email | length >= 2", "widened"),
    ("customer.email == '\\\\u{41}'", "customer.email == 'A'", "disjoint"),
    ("customer.joined_on | days_between(run.date) > 365", "customer.joined_on < run.date", "widened"),
    ("customer.joined_on | month == 2 and customer.joined_on | day == 30", "false", "equal"),
    ("customer.purchases | count >= 3", "customer.purchases | count >= 2", "widened"),
    (W.format("30 days", 3), W.format("60 days", 2), "widened"),
    (T.format("30 days", 3), T.format("60 days", 2), "widened"),
    (
        "customer.purchases | selectattr('total', '>', 50) | count >= 3",
        "customer.purchases | selectattr('total', '>', 20) | count >= 3",
        "widened",
    ),
    (
        "customer.purchases | selectattr('total', '>', 50) | sum(attribute='total') > 300",
        "customer.purchases | sum(attribute='total') > 300",
        "widened",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("before", "after", "kind"), PAIRS)
def test_relations(before: str, after: str, kind: Kind, reasoner: Reasoner) -> None:
    relation = relation_of_conditions(rule(before), rule(after), DECLARATIONS, reasoner)
    assert relation.kind == kind
    back = relation_of_conditions(rule(after), rule(before), DECLARATIONS, reasoner)
    opposite = {"widened": "narrowed", "narrowed": "widened"}
    assert back.kind == opposite.get(kind, kind)


@pytest.mark.parametrize(("before", "after", "kind"), PAIRS)
def test_examples_are_what_they_are_said_to_be(
    before: str, after: str, kind: Kind, reasoner: Reasoner
) -> None:
    one, other = rule(before), rule(after)
    relation = relation_of_conditions(one, other, DECLARATIONS, reasoner)
    sides = {
        (one, negation(other)): relation.lost,
        (other, negation(one)): relation.gained,
        (one, other): relation.kept,
    }
    for conditions, answer in sides.items():
        example = example_in(answer)
        if example is not None:
            assert Trial(question_about(all_of(conditions), DECLARATIONS)).holds(example)


def test_an_audience_is_its_include_without_its_exclusions(reasoner: Reasoner) -> None:
    plain = Audience(include=rule("customer.orders > 3"))
    cut = Audience(
        include=rule("customer.orders > 3"),
        exclude={"few": rule("customer.orders < 2"), "staff": rule("customer.is_staff")},
    )
    relation = relation_of(plain, cut, DECLARATIONS, reasoner)
    assert relation.kind == "narrowed"
    assert example_in(relation.lost) is not None
    assert dict(relation.lost.example)[("customer", "is_staff")] is True  # type: ignore[union-attr]
    assert len(is_in(cut).arguments) == 3  # type: ignore[union-attr]


def test_two_empty_audiences(reasoner: Reasoner) -> None:
    relation = relation_of_conditions(
        rule("customer.orders > 5000"), rule("customer.orders < 0"), DECLARATIONS, reasoner
    )
    assert (relation.kind, relation.nobody) == ("equal", True)


def test_what_cannot_be_decided_is_unknown(reasoner: Reasoner) -> None:
    """That a text ends so in lower case as soon as it ends so is beyond the solver."""
    relation = relation_of_conditions(
        rule("customer.email | lower | endswith('@x.example')"),
        rule("customer.email | endswith('@x.example')"),
        DECLARATIONS,
        reasoner,
        200,
    )
    assert relation.kind == "unknown"
    assert isinstance(relation.gained, Unknown)
    assert is_unknown(relation.gained, relation.lost)
    assert isinstance(relation.lost, Found)
    assert not is_unknown(Impossible())
