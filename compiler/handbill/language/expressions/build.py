"""Calls as the IR wants them: constants folded, numbers on one scale, 128-bit operations marked.

Everything here takes operands that were already found to be of the right type.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from handbill.language.expressions.checked import (
    Checked,
    decimal_type,
    int_type,
    interval_of,
    value_of,
)
from handbill.language.expressions.facts import Interval
from handbill.plan.ir import Call, Const, Expression, Operation
from handbill.plan.operations import apply
from handbill.plan.types import (
    DECIMAL_MAX_SCALE,
    INT64_MAX,
    INT64_MIN,
    INT_DEFAULT_MAX,
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
    Type,
)
from handbill.plan.values import Value, const_of, const_value

INT64 = Interval(INT64_MIN, INT64_MAX)
BOOL = BoolType()
_LAZY = frozenset([Operation.AND, Operation.OR, Operation.IF, Operation.DEFAULT])


def call(
    operation: Operation,
    arguments: Iterable[Expression],
    type: Type,
    *,
    interval: Interval | None = None,
    wide: bool = False,
    optional: bool = False,
) -> Checked:
    """A call, or its value when every operand is constant and the value fits the plan."""
    operands = tuple(arguments)
    if operation not in _LAZY and all(isinstance(operand, Const) for operand in operands):
        folded = _folded(operation, operands, type)
        if folded is not None:
            return folded
    expression = Call(operation, operands, type, wide)
    return value_of(expression, type, interval=interval, optional=optional)


def _folded(operation: Operation, operands: Sequence[Expression], type: Type) -> Checked | None:
    values = [const_value(operand) for operand in operands if isinstance(operand, Const)]
    result = apply(operation, values)
    return None if result is None else constant(result, type)


def constant(value: Value, type: Type) -> Checked | None:
    """A constant of a known type, with the tightest bounds; None where the plan cannot hold it."""
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", value)
    narrowed = _narrowed(value, type)
    if narrowed is None or value is None:
        return None
    interval = interval_of(narrowed)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        interval = Interval(value.toordinal(), value.toordinal())
    return value_of(const_of(value, narrowed), narrowed, interval=interval)


def _narrowed(value: Value, type: Type) -> Type | None:
    match type:
        case IntType() if isinstance(value, int):
            return IntType(value, value) if abs(value) <= INT_DEFAULT_MAX else None
        case DecimalType() if isinstance(value, int):
            fits = abs(value) <= INT_DEFAULT_MAX
            return DecimalType(type.scale, value, value) if fits else None
        case StringType() if isinstance(value, str):
            return StringType(len(value))
        case ListType() if isinstance(value, tuple):
            return replace_maximum(type, len(value))
        case _:
            return type


def replace_maximum(type: ListType, maximum: int) -> ListType:
    return ListType(type.item, maximum)


def literal(value: object) -> Checked | None:
    """The constant for a plain Python value, or None when the language has no such value."""
    match value:
        case bool():
            return constant(value, BOOL)
        case int():
            return constant(value, IntType())
        case Decimal():
            return _decimal(value)
        case str():
            return constant(value, StringType(len(value)))
        case datetime.datetime():
            if value.tzinfo is not None:
                value = value.astimezone(datetime.UTC).replace(tzinfo=None)
            return constant(value, DatetimeType())
        case datetime.date():
            return constant(value, DateType())
        case _:
            return None


def _decimal(value: Decimal) -> Checked | None:
    if not value.is_finite() or value.adjusted() > 20:
        return None
    exponent = value.as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else 0
    scaled = value.scaleb(scale)
    while scale > DECIMAL_MAX_SCALE and scaled % 10 == 0:
        scaled, scale = scaled / 10, scale - 1
    if scale > DECIMAL_MAX_SCALE:
        return None
    return constant(int(scaled), DecimalType(scale, 0, 0))


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def scale_of(type: Type) -> int:
    return type.scale if isinstance(type, DecimalType) else 0


def number_type(scale: int, interval: Interval, whole: bool) -> Type:
    return int_type(interval) if whole else decimal_type(scale, interval)


def bounds(operand: Checked) -> Interval:
    """The exact bounds of a number or a date."""
    assert operand.interval is not None, operand
    return operand.interval


def is_wide(*intervals: Interval) -> bool:
    """Whether any of the intervals leaves 64 bits."""
    return any(found.low < INT64_MIN or found.high > INT64_MAX for found in intervals)


def scaled_by(interval: Interval, factor: int) -> Interval:
    return Interval(interval.low * factor, interval.high * factor)


def rescaled(operand: Checked, scale: int) -> Checked:
    """The same number with more digits after the point; a decimal even if `scale` is 0."""
    assert operand.type is not None and operand.expression is not None
    factor = 10 ** (scale - scale_of(operand.type))
    interval = scaled_by(bounds(operand), factor)
    type_ = decimal_type(scale, interval)
    if factor == 1:
        return replace(operand, type=type_, interval=interval)
    if isinstance(operand.expression, Const):
        folded = constant(int(const_value(operand.expression)) * factor, type_)  # type: ignore[arg-type]
        if folded is not None:
            return folded
    one = Const(IntType(factor, factor), factor)
    wide = is_wide(bounds(operand), interval)
    return call(Operation.MUL, (operand.expression, one), type_, interval=interval, wide=wide)


def aligned(left: Checked, right: Checked) -> tuple[Checked, Checked]:
    """Two numbers on one scale; ints stay ints when both are."""
    assert left.type is not None and right.type is not None
    if isinstance(left.type, IntType) and isinstance(right.type, IntType):
        return left, right
    scale = max(scale_of(left.type), scale_of(right.type))
    return rescaled(left, scale), rescaled(right, scale)


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


def longest(type: Type) -> int:
    """The most code points that a text of this type has."""
    match type:
        case StringType(maximum=maximum):
            return maximum
        case EnumType(values=values):
            return max((len(value) for value in values), default=0)
        case _:
            return 0


def as_text(operand: Checked) -> Checked:
    """A text, enum or number as text: decimals with all digits of their scale."""
    assert operand.type is not None and operand.expression is not None
    match operand.type:
        case IntType():
            return _number_text(operand, Operation.INT_TEXT, ())
        case DecimalType(scale=scale):
            return _number_text(
                operand, Operation.DECIMAL_TEXT, (Const(IntType(scale, scale), scale),)
            )
        case _:
            return operand


def _number_text(operand: Checked, operation: Operation, extra: tuple[Const, ...]) -> Checked:
    assert operand.type is not None and operand.expression is not None
    length = text_length(bounds(operand), scale_of(operand.type))
    wide = is_wide(bounds(operand))
    return call(operation, (operand.expression, *extra), StringType(length), wide=wide)


def text_length(interval: Interval, scale: int) -> int:
    """The most characters that a scaled number takes in full."""
    point = 1 if scale else 0
    return max(
        max(len(str(abs(end))), scale + 1) + point + (1 if end < 0 else 0) for end in interval
    )


def joined(pieces: Sequence[Checked]) -> Checked:
    """Texts one after the other: neighbours that are constant become one, nested ones are opened."""
    flat: list[Expression] = []
    for piece in pieces:
        assert piece.expression is not None
        inner = piece.expression
        parts = (
            inner.arguments
            if isinstance(inner, Call) and inner.operation is Operation.CONCAT
            else (inner,)
        )
        for part in parts:
            _append_text(flat, part)
    total = sum(longest(part.type) for part in flat)
    if not flat:
        return value_of(Const(StringType(0), ""), StringType(0))
    if len(flat) == 1:
        return value_of(flat[0], flat[0].type)
    return call(Operation.CONCAT, flat, StringType(total))


def _append_text(flat: list[Expression], part: Expression) -> None:
    if isinstance(part, Const) and part.value == "":
        return
    if isinstance(part, Const) and flat and isinstance(flat[-1], Const):
        text = unicodedata.normalize("NFC", f"{flat[-1].value}{part.value}")
        flat[-1] = Const(StringType(len(text)), text)
    else:
        flat.append(part)
