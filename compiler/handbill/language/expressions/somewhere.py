"""From "at this item it fails" to "there is a customer with such an item".

Inside a filter's condition or a loop, what fails is about one item. The search for a counterexample
wants a condition on the customer alone: that the list has an item for which everything on the way
here holds, and the failure too.
"""

from __future__ import annotations

from collections.abc import Sequence

from handbill.language.expressions.build import BOOL
from handbill.language.expressions.checking import Within
from handbill.language.expressions.counts import count_call
from handbill.language.expressions.facts import Assumption
from handbill.language.expressions.reads import locals_in
from handbill.plan.ir import Call, Const, Each, Expression, Operation, Step
from handbill.plan.types import IntType, ListType

ZERO = Const(IntType(0, 0), 0)


def somewhere(
    failure: Expression, conditions: Sequence[Assumption], within: Sequence[Within]
) -> tuple[Assumption, ...] | None:
    """Conditions on the customer alone; None where the failure is about a name from elsewhere."""
    names = {each.name for each in within}
    outer = [each for each in conditions if not locals_in(each.condition)]
    inner = [
        each
        for each in conditions
        if locals_in(each.condition) and locals_in(each.condition) <= names
    ]
    if not locals_in(failure) <= names:
        return None
    condition = _all([*map(_as_condition, inner), failure])
    for each in reversed(within):
        condition = _exists(each, condition)
    return (*outer, Assumption(condition, True))


def _as_condition(assumption: Assumption) -> Expression:
    if assumption.holds:
        return assumption.condition
    return Call(Operation.NOT, (assumption.condition,), BOOL)


def _all(conditions: Sequence[Expression]) -> Expression:
    return conditions[0] if len(conditions) == 1 else Call(Operation.AND, tuple(conditions), BOOL)


def _exists(within: Within, condition: Expression) -> Expression:
    assert isinstance(within.items.type, ListType)
    chosen = Each(Step.SELECT, within.items, within.name, condition, within.items.type)
    return Call(Operation.GT, (count_call(chosen), ZERO), BOOL)
