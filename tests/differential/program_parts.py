"""What programs are made of: calls, constants, bounds, and the walks over a finished program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation, Step
from handbill.plan.types import (
    INT64_MAX,
    INT64_MIN,
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    StringType,
    Type,
)

if TYPE_CHECKING:
    from program_generator import Generator

O = Operation  # noqa: E741
BOOL, DATE, DATETIME, TEXT = BoolType(), DateType(), DatetimeType(), StringType(1000)
RUN_DATE = Field(("run", "date"), DATE)
WIDEST = 10**30
Facts = frozenset[str]
Maker = Callable[["Generator", int, Facts], Expression | None]


def call(operation: Operation, type: Type, *arguments: Expression, wide: bool = False) -> Call:
    return Call(operation, arguments, type, wide)


def integer(value: int) -> Const:
    return Const(IntType(value, value), value)


def text(value: str) -> Const:
    return Const(StringType(len(value)), value)


def bounds(expression: Expression) -> tuple[int, int]:
    assert isinstance(expression.type, IntType | DecimalType)
    return expression.type.minimum, expression.type.maximum


def fits(low: int, high: int) -> bool:
    return low >= INT64_MIN and high <= INT64_MAX


def union(left: Expression, right: Expression) -> Type:
    match left.type, right.type:
        case ((IntType() | DecimalType()), (IntType() | DecimalType())):
            (a, b), (c, d) = bounds(left), bounds(right)
            return number_type(min(a, c), max(b, d))
        case ((StringType() | EnumType()), _):
            return TEXT
        case _:
            return left.type


def number_type(low: int, high: int) -> Type:
    return IntType(low, high) if fits(low, high) else DecimalType(6, low, high)


def number(operation: Operation, low: int, high: int, *arguments: Expression) -> Expression | None:
    """The call, unless it could leave what 128 bits hold."""
    if max(abs(low), abs(high)) > WIDEST:
        return None
    return call(operation, number_type(low, high), *arguments, wide=not fits(low, high))


def without_hints(expression: Expression) -> Expression:
    """The same program without what the compiler says about sizes: back ends must not rely on it."""
    match expression:
        case Member():
            return msgspec.structs.replace(expression, of=without_hints(expression.of))
        case Each():
            return msgspec.structs.replace(
                expression,
                items=without_hints(expression.items),
                body=without_hints(expression.body),
            )
        case Const() | Field() | Local():
            return expression
    type = expression.type
    if isinstance(type, IntType | DecimalType):
        type = IntType(0, 0)
    arguments = tuple(without_hints(argument) for argument in expression.arguments)
    return Call(expression.operation, arguments, type)


def operations_of(expression: Expression) -> Iterator[Operation | Step]:
    """Every operation and step in the expression, as often as it is there."""
    match expression:
        case Call():
            yield expression.operation
            for argument in expression.arguments:
                yield from operations_of(argument)
        case Member():
            yield from operations_of(expression.of)
        case Each():
            yield expression.step
            yield from operations_of(expression.items)
            yield from operations_of(expression.body)
        case Const() | Field() | Local():
            return
