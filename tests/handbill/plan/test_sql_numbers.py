"""Integer formulas against the Python bodies, over intervals of every sign and size."""

from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Call, Const, Field
from handbill.plan.ir import Operation as O
from handbill.plan.operations import apply
from handbill.plan.sql import lower_expression
from handbill.plan.sql_numbers import Operand, bind
from handbill.plan.sql_text import column_type
from handbill.plan.types import INT64_MAX, INT64_MIN, BoolType, DecimalType, IntType, StringType

CONNECTION = duckdb.connect()
CONNECTION.execute("SET threads = 1")
BINARY = (O.ADD, O.SUB, O.MUL, O.FLOOR_DIV, O.MOD, O.ROUND_DIV)
SIZES = st.sampled_from([1, 7, 100, 2**31, 2**53, 2**62, 2**63 - 1])


@st.composite
def operands(draw):
    """A value and the interval that its type declares around it."""
    size = draw(SIZES)
    ends = sorted((draw(st.integers(-size, size)), draw(st.integers(-size, size))))
    return draw(st.integers(*ends)), IntType(*ends)


def field(name, type):
    return Field(("customer", name), type)


def run(expression, **columns):
    selected = ", ".join(
        f"CAST({value} AS {column_type(type)}) AS {name}" for name, (value, type) in columns.items()
    )
    sql = lower_expression(expression, lambda path: path[1])
    return CONNECTION.execute(f"SELECT {sql} FROM (SELECT {selected})").fetchone()[0]


def nested(one):
    """The same value, but not a column: formulas must bind it."""
    return Call(O.ADD, (one, Const(IntType(0, 0), 0)), one.type)


@given(st.sampled_from(BINARY), operands(), operands(), st.booleans(), st.booleans())
def test_arithmetic(operation, left, right, constant, bound):
    (a, a_type), (b, b_type) = left, right
    if operation in (O.FLOOR_DIV, O.MOD, O.ROUND_DIV) and b == 0:
        b, b_type = 1, IntType(min(b_type.minimum, 1), max(b_type.maximum, 1))
    result = DecimalType(6, -(2**126), 2**126)
    first = field("a", a_type)
    second = Const(IntType(b, b), b) if constant else field("b", b_type)
    if bound:
        first, second = nested(first), nested(second) if not constant else second
    call = Call(operation, (first, second), result)
    assert run(call, a=(a, a_type), b=(b, b_type)) == apply(operation, (a, b))


@given(st.sampled_from([O.NEG, O.ABS]), operands())
def test_signs(operation, operand):
    value, type = operand
    call = Call(operation, (field("a", type),), DecimalType(0, -(2**64), 2**64))
    assert run(call, a=(value, type)) == apply(operation, (value,))


@pytest.mark.parametrize("operation", [O.NEG, O.ABS])
def test_the_least_integer_has_no_opposite_in_64_bits(operation):
    type = IntType(INT64_MIN, INT64_MAX)
    call = Call(operation, (field("a", type),), DecimalType(0, -(2**64), 2**64))
    assert run(call, a=(INT64_MIN, type)) == 2**63


@given(operands(), st.integers(0, 6), st.booleans())
def test_numbers_as_text(operand, scale, bound):
    value, type = operand
    one = nested(field("a", type)) if bound else field("a", type)
    scaled = Const(IntType(), scale)
    text = Call(O.DECIMAL_TEXT, (one, scaled), StringType(60))
    assert run(text, a=operand) == apply(O.DECIMAL_TEXT, (value, scale))
    marks = (Const(StringType(1), "{"), Const(StringType(1), "'"))
    grouped = Call(O.GROUPED_TEXT, (one, scaled, *marks), StringType(60))
    assert run(grouped, a=operand) == apply(O.GROUPED_TEXT, (value, scale, "{", "'"))


@pytest.mark.parametrize("operation", [O.FLOOR_DIV, O.MOD, O.ROUND_DIV])
def test_a_divisor_of_zero_is_missing_and_does_not_raise(operation):
    type = IntType(-5, 5)
    for one in (field("a", type), nested(field("a", type))):
        call = Call(operation, (one, field("b", type)), type)
        assert run(call, a=(3, type), b=(0, type)) is None


def test_what_fits_stays_in_64_bits():
    type = IntType(0, 1000)
    call = Call(O.MUL, (field("a", type), field("a", type)), IntType(0, 10**6))
    assert "HUGEINT" not in lower_expression(call, lambda path: "a")
    wide = Call(O.MUL, (field("a", type), field("a", type)), IntType(0, 10**6), wide=True)
    assert "HUGEINT" in lower_expression(wide, lambda path: "a")


def test_text_grows_with_the_expression_and_not_with_its_square():
    expression = field("a", IntType(-100, 100))
    sizes = []
    for _ in range(12):
        expression = Call(O.ROUND_DIV, (expression, Const(IntType(), 2)), IntType(-100, 100))
        sizes.append(len(lower_expression(expression, lambda path: "a")))
    steps = [after - before for before, after in pairwise(sizes[1:])]
    assert max(steps) < 1.2 * min(steps)
    assert run(expression, a=(100, IntType(-100, 100))) == 1


def test_names_bound_inside_one_another_differ():
    inner = Operand("f(x)", Call(O.NEG, (), IntType()))
    once = bind([inner], lambda a: f"{a} + {a}")
    twice = bind([Operand(once, inner.expression), inner], lambda a, b: f"{a} - {b}")
    assert twice.count("lambda _bound0:") == twice.count("lambda _bound1:") == 1


def test_more_than_128_bits_are_refused():
    type = IntType(0, 2**62)
    square = Call(O.MUL, (field("a", type), field("a", type)), type)
    with pytest.raises(PlanCodeError, match="128 bits"):
        lower_expression(Call(O.MUL, (square, square), type), lambda path: "a")


def test_operands_of_the_wrong_kind_are_refused():
    with pytest.raises(PlanCodeError, match="number"):
        Operand("x", Const(BoolType(), True)).range()
    with pytest.raises(PlanCodeError, match="constant"):
        Operand("x", field("a", IntType())).constant()
    with pytest.raises(PlanCodeError, match="integer"):
        Operand("x", Const(StringType(1), "x")).constant()


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.booleans())
def test_a_division_of_what_is_never_negative_binds_nothing(a, b, bound):
    numbers = IntType(0, 10**12), IntType(0, 10**6)
    dividend, divisor = field("a", numbers[0]), field("b", numbers[1])
    if bound:
        dividend, divisor = nested(dividend), nested(divisor)
    call = Call(O.ROUND_DIV, (dividend, divisor), numbers[0])
    assert "lambda" not in lower_expression(call, lambda path: path[1])
    assert run(call, a=(a, numbers[0]), b=(b, numbers[1])) == apply(O.ROUND_DIV, (a, b))


def test_divisions_within_divisors_do_not_double_the_query():
    numbers = IntType(1, 1000)
    expression = field("a", numbers)
    for _ in range(12):
        expression = Call(O.ROUND_DIV, (field("a", numbers), expression), numbers)
    assert len(lower_expression(expression, lambda path: path[1])) < 12_000
