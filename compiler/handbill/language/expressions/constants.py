"""Constants of the configuration as values: texts and numbers, lists of them, lists of maps.

The items of a list get one type: texts the longest, numbers the widest on one scale, maps an object
with every name that any of them has. A mixed list has none, and is no value.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from handbill.language.expressions.build import BOOL, literal
from handbill.language.expressions.checked import Checked, value_of
from handbill.language.vocabulary.records import Member, Record, Shape
from handbill.plan.types import (
    INT_DEFAULT_MAX,
    DatetimeType,
    DateType,
    DecimalType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
    Type,
)
from handbill.plan.values import Value, const_of

MAX_LEVELS = 3
"""Lists and maps in one another, below the list itself."""


def constant_list(values: Iterable[Any]) -> Checked | None:
    """A list of constants of one kind; None where their kinds differ."""
    items = tuple(values)
    item = _type_of(items, MAX_LEVELS) if items else StringType(0)
    if item is None or isinstance(item, ListType):
        return None
    type_ = ListType(item, len(items))
    shape = Shape(record_of(item)) if isinstance(item, ObjectType) else None
    return value_of(const_of(_value(items, type_), type_), type_, shape=shape)


def record_of(type_: ObjectType) -> Record:
    """The members of a constant object, as if they had been declared."""
    return Record({member.name: _declared(member) for member in type_.members})


def _declared(member: MemberType) -> Member:
    inner = member.type.item if isinstance(member.type, ListType) else member.type
    record = record_of(inner) if isinstance(inner, ObjectType) else None
    return Member(member.type, member.required, inner=record)


def _type_of(values: Sequence[Any], levels: int) -> Type | None:
    """The type that holds all of the values; none of them is missing."""
    if all(isinstance(value, Mapping) for value in values):
        return _object(values, levels)
    if all(isinstance(value, list | tuple) for value in values):
        return _list(values, levels)
    kinds = {_kind(value) for value in values}
    match kinds.pop() if len(kinds) == 1 else _mixed(kinds):
        case "bool":
            return BOOL
        case "text":
            return StringType(max(len(unicodedata.normalize("NFC", value)) for value in values))
        case "int":
            return _whole(values)
        case "decimal":
            return _decimal(values)
        case "date":
            return DateType()
        case "datetime":
            return DatetimeType()
        case _:
            return None


def _kind(value: Any) -> str | None:
    match value:
        case bool():
            return "bool"
        case str():
            return "text"
        case int():
            return "int"
        case Decimal():
            return "decimal"
        case datetime.datetime():
            return "datetime"
        case datetime.date():
            return "date"
        case _:
            return None


def _mixed(kinds: set[str | None]) -> str | None:
    return "decimal" if kinds <= {"int", "decimal"} and kinds else None


def _whole(values: Sequence[int]) -> IntType | None:
    low, high = min(values), max(values)
    return IntType(low, high) if max(abs(low), abs(high)) <= INT_DEFAULT_MAX else None


def _decimal(values: Sequence[int | Decimal]) -> DecimalType | None:
    known = [literal(value) for value in values]
    types = [each.type for each in known if each is not None]
    if len(types) < len(values):
        return None
    scale = max(type_.scale for type_ in types if isinstance(type_, DecimalType))
    scaled = [int(Decimal(value).scaleb(scale)) for value in values]
    if max(map(abs, scaled)) > INT_DEFAULT_MAX:
        return None
    return DecimalType(scale, min(scaled), max(scaled))


def _object(values: Sequence[Mapping[str, Any]], levels: int) -> ObjectType | None:
    members: list[MemberType] = []
    for name in sorted({str(name) for value in values for name in value}):
        there = [value[name] for value in values if value.get(name) is not None]
        type_ = _type_of(there, levels - 1) if there and levels else StringType(0)
        if type_ is None or not levels:
            return None
        members.append(MemberType(name, type_, len(there) == len(values)))
    return ObjectType(tuple(members)) if members else None


def _list(values: Sequence[Sequence[Any]], levels: int) -> ListType | None:
    items = [item for value in values for item in value]
    item = _type_of(items, levels - 1) if items and levels else StringType(0)
    if item is None or isinstance(item, ListType) or not levels:
        return None
    return ListType(item, max(len(value) for value in values))


def _value(value: Any, type_: Type) -> Value:
    match type_:
        case _ if value is None:
            return None
        case ListType(item=item):
            return tuple(_value(each, item) for each in value)
        case ObjectType(members=members):
            return tuple(_value(value.get(member.name), member.type) for member in members)
        case DecimalType(scale=scale):
            return int(Decimal(value).scaleb(scale))
        case StringType():
            return unicodedata.normalize("NFC", value)
        case DatetimeType() if value.tzinfo is not None:
            return value.astimezone(datetime.UTC).replace(tzinfo=None)  # type: ignore[no-any-return]
        case _:
            return value  # type: ignore[no-any-return]
