"""A condition as its author could have written it, for evidence; only what reads well is written at all."""

from __future__ import annotations

from collections.abc import Mapping

from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.operations import decimal_text
from handbill.plan.types import DatetimeType, DecimalType, ListType

O = Operation  # noqa: E741
LONGEST = 120

_BETWEEN: Mapping[Operation, str] = {
    O.EQ: "==",
    O.NE: "!=",
    O.LT: "<",
    O.LE: "<=",
    O.GT: ">",
    O.GE: ">=",
    O.ADD: "+",
    O.SUB: "-",
    O.MUL: "*",
    O.FLOOR_DIV: "//",
    O.MOD: "%",
}
_FILTERS: Mapping[Operation, str] = {
    O.DEFAULT: "default",
    O.ABS: "abs",
    O.LENGTH: "length",
    O.CONTAINS: "contains",
    O.STARTS_WITH: "startswith",
    O.ENDS_WITH: "endswith",
    O.TRIM: "trim",
    O.LOWER: "lower",
    O.UPPER: "upper",
    O.TRUNCATE: "truncate",
    O.PLUS_DAYS: "plus_days",
    O.DAYS_BETWEEN: "days_between",
    O.COUNT: "count",
    O.FIRST: "first",
}
_OPPOSITE = {O.EQ: O.NE, O.NE: O.EQ, O.LT: O.GE, O.GE: O.LT, O.GT: O.LE, O.LE: O.GT}


class _Unworded(Exception):
    pass


def worded(condition: Expression) -> str | None:
    """The condition in the language's own syntax; None where it would be long or has no such form."""
    try:
        text = _text(condition)
    except _Unworded:
        return None
    return text if len(text) <= LONGEST else None


def _text(expression: Expression) -> str:
    match expression:
        case Const():
            return _constant(expression)
        case Field(path=path):
            return ".".join(path)
        case Call(operation=O.NOT, arguments=(inner,)):
            return _negated(inner)
        case Call(operation=O.AND | O.OR as operation, arguments=arguments):
            return f" {operation.value} ".join(map(_operand, arguments))
        case Call(operation=O.IS_DEFINED, arguments=(value,)):
            return f"{_operand(value)} is defined"
        case Call(operation=O.IN, arguments=(value, *members)):
            return f"{_operand(value)} in [{', '.join(map(_text, members))}]"
        case Call(operation=O.LIST_CONTAINS, arguments=(items, value)):
            return f"{_operand(value)} in {_operand(items)}"
        case Call(operation=O.NEG, arguments=(value,)):
            return f"-{_operand(value)}"
        case Call(operation=O.DATE_PART, arguments=(value, Const(value=str(part)))):
            return f"{_operand(value)} | {part}"
        case Call(operation=operation, arguments=(left, right)) if operation in _BETWEEN:
            return _compared(operation, left, right)
        case Call(operation=operation, arguments=(value, *rest)) if operation in _FILTERS:
            given = f"({', '.join(map(_text, rest))})" if rest else ""
            return f"{_operand(value)} | {_FILTERS[operation]}{given}"
        case _:
            raise _Unworded


def _compared(operation: Operation, left: Expression, right: Expression) -> str:
    """Decimals that were brought to one scale are written as they were."""
    return f"{_operand(left)} {_BETWEEN[operation]} {_operand(right)}"


def _negated(inner: Expression) -> str:
    match inner:
        case Call(operation=operation, arguments=(left, right)) if operation in _OPPOSITE:
            return _compared(_OPPOSITE[operation], left, right)
        case Call(operation=O.IS_DEFINED, arguments=(value,)):
            return f"{_operand(value)} is not defined"
        case Call(operation=O.IN, arguments=(value, *members)):
            return f"{_operand(value)} not in [{', '.join(map(_text, members))}]"
        case _:
            return f"not {_operand(inner)}"


def _operand(expression: Expression) -> str:
    text = _text(expression)
    plain = isinstance(expression, Const | Field) or " " not in text
    return text if plain or _is_pipe(expression) else f"({text})"


def _is_pipe(expression: Expression) -> bool:
    """`customer.points | default(0)` stands without parentheses, as authors write it."""
    match expression:
        case Call(operation=operation, arguments=(Field(), *_)):
            return operation in _FILTERS or operation is O.DATE_PART
        case _:
            return False


def _constant(const: Const) -> str:
    match const.value, const.type:
        case bool() as value, _:
            return "true" if value else "false"
        case int() as value, DecimalType(scale=scale):
            return decimal_text(value, scale)
        case int() as value, _:
            return str(value)
        case str() as value, DatetimeType():
            return f"'{value}Z'"
        case str() as value, _ if "'" not in value and value.isprintable():
            return f"'{value}'"
        case tuple() as values, ListType(item=item) if not isinstance(item, ListType):
            return f"[{', '.join(_constant(Const(item, value)) for value in values)}]"
        case _:
            raise _Unworded
