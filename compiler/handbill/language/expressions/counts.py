"""How many items a list has at least, as far as guards tell: what makes `first` and `[2]` safe.

`x | count > 0` is a fact about the call COUNT(x), and the lists that x was made from, or that are made
from x without losing items, are as long.
"""

from __future__ import annotations

from handbill.language.expressions.checked import Checked
from handbill.language.expressions.facts import Facts, Interval, subject_of
from handbill.plan.ir import Call, Const, Each, Expression, Operation, Step
from handbill.plan.types import IntType, ListType

_OF_ITEMS = frozenset(
    [
        Operation.FIRST,
        Operation.LAST,
        Operation.MINIMUM,
        Operation.MAXIMUM,
        Operation.AVERAGE,
    ]
)
"""Missing exactly where the list is empty."""


def count_call(items: Expression) -> Call:
    """COUNT(items), spelled as everywhere."""
    assert isinstance(items.type, ListType)
    return Call(Operation.COUNT, (items,), IntType(0, items.type.maximum))


def at_least(facts: Facts, items: Expression) -> int:
    """The fewest items that the list has here."""
    if isinstance(items, Const):
        return len(items.value) if isinstance(items.value, tuple) else 0
    known = facts.ranges.get(count_call(items))
    own = known.low if known is not None else 0
    return max(own, _inherited(facts, items))


def _inherited(facts: Facts, items: Expression) -> int:
    match items:
        case Each(step=Step.SORT, items=inner):
            return at_least(facts, inner)
        case Each(step=Step.UNIQUE, items=inner):
            return min(1, at_least(facts, inner))
        case Each(step=Step.MAP, items=inner):
            return at_least(facts, inner)  # bodies of MAP are never missing: see filters/attributes
        case Call(operation=Operation.SLICE, arguments=(inner, Const(value=int(limit)))):
            return min(limit, at_least(facts, inner))
        case _:
            return 0


def counted(facts: Facts, number: Checked) -> int:
    """The least that a number can be because it is the count of a list."""
    match number.expression:
        case Call(operation=Operation.COUNT, arguments=(items,)):
            return at_least(facts, items)
        case _:
            return 0


def count_facts(number: Expression, low: int) -> Facts:
    """What `number` being at least `low` tells of the lists it counts."""
    match number:
        case Call(operation=Operation.COUNT, arguments=(items,)) if low > 0:
            return has_items(items, low)
        case _:
            return Facts()


def has_items(items: Expression, low: int) -> Facts:
    """The list has at least `low` items, and so have those that it was made from."""
    assert isinstance(items.type, ListType)
    facts = Facts(ranges={count_call(items): Interval(low, max(low, items.type.maximum))})
    match items:
        case Each(items=inner) | Call(operation=Operation.SLICE, arguments=(inner, _)):
            return facts.both(has_items(inner, low))
        case _:
            return facts


def defined_facts(expression: Expression) -> Facts:
    """The expression is not missing; an item that is there is one of at least so many."""
    subject = subject_of(expression)
    if isinstance(subject, tuple):
        return Facts.of(subject)
    facts = Facts(defined=frozenset([expression]))
    match expression:
        case Call(operation=operation, arguments=(items, *_)) if operation in _OF_ITEMS:
            return facts.both(has_items(items, 1))
        case Call(operation=Operation.ITEM, arguments=(items, Const(value=int(place)))):
            return facts.both(has_items(items, place + 1))
        case _:
            return facts
