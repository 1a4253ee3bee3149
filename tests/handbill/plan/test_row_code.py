import ast
import datetime

import pytest

from handbill.plan import operations
from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Call, Const, Field, Local
from handbill.plan.ir import Operation as O
from handbill.plan.model import FieldNeed
from handbill.plan.row import compile_expression
from handbill.plan.row_code import ExpressionCode, joined
from handbill.plan.types import BoolType, DatetimeType, DateType, IntType, ListType, StringType
from handbill.plan.values import const_of

INT, BOOL, TEXT, DATE = IntType(), BoolType(), StringType(50), DateType()
FIELDS = (
    FieldNeed(path=("count",), type=INT),
    FieldNeed(path=("name",), type=TEXT),
    FieldNeed(path=("tags",), type=ListType(TEXT, 5)),
)
COUNT, NAME = Field(("customer", "count"), INT), Field(("customer", "name"), TEXT)
TAGS = Field(("customer", "tags"), ListType(TEXT, 5))
ROW = (7, "Ann", ("a", "b"))


def value(operation, type, *arguments, row=ROW):
    return compile_expression(Call(operation, arguments, type), FIELDS)(row, {})


def number(value):
    return Const(INT, value)


def text(value):
    return Const(TEXT, value)


SAMPLES = {
    O.AND: (True, False),
    O.OR: (False, True),
    O.NOT: (True,),
    O.IF: (True, "x", "y"),
    O.EQ: ("a", "a"),
    O.NE: ("a", "a"),
    O.LT: (1, 2),
    O.LE: (2, 2),
    O.GT: (1, 2),
    O.GE: (1, 2),
    O.IN: (3, 1, 2, 3),
    O.LIST_CONTAINS: (("a", "b"), "b"),
    O.ADD: (3, 4),
    O.SUB: (3, 4),
    O.MUL: (3, 4),
    O.NEG: (3,),
    O.ABS: (-3,),
    O.FLOOR_DIV: (-7, 2),
    O.MOD: (-7, 2),
    O.ROUND_DIV: (-5, 2),
    O.CONCAT: ("a", "b", "c"),
    O.INT_TEXT: (5,),
    O.DECIMAL_TEXT: (-5, 2),
    O.GROUPED_TEXT: (123456, 2, ".", ","),
    O.LENGTH: ("abc",),
    O.TRUNCATE: ("abcdef", 3),
    O.CONTAINS: ("abc", "b"),
    O.STARTS_WITH: ("abc", "a"),
    O.ENDS_WITH: ("abc", "a"),
    O.TRIM: (" a ",),
    O.LOWER: ("ÀB",),
    O.UPPER: ("àb",),
    O.TITLE: ("à b",),
    O.REPLACE: ("abab", "a", "c"),
    O.PLUS_DAYS: (datetime.date(2026, 1, 1), 30),
    O.DAYS_BETWEEN: (datetime.date(2026, 1, 1), datetime.date(2026, 1, 5)),
    O.DATE_PART: (datetime.date(2026, 1, 1), "weekday"),
    O.CHOOSE: (2, "a", "b"),
    O.COUNT: (("a", "b"),),
    O.FIRST: (("a", "b"),),
    O.LAST: (("a", "b"),),
    O.ITEM: (("a", "b"), 1),
    O.SLICE: (("a", "b"), 1),
    O.SUM: ((3, 4),),
    O.AVERAGE: ((3, 4), 10),
    O.MINIMUM: (("b", "a"),),
    O.MAXIMUM: (("a", "b"),),
    O.LOCAL_DATE: (datetime.datetime(2026, 1, 1, 3), "America/New_York"),
    O.DAY_START: (datetime.date(2026, 1, 1), "America/New_York"),
    O.JOIN: (("a", "b"), "-"),
    O.DEFAULT: ("a", "b"),
    O.IS_DEFINED: ("a",),
}


def const(value):
    match value:
        case bool():
            return const_of(value, BOOL)
        case int():
            return const_of(value, INT)
        case str():
            return const_of(value, TEXT)
        case datetime.datetime():
            return const_of(value, DatetimeType())
        case datetime.date():
            return const_of(value, DATE)
        case (int(), *_):
            return const_of(value, ListType(INT, 5))
        case _:
            return const_of(value, ListType(TEXT, 5))


@pytest.mark.parametrize("operation", list(O))
def test_inline_code_means_what_the_body_means(operation):
    arguments = SAMPLES[operation]
    found = value(operation, INT, *(const(one) for one in arguments))
    assert found == operations.apply(operation, arguments)


def test_branches_that_are_not_taken_are_not_evaluated():
    divided = Call(O.FLOOR_DIV, (number(1), COUNT), INT)
    positive = Call(O.GT, (divided, number(0)), BOOL)
    zero = (0, None, ())
    assert value(O.AND, BOOL, Call(O.NE, (COUNT, number(0)), BOOL), positive, row=zero) is False
    assert value(O.OR, BOOL, Call(O.EQ, (COUNT, number(0)), BOOL), positive, row=zero) is True
    assert value(O.IF, INT, Call(O.EQ, (COUNT, number(0)), BOOL), number(9), divided, row=zero) == 9


def test_the_fallback_is_evaluated_only_when_the_value_is_missing():
    missing = Call(O.LENGTH, (NAME,), INT)
    assert value(O.DEFAULT, INT, COUNT, missing, row=(3, None, ())) == 3


@pytest.mark.parametrize("members", [1, 3, 20])
def test_in_with_few_and_many_members(members):
    several = [number(place) for place in range(members)]
    assert value(O.IN, BOOL, number(members - 1), *several) is True
    assert value(O.IN, BOOL, number(members), *several) is False


def test_first_of_an_empty_list_is_missing_and_computed_once():
    sliced = Call(O.SLICE, (TAGS, number(0)), ListType(TEXT, 5))
    assert value(O.FIRST, TEXT, sliced) is None
    assert value(O.DEFAULT, TEXT, Call(O.FIRST, (sliced,), TEXT), text("none")) == "none"


def test_one_operand_is_enough_for_and():
    assert value(O.AND, BOOL, Const(BOOL, False)) is False


def test_an_unbound_name_is_refused():
    with pytest.raises(PlanCodeError, match="not bound"):
        compile_expression(Local("item", TEXT), ())


def test_members_must_be_constants():
    with pytest.raises(PlanCodeError, match="constant"):
        value(O.IN, BOOL, number(1), COUNT)


def test_constants_beside_one_another_are_one():
    pieces = [
        ast.Constant("a"),
        ast.Constant(""),
        ast.Constant("b"),
        ast.Name("x"),
        ast.Constant("c"),
    ]
    assert ast.unparse(joined(pieces)) == "f'ab{x}c'"
    assert ast.unparse(joined([])) == "''"
    assert ast.unparse(joined([ast.Name("x")])) == "x"
    assert ast.unparse(joined([joined(pieces), ast.Constant("d")])) == "f'ab{x}cd'"


def test_names_hold_only_what_the_code_reads():
    code = ExpressionCode(FIELDS)
    code.expression(Call(O.TRIM, (NAME,), TEXT))
    assert code.names == {"_trim": operations.trim}
