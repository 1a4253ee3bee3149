"""Customers as examples: whether a condition holds for one, whether there could be one, how it reads.

A condition is always tried by the Python back end, so that no example is shown which the runtime would
judge otherwise.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping

from handbill.language.expressions.facts import Path
from handbill.language.reasoning.question import Example, KnownField, Question
from handbill.plan.alphabets import is_within
from handbill.plan.errors import PlanCodeError
from handbill.plan.model import FieldNeed
from handbill.plan.operations import decimal_text
from handbill.plan.row import compile_expression
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    ObjectType,
    StringType,
    Type,
)
from handbill.plan.values import DATE_MAXIMUM, DATE_MINIMUM, Value

ROW_ROOT = "customer"
_FAILS = (TypeError, AttributeError, KeyError, IndexError, ZeroDivisionError, ValueError)
"""What a condition raises for a value that it does not guard against."""


class Trial:
    """A question's condition, ready to be tried on examples."""

    def __init__(self, question: Question) -> None:
        """Raises PlanCodeError where the condition needs more than a customer and a day."""
        self._known = question.known
        self._needs = [
            FieldNeed(path=field.path[1:], type=field.type)
            for field in question.known
            if field.path[0] == ROW_ROOT
        ]
        self._holds = compile_expression(question.condition, self._needs)

    def holds(self, example: Example) -> bool:
        """Whether there could be such a customer, and the condition is true of them."""
        row = tuple(example.get((ROW_ROOT, *need.path)) for need in self._needs)
        context = {
            path: value
            for path, value in example.items()
            if path[0] != ROW_ROOT and value is not None
        }
        try:
            holds = self._holds(row, context) is True
        except _FAILS:
            return False
        return holds and is_lawful(example, self._known)


def trial_of(question: Question) -> Trial | None:
    """None where the condition cannot be tried: it reads the item of a template's loop."""
    try:
        return Trial(question)
    except PlanCodeError:
        return None


# ── whether there could be such a customer ───────────────────────────────────────────────────────


def is_lawful(example: Example, known: tuple[KnownField, ...]) -> bool:
    """Whether the import view would let this customer through: types, bounds, what is required."""
    for field in known:
        value = example.get(field.path)
        holder = field.path[:-1]
        held = len(holder) < 2 or example.get(holder, True) is not None
        if value is None:
            if field.required and held:
                return False
        elif not held or not is_value_of(value, field.type):
            return False
    return True


def is_value_of(value: Value, type: Type) -> bool:
    """Whether a value that is there is one of its declared type, as the import view leaves them."""
    match type:
        case BoolType():
            return isinstance(value, bool)
        case IntType() | DecimalType():
            whole = isinstance(value, int) and not isinstance(value, bool)
            return whole and type.minimum <= value <= type.maximum  # type: ignore[operator]
        case StringType():
            fits = isinstance(value, str) and len(value) <= type.maximum and _is_plain(value)
            return fits and is_within(str(value), type.alphabet)
        case EnumType():
            return value in type.values
        case DatetimeType():
            return isinstance(value, datetime.datetime) and _in_calendar(value.date())
        case DateType():
            is_date = isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
            return is_date and _in_calendar(value)  # type: ignore[arg-type]
        case ListType():
            fits = isinstance(value, tuple) and len(value) <= type.maximum
            return fits and all(is_value_of(each, type.item) for each in value)  # type: ignore[union-attr]
        case ObjectType():
            if not isinstance(value, tuple) or len(value) != len(type.members):
                return False
            return all(
                (each is None and not member.required)
                or (each is not None and is_value_of(each, member.type))
                for each, member in zip(value, type.members, strict=True)
            )


def _in_calendar(day: datetime.date) -> bool:
    return DATE_MINIMUM <= day <= DATE_MAXIMUM


def _is_plain(text: str) -> bool:
    """NFC, and without what the import view refuses: NUL, surrogates, noncharacters."""
    if text.isascii():
        return "\0" not in text
    return unicodedata.is_normalized("NFC", text) and not any(_is_refused(ord(c)) for c in text)


def _is_refused(code: int) -> bool:
    return (
        code == 0 or 0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    )


# ── how it reads ─────────────────────────────────────────────────────────────────────────────────


def shown(example: Example, types: Mapping[Path, Type]) -> Mapping[str, object]:
    """The example as JSON values by name: customer fields without their root, missing ones left out.

    A customer of whom nothing is there reads {}.
    """
    result: dict[str, object] = {}
    for path, value in sorted(example.items()):
        if value is not None:
            name = ".".join(path[1:] if path[0] == ROW_ROOT else path)
            result[name] = json_value(value, types[path])
    return result


def json_value(value: Value, type: Type) -> object:
    """A value as a reader would write it; a decimal as a number."""
    match value, type:
        case None, _:
            return None
        case tuple(), ListType(item=item):
            return [json_value(each, item) for each in value]
        case tuple(), ObjectType(members=members):
            pairs = zip(members, value, strict=True)
            return {
                member.name: json_value(each, member.type)
                for member, each in pairs
                if each is not None
            }
        case int(), DecimalType(scale=scale) if value % 10**scale == 0:
            return value // 10**scale
        case int(), DecimalType(scale=scale):
            return float(decimal_text(value, scale))
        case datetime.datetime(), _:
            return value.isoformat() + "Z"
        case datetime.date(), _:
            return value.isoformat()
        case _:
            return value


# ── how it travels ───────────────────────────────────────────────────────────────────────────────


def packed(example: Example, known: tuple[KnownField, ...]) -> tuple[object, ...]:
    """The values of `known` in order, as JSON holds them; the inverse of `unpacked`."""
    return tuple(_packed(example.get(field.path)) for field in known)


def unpacked(values: tuple[object, ...], known: tuple[KnownField, ...]) -> dict[Path, Value]:
    return {
        field.path: _unpacked(value, field.type) for field, value in zip(known, values, strict=True)
    }


def _packed(value: Value) -> object:
    match value:
        case tuple():
            return [_packed(each) for each in value]
        case datetime.date():  # a datetime is one too
            return value.isoformat()
        case _:
            return value


def _unpacked(value: object, type: Type) -> Value:
    match value, type:
        case list(), ListType(item=item):
            return tuple(_unpacked(each, item) for each in value)
        case list(), ObjectType(members=members):
            pairs = zip(value, members, strict=True)
            return tuple(_unpacked(each, member.type) for each, member in pairs)
        case str(), DatetimeType():
            return datetime.datetime.fromisoformat(value)
        case str(), DateType():
            return datetime.date.fromisoformat(value)
        case _:
            assert value is None or isinstance(value, bool | int | str)
            return value
