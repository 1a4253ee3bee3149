"""From an item that fails to a customer who has such an item."""

from __future__ import annotations

from handbill.language.expressions.checking import Within
from handbill.language.expressions.facts import Assumption
from handbill.language.expressions.somewhere import somewhere
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Operation
from handbill.plan.model import FieldNeed
from handbill.plan.row import evaluate
from handbill.plan.types import BoolType, IntType, ListType

NUMBERS = Field(("customer", "numbers"), ListType(IntType(), 9))
OTHERS = Field(("customer", "others"), ListType(IntType(), 9))
NEEDS = [
    FieldNeed(path=("numbers",), type=NUMBERS.type),
    FieldNeed(path=("others",), type=OTHERS.type),
]


def less(a: Expression, b: Expression) -> Expression:
    return Call(Operation.LT, (a, b), BoolType())


def number(value: int) -> Const:
    return Const(IntType(value, value), value)


ITEM, OTHER = Local("item", IntType()), Local("other", IntType())


def holds(
    found: tuple[Assumption, ...] | None, numbers: tuple[int, ...], others: tuple[int, ...]
) -> bool:
    assert found is not None
    return all(
        bool(evaluate(each.condition, (numbers, others), {}, NEEDS)) == each.holds for each in found
    )


def test_without_items_it_is_the_condition_itself() -> None:
    condition = less(number(1), number(2))
    assert somewhere(condition, [], []) == (Assumption(condition, True),)


def test_an_item_for_which_all_holds() -> None:
    on_the_way = [
        Assumption(less(ITEM, number(5)), False),
        Assumption(less(number(0), number(1)), True),
    ]
    found = somewhere(less(ITEM, number(9)), on_the_way, [Within("item", NUMBERS)])
    assert (
        holds(found, (1, 7, 20), ()) and not holds(found, (1, 20), ()) and not holds(found, (), ())
    )


def test_items_within_items() -> None:
    found = somewhere(less(ITEM, OTHER), [], [Within("item", NUMBERS), Within("other", OTHERS)])
    assert holds(found, (5, 9), (6,)) and not holds(found, (5,), (5, 1))
    assert found is not None and isinstance(found[0].condition, Call)
    count = found[0].condition.arguments[0]
    assert isinstance(count, Call) and isinstance(count.arguments[0], Each)


def test_a_name_from_elsewhere_has_no_customer() -> None:
    assert somewhere(less(ITEM, number(9)), [], []) is None
