"""Translations of whole rules: what a rule is true of, its formula is true of."""

from __future__ import annotations

import pytest
import z3
from asking import question

from handbill.language.reasoning.formulas.translation import Translation
from handbill.language.reasoning.question import Question
from handbill.plan.ir import Call, Const, Local, Operation
from handbill.plan.types import BoolType, StringType

O = Operation  # noqa: E741


def verdict(asked: Question) -> object:
    translation = Translation(asked.known)
    condition = translation.condition(asked.condition)
    solver = z3.Solver()
    solver.add(*translation.facts, condition)
    return solver.check()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("customer.email | lower == 'ann' and customer.email | lower == 'bob'", z3.unsat),
        ("customer.email | lower == 'ann'", z3.sat),
        ("customer.email | replace('a', 'b') == 'x' and customer.email | replace('a', 'c') == 'x'", z3.sat),
        ("customer.seen | default('2026-01-31T10:00:00Z') | local_date == '2026-01-31'", z3.sat),
        ("customer.purchases | last is defined and customer.purchases | count == 0", z3.unsat),
        ("customer.purchases | map(attribute='total') | max | default(0) > 5 and customer.purchases | count == 0", z3.unsat),
        ("customer.purchases | map(attribute='total') | min | default(0) < 0", z3.unsat),
        ("customer.purchases | map(attribute='total') | avg | default(0) > 5 and customer.purchases | count == 0", z3.unsat),
        ("customer.purchases | unique(attribute='day') | count == 0 and customer.purchases | count > 0", z3.unsat),
        ("customer.purchases[2] is defined and customer.purchases | count < 3", z3.unsat),
        ("customer.departments[2] is defined and customer.departments | count < 3", z3.unsat),
    ],
)  # fmt: skip
def test_what_is_known_of_what_is_not_translated(text: str, expected: object) -> None:
    assert verdict(question(text)) == expected


def test_a_choice_of_many_texts() -> None:
    place = Local("n", question("customer.orders > 1").known[0].type)
    few = tuple(Const(StringType(2), f"{n:02}") for n in range(1, 13))
    many = tuple(Const(StringType(3), f"{n:03}") for n in range(1, 100))
    for choices, wanted in ((few, "12"), (many, "099")):
        chosen = Call(O.CHOOSE, (place, *choices), StringType(3))
        condition = Call(O.EQ, (chosen, Const(StringType(3), wanted)), BoolType())
        assert verdict(Question(condition, ())) == z3.sat
