from __future__ import annotations

import pytest

from handbill.diff.type_words import type_words
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
    Type,
)


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        (BoolType(), "yes or no"),
        (IntType(), "a whole number"),
        (IntType(0, 100), "a whole number from 0 to 100"),
        (IntType(minimum=0), "a whole number from 0"),
        (IntType(maximum=7), "a whole number up to 7"),
        (DecimalType(2, 0, 1250), "a number with 2 digits after the point from 0.00 to 12.50"),
        (StringType(40), "a text of at most 40 characters"),
        (StringType(40, "gsm"), "a text of at most 40 characters of the gsm alphabet"),
        (EnumType(("gold", "silver")), "one of gold, silver"),
        (DateType(), "a date"),
        (DatetimeType(), "a date and time"),
        (ListType(IntType(), 5), "a list of at most 5: each a whole number"),
        (
            ObjectType((MemberType("name", StringType(9)),)),
            "an object of name (a text of at most 9 characters)",
        ),
    ],
)
def test_words(type_: Type, words: str) -> None:
    assert type_words(type_) == words
