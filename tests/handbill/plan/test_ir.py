import msgspec
import pytest

from handbill.plan.ir import (
    Branch,
    Call,
    Const,
    Escape,
    Expression,
    Field,
    For,
    If,
    Local,
    Op,
    Operation,
    Put,
    Set,
    Text,
)
from handbill.plan.types import BoolType, IntType, ListType, StringType

FLAG = Field(("customer", "flag"), BoolType())
NAME = Local("item", StringType(9))
TAGS = Field(("customer", "tags"), ListType(StringType(9), 5))


@pytest.mark.parametrize(
    "expression",
    [
        Const(BoolType(), True),
        Const(IntType(), 1),
        Const(TAGS.type, ("a", "b")),
        FLAG,
        NAME,
        Call(Operation.NOT, (FLAG,), BoolType()),
        Call(Operation.MUL, (Const(IntType(), 2),) * 2, IntType(), wide=True),
    ],
)
def test_expressions_round_trip(expression):
    data = msgspec.json.encode(expression)
    assert msgspec.json.decode(data, type=Expression) == expression


@pytest.mark.parametrize(
    "op",
    [
        Text("a"),
        Put(NAME, Escape.HTML_TEXT),
        If((Branch(FLAG, (Text("a"),)),), (Text("b"),)),
        For("item", TAGS, 3, (Put(NAME, Escape.NONE),)),
        Set("item", Const(StringType(1), "x")),
    ],
)
def test_operations_of_templates_round_trip(op):
    assert msgspec.json.decode(msgspec.json.encode(op), type=Op) == op


def test_true_is_not_one():
    assert (
        msgspec.json.decode(msgspec.json.encode(Const(BoolType(), True)), type=Const).value is True
    )


def test_an_unknown_operation_is_refused():
    data = msgspec.json.encode(Call(Operation.NOT, (FLAG,), BoolType()))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(data.replace(b'"not"', b'"power"'), type=Expression)
