import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.intervals import LONGEST, interval_of, longest
from handbill.plan.ir import Call, Const, Each, Field, Local, Member, Step
from handbill.plan.ir import Operation as O
from handbill.plan.operations import apply
from handbill.plan.types import (
    BoolType,
    DecimalType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
)

INT = IntType()


def interval(expression):
    inner = expression.arguments if isinstance(expression, Call) else ()
    if isinstance(expression, Each):
        inner = (expression.items, expression.body)
    return interval_of(expression, [interval(one) for one in inner])


def field(low, high):
    return Field(("customer", "x"), IntType(low, high))


def ends():
    size = st.integers(-50, 50)
    return st.tuples(size, size).map(lambda pair: (min(pair), max(pair)))


@given(st.sampled_from([O.ADD, O.SUB, O.MUL, O.FLOOR_DIV, O.ROUND_DIV, O.MOD]), ends(), ends())
def test_no_result_leaves_the_interval(operation, first, second):
    low, high = interval(Call(operation, (field(*first), field(*second)), INT))
    results = [
        apply(operation, (a, b))
        for a in range(first[0], first[1] + 1, max(1, (first[1] - first[0]) // 9))
        for b in range(second[0], second[1] + 1)
        if b != 0 or operation in (O.ADD, O.SUB, O.MUL)
    ]
    assert all(low <= result <= high for result in results)


@given(ends())
def test_signs(bounds):
    for operation in (O.NEG, O.ABS):
        low, high = interval(Call(operation, (field(*bounds),), INT))
        results = [apply(operation, (one,)) for one in range(bounds[0], bounds[1] + 1)]
        assert (low, high) == (min(results), max(results))


NUMBERS = ListType(IntType(0, 9), 5)
SOME = Call(O.SLICE, (Field(("customer", "n"), NUMBERS), Const(INT, 2)), NUMBERS)
OBJECT = ObjectType((MemberType("n", IntType(-1, 1)),))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Const(INT, 7), (7, 7)),
        (Const(BoolType(), True), None),
        (Const(NUMBERS, (3, 1)), (1, 3)),
        (Const(NUMBERS, ()), None),
        (Field(("run", "date"), StringType(3)), None),
        (Field(("customer", "x"), DecimalType(2, -5, 5)), (-5, 5)),
        (Call(O.IF, (Const(BoolType(), True), field(0, 3), field(-9, 1)), INT), (-9, 3)),
        (Call(O.IF, (Const(BoolType(), True), Const(StringType(1), "a")), StringType(1)), None),
        (Call(O.DEFAULT, (field(0, 3), Const(INT, 50)), INT), (0, 50)),
        (Call(O.CHOOSE, (field(1, 2), Const(INT, 70), Const(INT, -1)), INT), (-1, 70)),
        (Call(O.FIRST, (Field(("customer", "n"), NUMBERS),), INT), (0, 9)),
        (Call(O.SLICE, (Field(("customer", "n"), NUMBERS), Const(INT, 2)), NUMBERS), (0, 9)),
        (Call(O.COUNT, (Field(("customer", "n"), NUMBERS),), INT), (0, 5)),
        (Call(O.COUNT, (SOME,), INT), (0, 2)),
        (Call(O.COUNT, (Call(O.TRIM, (), NUMBERS),), INT), (0, 2**32)),
        (Call(O.SUM, (Field(("customer", "n"), NUMBERS),), INT), (0, 45)),
        (Call(O.SUM, (Const(NUMBERS, (-3, 1)),), INT), (-6, 2)),
        (Call(O.SUM, (Const(NUMBERS, ()),), INT), (0, 0)),
        (Call(O.AVERAGE, (SOME, Const(INT, 100)), INT), (0, 900)),
        (Call(O.MAXIMUM, (SOME,), INT), (0, 9)),
        (Each(Step.SORT, SOME, "i", Const(INT, 7), NUMBERS), (0, 9)),
        (Each(Step.MAP, SOME, "i", Const(INT, 70), NUMBERS), (70, 70)),
        (Member(Field(("customer", "o"), OBJECT), "n", IntType(-1, 1)), (-1, 1)),
        (Call(O.DAYS_BETWEEN, (), INT), (-109572, 109572)),
        (Call(O.DATE_PART, (), INT), (1, 2199)),
        (Call(O.TRIM, (), StringType(1)), None),
        (Call(O.EQ, (field(0, 1), field(0, 1)), BoolType()), None),
    ],
)
def test_intervals(expression, expected):
    assert interval(expression) == expected


@pytest.mark.parametrize(
    ("items", "most"),
    [
        (Const(NUMBERS, (1, 2, 3)), 3),
        (Local("l", NUMBERS), 5),
        (Member(Local("o", OBJECT), "l", NUMBERS), 5),
        (Each(Step.SELECT, SOME, "i", Const(BoolType(), True), NUMBERS), 2),
        (Call(O.SLICE, (Const(NUMBERS, (1,)), Const(INT, 9)), NUMBERS), 1),
        (Call(O.DEFAULT, (SOME, Const(NUMBERS, (1, 2, 3))), NUMBERS), 3),
        (Field(("customer", "n"), INT), LONGEST),
    ],
)
def test_the_most_items_of_a_list(items, most):
    assert longest(items) == most


def test_what_a_call_says_of_its_own_type_is_not_used():
    call = Call(O.ADD, (field(0, 9), field(0, 9)), IntType(0, 3))
    assert interval(call) == (0, 18)
