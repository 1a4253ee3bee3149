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
from handbill.language.reasoning.question import (
    UNCONFIRMED,
    Impossible,
    Possible,
    Question,
    Reply,
    Unknown,
)

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
    solver = _solver(translation.facts)
    _compare(translation, solver)
    solver.add(condition)
    search = _Search(question, translation, solver, until)
    for _ in range(MAX_ROUNDS):
        verdict = search.check()
        if verdict == z3.unsat:
            return Impossible()
        if verdict != z3.sat:
            return search.unknown()
        reply = search.example() or search.readable_example()
        if reply is not None:
            return reply
        facts = search.lessons()
        if not facts:
            break
        solver.add(*facts)
    return Unknown(UNCONFIRMED)


class _Search:
    """A solver's models, each tried before it is believed."""

    def __init__(
        self, question: Question, translation: Translation, solver: Any, until: float
    ) -> None:
        self._question, self._translation = question, translation
        self._solver, self._until = solver, until
        self._trial = trial_of(question)
        self._model: Any = None
        self._readable = False

    def check(self) -> Any:
        """Whether there is a model, within the time that is left."""
        left = int((self._until - time.monotonic()) * 1000)
        if left <= 0:
            return z3.unknown
        self._solver.set("timeout", left)
        verdict = self._solver.check()
        if verdict == z3.sat:
            self._model = self._solver.model()
        return verdict

    def unknown(self) -> Unknown:
        late = time.monotonic() >= self._until
        said = "timeout" if late else self._solver.reason_unknown()
        return Unknown(_reason(said))

    def example(self) -> Possible | None:
        """The model's customer, where the condition is true of it."""
        example = self._translation.symbols.example(self._model)
        if self._trial is None or not self._trial.holds(example):
            return None
        return Possible(packed(example, self._question.known))

    def readable_example(self) -> Possible | None:
        """One of plain texts only, once: the solver likes characters that no customer has."""
        if self._readable:
            return None
        self._readable, kept = True, self._model
        self._solver.push()
        self._solver.add(*self._translation.symbols.printable())
        found = self.example() if self.check() == z3.sat else None
        self._solver.pop()
        self._model = kept
        return found

    def lessons(self) -> list[Any]:
        """What the solver did not know of functions that its model uses."""
        taught = (_taught(use, self._model) for use in self._translation.uses)
        return [fact for fact in taught if fact is not None]


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
