"""What is declared of a field, in words: its kind with its bounds."""

from __future__ import annotations

from typing import assert_never

from handbill.plan.operations import decimal_text
from handbill.plan.types import (
    INT_DEFAULT_MAX,
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


def type_words(type_: Type) -> str:
    """`a whole number from 0 to 100`, `a text of at most 40 characters`."""
    match type_:
        case BoolType():
            return "yes or no"
        case IntType(minimum=low, maximum=high):
            return "a whole number" + _range(low, high, str(low), str(high))
        case DecimalType(scale=scale, minimum=low, maximum=high):
            ends = decimal_text(low, scale), decimal_text(high, scale)
            return f"a number with {scale} digits after the point" + _range(low, high, *ends)
        case StringType(maximum=maximum, alphabet=alphabet):
            kind = f" of the {alphabet} alphabet" if alphabet else ""
            return f"a text of at most {maximum} characters{kind}"
        case EnumType(values=values):
            return f"one of {', '.join(values)}"
        case DateType():
            return "a date"
        case DatetimeType():
            return "a date and time"
        case ListType(item=item, maximum=maximum):
            return f"a list of at most {maximum}: each {type_words(item)}"
        case ObjectType(members=members):
            inner = (f"{m.name} ({type_words(m.type)})" for m in members)
            return f"an object of {', '.join(inner)}"
        case _:
            assert_never(type_)


def _range(low: int, high: int, low_text: str, high_text: str) -> str:
    low_known, high_known = low > -INT_DEFAULT_MAX, high < INT_DEFAULT_MAX
    match low_known, high_known:
        case True, True:
            return f" from {low_text} to {high_text}"
        case True, False:
            return f" from {low_text}"
        case False, True:
            return f" up to {high_text}"
        case _:
            return ""
