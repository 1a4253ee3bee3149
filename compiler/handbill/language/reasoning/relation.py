"""How two audiences lie to one another, with a customer for each side of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from handbill.language.reasoning.agreeing import agreed
from handbill.language.reasoning.declared import Declarations, question_about
from handbill.language.reasoning.question import (
    MILLISECONDS,
    Example,
    Impossible,
    Unknown,
    all_of,
    negation,
)
from handbill.language.reasoning.reasoner import Answer, Found, Reasoner
from handbill.plan.ir import Expression
from handbill.plan.model import Audience

Kind: TypeAlias = Literal["equal", "widened", "narrowed", "disjoint", "mixed", "unknown"]


@dataclass(frozen=True, slots=True)
class Relation:
    """How `after` lies to `before`. Each answer says whether there is a customer of that kind.

    equal: the same customers. widened: some are new, nobody left. narrowed: the reverse. disjoint:
    both have somebody, and nobody is in both. mixed: some are new, some left, some stayed. unknown:
    an answer that the word depends on is not known; the others are as good as ever.
    """

    kind: Kind
    lost: Answer
    """In `before` only."""
    gained: Answer
    """In `after` only."""
    kept: Answer
    """In both."""

    @property
    def nobody(self) -> bool:
        """Whether both audiences are proved to be empty."""
        return all(isinstance(a, Impossible) for a in (self.lost, self.gained, self.kept))


def is_in(audience: Audience) -> Expression:
    """The condition that a customer is in: `include`, and no `exclude`.

    `limit` and `rank` are no part of it: they cut among those who are in.
    """
    exclusions = (negation(audience.exclude[name]) for name in sorted(audience.exclude))
    return all_of((audience.include, *exclusions))


def relation_of(
    before: Audience,
    after: Audience,
    declarations: Declarations,
    reasoner: Reasoner,
    milliseconds: int = MILLISECONDS,
) -> Relation:
    """The relation of two audiences over the same declared fields.

    `milliseconds` bounds each of the three questions. Fields of both audiences must be of one kind of
    type each; one that is not makes the answers Unknown.
    """
    return relation_of_conditions(is_in(before), is_in(after), declarations, reasoner, milliseconds)


def relation_of_conditions(
    before: Expression,
    after: Expression,
    declarations: Declarations,
    reasoner: Reasoner,
    milliseconds: int = MILLISECONDS,
) -> Relation:
    """As `relation_of`, for two conditions."""

    before, after = agreed((before, after))

    def answer(*conditions: Expression) -> Answer:
        question = question_about(all_of(conditions), declarations, milliseconds)
        return reasoner.answer(question)

    lost = answer(before, negation(after))
    gained = answer(after, negation(before))
    kept = answer(before, after)
    return Relation(_kind(lost, gained, kept), lost, gained, kept)


def _kind(lost: Answer, gained: Answer, kept: Answer) -> Kind:
    match lost, gained:
        case Impossible(), Impossible():
            return "equal"
        case Impossible(), Found():
            return "widened"
        case Found(), Impossible():
            return "narrowed"
        case Found(), Found() if isinstance(kept, Impossible):
            return "disjoint"
        case Found(), Found() if isinstance(kept, Found):
            return "mixed"
        case _:
            return "unknown"


def example_in(answer: Answer) -> Example | None:
    return answer.example if isinstance(answer, Found) else None


def is_unknown(*answers: Answer) -> bool:
    return any(isinstance(answer, Unknown) for answer in answers)
