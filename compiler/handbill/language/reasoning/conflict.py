"""Which of several conditions exclude one another: the few that are to blame, not all that are written."""

from __future__ import annotations

from collections.abc import Sequence

from handbill.language.reasoning.declared import Declarations, question_about
from handbill.language.reasoning.question import Impossible, all_of
from handbill.language.reasoning.reasoner import Reasoner
from handbill.plan.ir import Call, Expression, Operation

MAX_PARTS = 12
MILLISECONDS = 500


def conflicting(
    conditions: Sequence[Expression], declarations: Declarations, reasoner: Reasoner
) -> tuple[Expression, ...]:
    """Conditions that nobody meets together, in order, none of which could be left out.

    Those given are known to be impossible together. Empty where there are too many to look at.
    """
    parts = [part for condition in conditions for part in conjuncts(condition)]
    if len(parts) > MAX_PARTS:
        return ()
    for part in tuple(parts):
        rest = [each for each in parts if each is not part]
        if rest and _impossible(rest, declarations, reasoner):
            parts = rest
    return tuple(parts)


def conjuncts(condition: Expression) -> tuple[Expression, ...]:
    """The parts of `a and b and c`; a condition that is none is its own."""
    match condition:
        case Call(operation=Operation.AND, arguments=arguments):
            return tuple(part for each in arguments for part in conjuncts(each))
        case Call(operation=Operation.NOT, arguments=(Call(operation=Operation.OR) as inner,)):
            negated = (Call(Operation.NOT, (each,), condition.type) for each in inner.arguments)
            return tuple(part for each in negated for part in conjuncts(each))
        case _:
            return (condition,)


def _impossible(
    parts: Sequence[Expression], declarations: Declarations, reasoner: Reasoner
) -> bool:
    question = question_about(all_of(parts), declarations, MILLISECONDS)
    return isinstance(reasoner.answer(question), Impossible)
