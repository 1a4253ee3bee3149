import datetime

import pytest

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Call, Const, Escape, Field, Operation, Put, Text
from handbill.plan.model import FieldNeed
from handbill.plan.row import compile_expression, compile_template, evaluate
from handbill.plan.types import BoolType, DateType, IntType, StringType

NAME = Field(("customer", "store", "name"), StringType(20))
FIELDS = (
    FieldNeed(path=("id",), type=StringType(20)),
    FieldNeed(path=("store", "name"), type=StringType(20)),
)


def test_an_expression_reads_the_row_by_the_place_of_its_field():
    function = compile_expression(NAME, FIELDS)
    assert function(("c1", "Albany"), {}) == "Albany"
    assert function(("c1", None), {}) is None


def test_other_roots_come_from_the_context():
    today = Field(("run", "date"), DateType())
    day = datetime.date(2026, 11, 24)
    assert evaluate(today, (), {("run", "date"): day}) == day


def test_a_context_field_that_is_needed_must_be_there():
    with pytest.raises(KeyError):
        evaluate(Field(("run", "date"), DateType()), (), {})


def test_a_context_field_under_a_default_may_be_absent():
    part = Field(("parts", "subject"), StringType(20))
    fallback = Const(StringType(3), "hey")
    default = Call(Operation.DEFAULT, (part, fallback), StringType(20))
    defined = Call(Operation.IS_DEFINED, (part,), BoolType())
    assert evaluate(default, (), {}) == "hey"
    assert evaluate(default, (), {("parts", "subject"): "Hi"}) == "Hi"
    assert evaluate(defined, (), {}) is False
    assert evaluate(defined, (), {("parts", "subject"): ""}) is True


def test_a_template_renders_a_row():
    render = compile_template((Text("<b>"), Put(NAME, Escape.HTML_TEXT), Text("</b>")), FIELDS)
    assert render(("c1", "A&P <1>"), {}) == "<b>A&amp;P &lt;1&gt;</b>"


def test_a_field_that_the_plan_does_not_carry_is_refused():
    with pytest.raises(PlanCodeError, match=r"customer\.email"):
        compile_expression(Field(("customer", "email"), StringType(20)), FIELDS)


def test_endless_nests_are_refused_and_do_not_crash():
    expression = Const(IntType(), 1)
    for _ in range(20_000):
        expression = Call(Operation.NEG, (expression,), IntType())
    with pytest.raises(PlanCodeError, match="deeply"):
        compile_expression(expression, ())


def test_generated_code_sees_no_builtins():
    function = compile_expression(NAME, FIELDS)
    assert function.__globals__["__builtins__"] == {}
