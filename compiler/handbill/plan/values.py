"""What expressions compute with: Python values, and how a Const spells them.

bool, int (a decimal is scaled), str (also an enum), date, naive UTC datetime, a tuple of a list's
items or of an object's members, or None where the value is missing.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeAlias

from handbill.plan.ir import Const
from handbill.plan.types import DatetimeType, DateType, ListType, ObjectType, Type

Scalar: TypeAlias = bool | int | str | datetime.date | datetime.datetime
Value: TypeAlias = "Scalar | tuple[Value, ...] | None"
Row: TypeAlias = tuple[Value, ...]
"""A customer: the values of a plan's `fields`, in their order."""
Context: TypeAlias = Mapping[tuple[str, ...], Value]
"""Every root but `customer`, by full path: ("run", "date")."""

DATE_MINIMUM = datetime.date(1900, 1, 1)
DATE_MAXIMUM = datetime.date(2199, 12, 31)
DAYS_MAXIMUM = (DATE_MAXIMUM - DATE_MINIMUM).days
DATETIME_MINIMUM = datetime.datetime(1900, 1, 1)
DATETIME_MAXIMUM = datetime.datetime(2199, 12, 31, 23, 59, 59, 999999)


def const_value(const: Const) -> Value:
    """The Python value that a Const stands for."""
    return _meant(const.value, const.type)


def _meant(value: Any, type: Type) -> Value:
    match type:
        case _ if value is None:
            return None
        case ListType(item=item):
            return tuple(_meant(each, item) for each in value)
        case ObjectType(members=members):
            return tuple(
                _meant(each, member.type) for each, member in zip(value, members, strict=True)
            )
        case _:
            return _scalar(value, type)


def const_of(value: Value, type: Type) -> Const:
    """The Const of a value that is not missing: the inverse of `const_value`."""
    if value is None:
        raise TypeError("no constant is missing; a member of an object may be")
    return Const(type, _spelling(value))


def _scalar(value: bool | int | str, type: Type) -> Scalar:
    match type:
        case DateType():
            return datetime.date.fromisoformat(str(value))
        case DatetimeType():
            instant = datetime.datetime.fromisoformat(str(value))
            if instant.tzinfo is not None:
                instant = instant.astimezone(datetime.UTC).replace(tzinfo=None)
            return instant
        case _:
            return value


def _spelling(value: Value) -> Any:
    if isinstance(value, tuple):
        return tuple(_spelling(each) for each in value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
