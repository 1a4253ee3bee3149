"""What the solver proves is true of every awkward customer, in both back ends; and so are its examples.

Two kinds of question: about pairs of random conditions (one within the other, equal, apart), and, for a
random program and a row, whether there is a customer like that row: there is, so it must not be denied.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import duckdb
import pytest
import z3
from confronting import DECLARATIONS, Confrontation, related_pairs, row_conditions
from mutants_of_reasoning import MUTANTS, Mutant
from nasty_relations import all_rows
from program_generator import Generator
from program_parts import operations_of
from source_generator import SCOPE

from handbill.language.expression import compile_expression
from handbill.language.reasoning import solving
from handbill.language.reasoning.declared import question_about
from handbill.language.reasoning.question import Impossible, all_of, negation
from handbill.language.reasoning.solving import solve
from handbill.plan.ir import Each, Expression, Operation
from handbill.plan.types import BoolType
from handbill.source.text import SourceText

PAIRS = 60
PROGRAMS = 1_500
ASKED = 120
RULES = (
    "customer.born | plus_days(customer.natural) == '2199-12-31'",
    "customer.born | plus_days(-customer.natural) == '1900-01-01'",
    "customer.name | startswith('a')",
    "customer.name <= 'a'",
    "customer.city >= 'a'",
    "customer.tags[:2] | count == 2",
)
"""What random programs hardly show."""
EFFORT = 3_000_000
"""What the solver may do for one check, in its own units: about a second of an idle machine. Unlike
time it is the same for the same question on a busy one."""
PATIENCE = 600_000
"""Milliseconds: nothing is to end for lack of time."""
AT_LEAST = {"impossible": 50, "possible": 50}


@pytest.fixture(autouse=True)
def effort(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Questions are given up by effort."""
    monkeypatch.setattr(solving, "PAIR_MILLISECONDS", PATIENCE)
    z3.set_param("rlimit", EFFORT)
    yield
    z3.set_param("rlimit", 0)


def test_answers_about_pairs_hold_in_both_back_ends(connection: duckdb.DuckDBPyConnection) -> None:
    confrontation = Confrontation(connection, milliseconds=PATIENCE)
    for one, other in related_pairs(Generator(7), PAIRS):
        for condition in ((one, negation(other)), (other, negation(one)), (one, other)):
            assert list(confrontation.contradictions(all_of(condition))) == []
    print(confrontation.answers)
    for answer, fewest in AT_LEAST.items():
        assert confrontation.answers[answer] >= fewest


@pytest.fixture(scope="module")
def like_rows() -> Sequence[Expression]:
    """Conditions that a customer of the table meets, over plain fields."""
    table, rng = all_rows(), random.Random(11)
    programs = [each for each in Generator(3).programs(PROGRAMS) if _is_plain(each)]
    found = [row_conditions(each, row) for each in programs for row in rng.sample(table, 2)]
    found += [row_conditions(each, row) for each in map(_rule, RULES) for row in table[::4]]
    return [condition for condition in found if condition is not None]


def _rule(text: str) -> Expression:
    compiled = compile_expression(SourceText.of_file("rule", text), SCOPE, BoolType())
    assert compiled.expression is not None, compiled.diagnostics
    return compiled.expression


def _is_plain(program: Expression) -> bool:
    """Whether no list of objects is read: of those the solver knows little."""
    steps = {step for step in operations_of(program) if not isinstance(step, Operation)}
    return not steps and not isinstance(program, Each)


def test_no_customer_of_the_table_is_denied(
    connection: duckdb.DuckDBPyConnection, like_rows: Sequence[Expression]
) -> None:
    confrontation = Confrontation(connection, milliseconds=PATIENCE)
    for condition in like_rows[:ASKED]:
        assert list(confrontation.contradictions(condition)) == []
    assert confrontation.answers["impossible"] == 0
    assert confrontation.answers["possible"] >= ASKED * 3 // 4


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutant_dies(
    mutant: Mutant, like_rows: Sequence[Expression], monkeypatch: pytest.MonkeyPatch
) -> None:
    shows = [each for each in like_rows if _shows(mutant, each)]
    mutant.plant(monkeypatch)
    assert any(_is_denied(condition) for condition in shows), "the mutant survived"


def _shows(mutant: Mutant, condition: Expression) -> bool:
    return not mutant.shows or not set(mutant.shows).isdisjoint(operations_of(condition))


def _is_denied(condition: Expression) -> bool:
    return isinstance(solve(question_about(condition, DECLARATIONS, PATIENCE)), Impossible)
