"""Types in the words that a message uses, and which words can be names."""

from __future__ import annotations

import re

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

MAX_SHOWN = 6
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}\Z")
"""What an expression can write after a dot."""


def describe(type: Type) -> str:
    """A type as a noun phrase: `a whole number`, `one of gold, silver`."""
    match type:
        case BoolType():
            return "yes or no"
        case IntType():
            return "a whole number"
        case DecimalType():
            return "a number"
        case StringType():
            return "a text"
        case EnumType(values=values):
            return f"one of {listed(values)}"
        case DateType():
            return "a date"
        case DatetimeType():
            return "a date and time"
        case ListType(item=ObjectType()):
            return "a list of objects"
        case ListType(item=item):
            return f"a list ({describe(item)} each)"
        case ObjectType(members=members):
            names = listed(tuple(member.name for member in members))
            return f"an object ({names})" if names else "an object"


def listed(values: tuple[str, ...]) -> str:
    shown = ", ".join(values[:MAX_SHOWN])
    return shown if len(values) <= MAX_SHOWN else f"{shown}, …"


def is_number(type: Type | None) -> bool:
    return isinstance(type, IntType | DecimalType)


def is_text(type: Type | None) -> bool:
    return isinstance(type, StringType | EnumType)
