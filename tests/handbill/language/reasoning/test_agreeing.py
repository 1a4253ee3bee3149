"""Rows of two plans that carry different members are asked about as one."""

from __future__ import annotations

from asking import DECLARATIONS, rule

from handbill.language.expressions.narrowing import narrowed
from handbill.language.reasoning.agreeing import agreed
from handbill.language.reasoning.declared import fields_of
from handbill.language.reasoning.reasoner import Reasoner
from handbill.language.reasoning.relation import relation_of_conditions
from handbill.plan.types import ListType, ObjectType

RICH = "customer.purchases | selectattr('total', '>', 50) | count >= 2"
RECENT = "customer.purchases | within('30 days', attribute='day') | count >= 1"


def members(condition: object) -> set[str]:
    (field,) = {each for each in fields_of(condition) if each.path[1] == "purchases"}  # type: ignore[arg-type]
    assert isinstance(field.type, ListType) and isinstance(field.type.item, ObjectType)
    return {member.name for member in field.type.item.members}


def test_rows_hold_the_members_of_both() -> None:
    (rich,), (recent,) = narrowed((rule(RICH),)), narrowed((rule(RECENT),))
    assert (members(rich), members(recent)) == ({"total"}, {"day"})
    assert {frozenset(members(each)) for each in agreed((rich, recent))} == {
        frozenset({"day", "total"})
    }


def test_what_agrees_is_left_alone() -> None:
    conditions = (rule(RICH), rule("customer.orders > 3"))
    assert agreed(conditions) == conditions


def test_narrowed_plans_are_compared(reasoner: Reasoner) -> None:
    (rich,), (recent,) = narrowed((rule(RICH),)), narrowed((rule(RECENT),))
    assert relation_of_conditions(rich, recent, DECLARATIONS, reasoner).kind == "mixed"
