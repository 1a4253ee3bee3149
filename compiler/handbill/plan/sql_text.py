"""Spelling values and names as DuckDB SQL."""

from __future__ import annotations

import datetime

from handbill.plan.types import (
    INT64_MAX,
    INT64_MIN,
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
from handbill.plan.values import Scalar, Value


def quoted(text: str) -> str:
    """A string literal; DuckDB's plain literals know no escape but the doubled quote."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def column_type(type: Type) -> str:
    """The DuckDB type in which the import view holds values of `type`."""
    match type:
        case BoolType():
            return "BOOLEAN"
        case IntType(minimum=low, maximum=high) | DecimalType(minimum=low, maximum=high):
            return "BIGINT" if low >= INT64_MIN and high <= INT64_MAX else "HUGEINT"
        case StringType() | EnumType():
            return "VARCHAR"
        case DateType():
            return "DATE"
        case DatetimeType():
            return "TIMESTAMP"
        case ListType(item=item):
            return f"{column_type(item)}[]"
        case ObjectType(members=members):
            inside = ", ".join(
                f"{identifier(member.name)} {column_type(member.type)}" for member in members
            )
            return f"STRUCT({inside})"


def literal(value: Value, type: Type) -> str:
    """A literal of exactly the type that a column of `type` has; missing is a typed NULL."""
    if value is None or isinstance(value, tuple):
        return f"CAST({_untyped(value, type)} AS {column_type(type)})"
    return _scalar(value)


def _untyped(value: Value, type: Type) -> str:
    match value, type:
        case None, _:
            return "NULL"
        case tuple(), ListType(item=item):
            return f"[{', '.join(_untyped(one, item) for one in value)}]"
        case tuple(), ObjectType(members=members):
            inside = ", ".join(
                f"{identifier(member.name)}: {_untyped(one, member.type)}"
                for member, one in zip(members, value, strict=True)
            )
            return f"{{{inside}}}"
        case tuple(), _:
            raise TypeError("a tuple is a list or an object")
        case _:
            return _scalar(value)


def _scalar(value: Scalar) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            # A bare literal would be a 32-bit INTEGER, and two of them could overflow.
            return f"CAST({value} AS {'BIGINT' if INT64_MIN <= value <= INT64_MAX else 'HUGEINT'})"
        case str():
            return quoted(value)
        case datetime.datetime():
            return f"TIMESTAMP {quoted(value.isoformat(' '))}"
        case datetime.date():
            return f"DATE {quoted(value.isoformat())}"
