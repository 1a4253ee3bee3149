"""Answers about customers: tried plainly first, proved by the solver else, and each asked only once.

What is said to be possible has an example that the Python back end judged; what is said to be impossible
was proved over values that include every customer there can be. Everything else is unknown, and says so.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeAlias

from handbill.language.reasoning.example import Trial, trial_of, unpacked
from handbill.language.reasoning.process import SolverProcess
from handbill.language.reasoning.question import (
    UNCONFIRMED,
    Example,
    Impossible,
    Possible,
    Question,
    Unknown,
    question_bytes,
)
from handbill.language.reasoning.search import made_plainer, plain_example

MAX_RECENT = 6
"""Examples that are remembered to try the next question on."""


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
        self._recent: deque[Example] = deque(maxlen=MAX_RECENT)

    def afresh(self) -> Reasoner:
        """One that was asked nothing yet, with the same process: for as long as this one is open."""
        return Reasoner(self._process)

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
            found = self._by_trying(question)
            self._answers[key] = found or self._by_proof(question)
        return self._answers[key]

    def plain_answer(self, question: Question) -> Found | None:
        """An answer that needs no solver; None where trying did not find one."""
        key = question_bytes(question)
        if key not in self._answers:
            found = self._by_trying(question)
            if found is None:
                return None
            self._answers[key] = found
        known = self._answers[key]
        return known if isinstance(known, Found) else None

    def _by_trying(self, question: Question) -> Found | None:
        trial = trial_of(question)
        if trial is None:
            return None
        example = plain_example(question, trial, tuple(self._recent))
        return None if example is None else self._found(example, question, trial)

    def _found(self, example: Example, question: Question, trial: Trial) -> Found:
        plainer = made_plainer(example, question, trial)
        self._recent.appendleft(plainer)
        return Found(plainer)

    def _by_proof(self, question: Question) -> Answer:
        match self._process.ask(question):
            case Possible(values=values):
                trial = trial_of(question)
                if trial is None:
                    return Unknown("it depends on more than the customer")
                example = unpacked(values, question.known)
                if not trial.holds(example):
                    return Unknown(UNCONFIRMED)
                return self._found(example, question, trial)
            case reply:
                return reply
