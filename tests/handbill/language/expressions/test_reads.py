"""What an expression reads."""

from __future__ import annotations

from expression_world import Rule

from handbill.language.expressions.reads import constants_in, depth_of, excess_of, fields_in
from handbill.plan.ir import Call, Const, Expression, Operation
from handbill.plan.types import BoolType, DateType, IntType, StringType


def test_fields(rule: Rule) -> None:
    expression = rule(
        "customer.store is defined and customer.store.name == 'x' and customer.last_order < run.date"
    ).expression
    assert expression is not None
    assert fields_in(expression) == {
        ("customer", "last_order"): DateType(),
        ("customer", "store"): StringType(20),
        ("customer", "store", "name"): StringType(60),
        ("run", "date"): DateType(),
    }
    assert constants_in(expression) == {Const(StringType(1), "x")}
    assert depth_of(expression) == 3
    assert excess_of(expression) is None


def test_depth_is_no_matter() -> None:
    deep: Expression = Const(BoolType(), True)
    for _ in range(5000):
        deep = Call(Operation.NOT, (deep,), BoolType())
    assert depth_of(deep) == 5001
    assert excess_of(deep) == "5001 levels"
    wide = Call(Operation.AND, (Const(BoolType(), True),) * 10_000, BoolType())
    assert excess_of(wide) == "more than 10,000 parts"
    assert fields_in(deep) == {}
    assert constants_in(Const(IntType(1, 1), 1)) == {Const(IntType(1, 1), 1)}
