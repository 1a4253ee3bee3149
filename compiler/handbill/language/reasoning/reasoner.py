"""Answers about customers: tried plainly first, proved by the solver else, and each asked only once.

What is said to be possible has an example that the Python back end judged; what is said to be impossible
was proved over values that include every customer there can be. Everything else is unknown, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias

from handbill.language.reasoning.example import Trial, trial_of, unpacked
from handbill.language.reasoning.process import SolverProcess
from handbill.language.reasoning.question import (
    Example,
    Impossible,
    Possible,
    Question,
    Unknown,
    question_bytes,
)
from handbill.language.reasoning.search import made_plainer, plain_example


@dataclass(frozen=True, slots=True)
class Found:
    """There is such a customer: this one."""

    example: Example


Answer: TypeAlias = Found | Impossible | Unknown


class Reasoner:
    """Answers questions; those that were asked before at once. Use as a context manager."""

    def __init__(self, process: SolverProcess | None = None) -> None:
        self._process = process or SolverProcess()
        self._answers: dict[bytes, Answer] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.close()

    def answer(self, question: Question) -> Answer:
        """Whether some customer meets the question's condition."""
        key = question_bytes(question)
        if key not in self._answers:
            self._answers[key] = self._answered(question)
        return self._answers[key]

    def _answered(self, question: Question) -> Answer:
        trial = trial_of(question)
        if trial is not None:
            example = plain_example(question, trial)
            if example is not None:
                return Found(made_plainer(example, question, trial))
        match self._process.ask(question):
            case Possible(values=values):
                return _confirmed(question, trial, values)
            case reply:
                return reply


def _confirmed(question: Question, trial: Trial | None, values: tuple[object, ...]) -> Answer:
    if trial is None:
        return Unknown("it depends on more than the customer")
    example = unpacked(values, question.known)
    if not trial.holds(example):
        return Unknown("no example of it could be confirmed")
    return Found(made_plainer(example, question, trial))
