"""A question, decided by Z3. Only the solver's process imports this.

A model is not believed: its customer is tried by the Python back end. Where it fails because of a function
that the solver does not know (`lower`, a number's digits), the solver is told that function's true
result at this point, and asked again.
"""

from __future__ import annotations

import time
from typing import Any

import z3

from handbill.language.reasoning.example import packed, trial_of
from handbill.language.reasoning.formulas.terms import (
    Untranslatable,
    number_of,
    string_value,
    text_of,
)
from handbill.language.reasoning.formulas.texts import Use
from handbill.language.reasoning.formulas.translation import Translation
from handbill.language.reasoning.question import Impossible, Possible, Question, Reply, Unknown

MAX_ROUNDS = 12
PAIR_MILLISECONDS = 100


def limit_memory(megabytes: int) -> None:
    """What all of the solver's terms may take; beyond it a question is Unknown."""
    z3.set_param("memory_max_size", megabytes)


def solve(question: Question) -> Reply:
    """The reply, within the question's time or soon after."""
    until = time.monotonic() + question.milliseconds / 1000
    translation = Translation(question.known)
    try:
        condition = translation.condition(question.condition)
        return _decided(question, translation, condition, until)
    except Untranslatable as reason:
        return Unknown(str(reason))
    except z3.Z3Exception as error:
        return Unknown(_reason(str(error)))


def _decided(question: Question, translation: Translation, condition: Any, until: float) -> Reply:
    trial = trial_of(question)
    solver = _solver(translation.facts)
    _compare(translation, solver)
    solver.add(condition)
    for _ in range(MAX_ROUNDS):
        left = int((until - time.monotonic()) * 1000)
        if left <= 0:
            return Unknown("it takes too long to decide")
        solver.set("timeout", left)
        verdict = solver.check()
        if verdict == z3.unsat:
            return Impossible()
        if verdict != z3.sat:
            return Unknown(_reason(solver.reason_unknown()))
        model = solver.model()
        example = translation.symbols.example(model)
        if trial is not None and trial.holds(example):
            return Possible(packed(example, question.known))
        facts = [fact for use in translation.uses if (fact := _taught(use, model)) is not None]
        if not facts:
            return Unknown("no example of it could be confirmed")
        solver.add(*facts)
    return Unknown("no example of it could be confirmed")


def _solver(facts: list[Any]) -> Any:
    solver = z3.Solver()
    solver.set("random_seed", 0)
    solver.add(*facts)
    return solver


def _compare(translation: Translation, solver: Any) -> None:
    """Adds which sizes and sums cannot exceed which others."""
    for smaller, larger in translation.measures.pairs():
        apart = _solver(translation.facts)
        apart.set("timeout", PAIR_MILLISECONDS)
        apart.add(smaller.passes, z3.Not(larger.passes))
        if apart.check() == z3.unsat:
            solver.add(smaller.value <= larger.value)


def _taught(use: Use, model: Any) -> Any | None:
    """The function's true result for the argument that the model chose; None where the model has it."""
    argument = model.eval(use.argument, model_completion=True)
    given = text_of(argument) if z3.is_string_value(argument) else argument.as_long()
    try:
        result = string_value(use.body(given))
    except Untranslatable:
        return None
    if model.eval(use.result, model_completion=True).eq(result):
        return None
    exactly = string_value(given) if isinstance(given, str) else number_of(given)
    return z3.Implies(use.argument == exactly, use.result == result)


def _reason(said: str) -> str:
    if "timeout" in said or "cancel" in said:
        return "it takes too long to decide"
    if "memory" in said:
        return "it takes too much memory to decide"
    return "the solver cannot decide it"
