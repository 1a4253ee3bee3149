"""An expression of a plan in the words of the language that it was compiled from.

What is printed compiles to the same expression wherever the names in it are known: names of audiences,
parameters and computed fields are gone by then, their meaning stands in their place. Where the language
has no words for a step of its own (a day's first instant), the printed words say what it does.
"""

from __future__ import annotations

from typing import assert_never

from handbill.diff.list_text import each_text
from handbill.diff.text_places import (
    ADD,
    ATOM,
    COMPARE,
    CONCAT,
    FILTER,
    IF,
    MUL,
    NOT,
    OR,
    POSTFIX,
    SIGN,
    Printed,
)
from handbill.diff.text_places import AND as AND_PLACE
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation
from handbill.plan.operations import decimal_text
from handbill.plan.types import DecimalType, IntType, ListType, ObjectType, Type

_COMPARISONS = {
    Operation.EQ: "==",
    Operation.NE: "!=",
    Operation.LT: "<",
    Operation.LE: "<=",
    Operation.GT: ">",
    Operation.GE: ">=",
}
_ARITHMETIC = {
    Operation.ADD: ("+", ADD),
    Operation.SUB: ("-", ADD),
    Operation.MUL: ("*", MUL),
    Operation.FLOOR_DIV: ("//", MUL),
    Operation.MOD: ("%", MUL),
}
_FILTERS = {
    Operation.ABS: "abs",
    Operation.LENGTH: "length",
    Operation.TRUNCATE: "truncate",
    Operation.CONTAINS: "contains",
    Operation.STARTS_WITH: "startswith",
    Operation.ENDS_WITH: "endswith",
    Operation.TRIM: "trim",
    Operation.LOWER: "lower",
    Operation.UPPER: "upper",
    Operation.TITLE: "title",
    Operation.REPLACE: "replace",
    Operation.PLUS_DAYS: "plus_days",
    Operation.DAYS_BETWEEN: "days_between",
    Operation.DEFAULT: "default",
    Operation.COUNT: "count",
    Operation.FIRST: "first",
    Operation.LAST: "last",
    Operation.SUM: "sum",
    Operation.MINIMUM: "min",
    Operation.MAXIMUM: "max",
    Operation.JOIN: "join",
    Operation.DAY_START: "day_start",
    Operation.CHOOSE: "choose",
}
"""Operations that are written as a filter on their first operand, the others its arguments."""


def expression_text(expression: Expression) -> str:
    return printed(expression).text


def printed(expression: Expression) -> Printed:
    """The words and how tightly they hold together."""
    match expression:
        case Const():
            return _const(expression.value, expression.type)
        case Field(path=path):
            return Printed(".".join(path), ATOM)
        case Local(name=name):
            return Printed(name, ATOM)
        case Member(of=of, name=name):
            return Printed(f"{printed(of).within(POSTFIX)}.{name}", ATOM)
        case Each():
            return each_text(expression, printed)
        case Call():
            return _call(expression)
        case _:
            assert_never(expression)


# ── constants ────────────────────────────────────────────────────────────────────────────────────


def _const(value: object, type_: Type) -> Printed:
    if value is None:
        return Printed("none", ATOM)
    match value, type_:
        case bool(), _:
            return Printed("true" if value else "false", ATOM)
        case int(), DecimalType(scale=scale):
            return _signed(decimal_text(value, scale) if scale else f"{value}.0")
        case int(), _:
            return _signed(str(value))
        case tuple(), ListType(item=item):
            items = ", ".join(_const(each, item).text for each in value)
            return Printed(f"[{items}]", ATOM)
        case tuple(), ObjectType(members=members):
            pairs = zip(members, value, strict=True)
            inner = ", ".join(f"{m.name}: {_const(each, m.type).text}" for m, each in pairs)
            return Printed(f"{{{inner}}}", ATOM)
        case _:
            return Printed(quoted(str(value)), ATOM)


def _signed(text: str) -> Printed:
    return Printed(text, SIGN if text.startswith("-") else ATOM)


