"""Types in the words that a message uses."""

from __future__ import annotations

from handbill.plan.types import (
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

MAX_SHOWN = 6


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
        case ListType(item=item):
            return f"a list ({describe(item)} each)"


def listed(values: tuple[str, ...]) -> str:
    shown = ", ".join(values[:MAX_SHOWN])
    return shown if len(values) <= MAX_SHOWN else f"{shown}, …"


def is_number(type: Type | None) -> bool:
    return isinstance(type, IntType | DecimalType)


def is_text(type: Type | None) -> bool:
    return isinstance(type, StringType | EnumType)
