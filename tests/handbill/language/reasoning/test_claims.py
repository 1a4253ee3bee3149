"""What branches take for granted."""

from __future__ import annotations

from asking import rule

from handbill.diagnostics.diagnostic import SourceRange
from handbill.language.expressions.decisions import Decision
from handbill.language.expressions.facts import Assumption
from handbill.language.reasoning.claims import (
    ITEM_ROOT,
    ClaimKind,
    claims_of_decision,
    conditions_of,
    with_items,
)
from handbill.language.reasoning.question import negation
from handbill.plan.ir import Call, Const, Field, Local, Operation
from handbill.plan.types import BoolType, IntType

HERE = SourceRange("a.html", 1, 1, 1, 5)
STAFF, MANY = rule("customer.is_staff"), rule("customer.orders > 3")
ITEM = Call(Operation.GT, (Local("n", IntType(0, 9)), Const(IntType(3, 3), 3)), BoolType())


def test_a_branch_is_taken_and_not_always() -> None:
    way = (Assumption(STAFF, True), Assumption(STAFF, True))
    taken, not_taken = claims_of_decision(Decision(MANY, way, HERE, otherwise=False))
    assert (taken.kind, taken.conditions) == (ClaimKind.TAKEN, (STAFF, MANY))
    assert (not_taken.kind, not_taken.conditions) == (ClaimKind.NOT_TAKEN, (STAFF, negation(MANY)))
    assert not not_taken.otherwise


def test_of_a_chain_only_the_last_may_be_left() -> None:
    claims = list(claims_of_decision(Decision(MANY, (Assumption(STAFF, False),), HERE, last=False)))
    assert [claim.conditions for claim in claims] == [(negation(STAFF), MANY)]


def test_names_that_were_set_mean_what_they_were_set_to() -> None:
    decision = Decision(ITEM, (), HERE, {"n": Field(("customer", "orders"), IntType(0, 9))})
    taken, _ = claims_of_decision(decision)
    assert taken.condition.arguments[0] == Field(("customer", "orders"), IntType(0, 9))  # type: ignore[union-attr]


def test_a_loops_item_is_some_item() -> None:
    assert with_items(MANY) is MANY
    assert with_items(ITEM).arguments[0] == Field((ITEM_ROOT, "n"), IntType(0, 9))  # type: ignore[union-attr]
    assert list(conditions_of([Assumption(STAFF, False)])) == [negation(STAFF)]
