"""Expressions whose texts are known."""

from __future__ import annotations

from handbill.language.expressions.finite import (
    MAX_TEXTS,
    known_products,
    known_texts,
    rewrite_texts,
)
from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.types import BoolType, IntType, StringType

TEXT = StringType(20)
GOLD = Field(("customer", "gold"), BoolType())
PLACE = Field(("offer", "index"), IntType(1, 3))


def text(value: str) -> Const:
    return Const(TEXT, value)


def choice(yes: Expression, no: Expression) -> Call:
    return Call(Operation.IF, (GOLD, yes, no), TEXT)


def test_choices_of_constants_are_known() -> None:
    chosen = Call(Operation.CHOOSE, (PLACE, text("a"), text("b")), TEXT)
    assert known_texts(text("x")) == ("x",)
    assert known_texts(choice(text("x"), choice(text("y"), chosen))) == ("x", "y", "a", "b")


def test_values_are_not_known() -> None:
    name = Field(("customer", "name"), TEXT)
    assert known_texts(name) is None
    assert known_texts(choice(text("x"), name)) is None
    assert known_texts(Call(Operation.UPPER, (text("x"),), TEXT)) is None


def test_too_many_texts_are_not_known() -> None:
    many: Expression = text("0")
    for number in range(MAX_TEXTS):
        many = choice(text(str(number)), many)
    assert known_texts(many) is None


def test_texts_are_rewritten_where_they_stand() -> None:
    rewritten = rewrite_texts(choice(text("a"), text("bc")), lambda each: each + "!")
    assert known_texts(rewritten) == ("a!", "bc!")
    assert isinstance(rewritten, Call)
    assert (rewritten.operation, rewritten.type) == (Operation.IF, StringType(3))


def test_products() -> None:
    assert known_products([("a", "b"), ("-",), ("x", "y")]) == ("a-x", "a-y", "b-x", "b-y")
    assert known_products([]) == ("",)
    assert known_products([tuple("abcdefgh")] * 3) is None