def quoted(text: str) -> str:
    """A text between single quotes, with the escapes that the language knows."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    for character, escape in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(character, escape)
    return f"'{escaped}'"


# ── calls ────────────────────────────────────────────────────────────────────────────────────────


def _call(call: Call) -> Printed:
    operation, operands = call.operation, call.arguments
    whole = _rescaled(call)
    if whole is not None:
        return printed(whole)
    if operation in _COMPARISONS:
        left, right = (printed(each).within(ADD) for each in operands)
        return Printed(f"{left} {_COMPARISONS[operation]} {right}", COMPARE)
    if operation in _ARITHMETIC:
        symbol, place = _ARITHMETIC[operation]
        one, other = printed(operands[0]), printed(operands[1])
        return Printed(f"{one.within(place)} {symbol} {other.behind(place + 1)}", place)
    if operation in _FILTERS:
        return _filter(_FILTERS[operation], operands[0], *operands[1:])
    return _further(call)


def _further(call: Call) -> Printed:
    operands = call.arguments
    match call.operation:
        case Operation.AND:
            return Printed(" and ".join(printed(e).within(NOT) for e in operands), AND_PLACE)
        case Operation.OR:
            return Printed(" or ".join(printed(e).within(AND_PLACE) for e in operands), OR)
        case Operation.NOT:
            return _not(operands[0])
        case Operation.IF:
            test, then, otherwise = (printed(each).within(OR) for each in operands)
            return Printed(f"{then} if {test} else {otherwise}", IF)
        case Operation.IS_DEFINED:
            return Printed(f"{printed(operands[0]).within(FILTER)} is defined", SIGN)
        case Operation.IN:
            return _in(operands[0], _listed(operands[1:]))
        case Operation.LIST_CONTAINS:
            return _in(operands[1], printed(operands[0]).within(ADD))
        case Operation.NEG:
            return Printed(f"-{printed(operands[0]).within(POSTFIX)}", SIGN)
        case Operation.CONCAT:
            return _joined(operands)
        case Operation.INT_TEXT | Operation.DECIMAL_TEXT:
            return Printed(f"{printed(operands[0]).within(MUL)} ~ ''", CONCAT)
        case Operation.ITEM | Operation.SLICE:
            sign = ":" if call.operation is Operation.SLICE else ""
            place = printed(operands[1]).text
            return Printed(f"{printed(operands[0]).within(POSTFIX)}[{sign}{place}]", ATOM)
        case Operation.ROUND_DIV:
            return _quotient(call)
        case Operation.AVERAGE:
            return _filter("avg", operands[0])
        case Operation.DATE_PART:
            assert isinstance(operands[1], Const)
            return _filter(str(operands[1].value), operands[0])
        case Operation.LOCAL_DATE:
            zones = operands[1:-1] if len(operands) > 2 else ()
            return _filter("local_date", operands[0], *zones)
        case Operation.GROUPED_TEXT:
            return _filter("number", operands[0])
        case _:
            return _filter(call.operation.value, operands[0], *operands[1:])


def _filter(name: str, of: Expression, *arguments: Expression) -> Printed:
    given = ", ".join(printed(each).text for each in arguments)
    call = f"({given})" if given else ""
    return Printed(f"{printed(of).within(FILTER)} | {name}{call}", FILTER)


def _not(operand: Expression) -> Printed:
    match operand:
        case Call(operation=Operation.IS_DEFINED, arguments=(value,)):
            return Printed(f"{printed(value).within(FILTER)} is not defined", SIGN)
        case Call(operation=Operation.IN, arguments=(value, *members)):
            return _in(value, _listed(tuple(members)), "not in")
        case Call(operation=Operation.LIST_CONTAINS, arguments=(items, value)):
            return _in(value, printed(items).within(ADD), "not in")
        case _:
            return Printed(f"not {printed(operand).within(NOT)}", NOT)


def _in(value: Expression, items: str, word: str = "in") -> Printed:
    return Printed(f"{printed(value).within(ADD)} {word} {items}", COMPARE)


def _listed(members: tuple[Expression, ...]) -> str:
    return f"[{', '.join(printed(each).text for each in members)}]"


def _joined(operands: tuple[Expression, ...]) -> Printed:
    """`a ~ b`, which writes numbers out by itself."""
    first, *others = (printed(unwritten(each)) for each in operands)
    return Printed(" ~ ".join((first.within(MUL), *(each.behind(MUL) for each in others))), CONCAT)


def unwritten(operand: Expression) -> Expression:
    match operand:
        case Call(operation=Operation.INT_TEXT | Operation.DECIMAL_TEXT, arguments=(number, *_)):
            return number
        case _:
            return operand


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _rescaled(expression: Expression) -> Expression | None:
    """The number of which this is the same number with more digits after the point."""
    match expression:
        case Call(
            operation=Operation.MUL,
            arguments=(number, Const(type=IntType(), value=int() as factor)),
            type=DecimalType(scale=scale),
        ) if factor == 10 ** (scale - _scale(number.type)):
            return number
        case _:
            return None


def _scale(type_: Type) -> int:
    return type_.scale if isinstance(type_, DecimalType) else 0


def _quotient(call: Call) -> Printed:
    """`a / b` has six digits; anything else that is divided so was rounded."""
    dividend, divisor = call.arguments
    whole = _rescaled(dividend)
    if whole is not None or not isinstance(divisor, Const):
        top = printed(whole if whole is not None else dividend).within(MUL)
        return Printed(f"{top} / {printed(divisor).behind(SIGN)}", MUL)
    digits = _scale(call.type)
    return Printed(
        f"{printed(dividend).within(POSTFIX)} | round" + f"({digits})" * bool(digits), MUL
    )
