"""Types in words."""

from __future__ import annotations

import pytest

from handbill.language.vocabulary.words import describe, is_number, is_text, listed
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


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        (BoolType(), "yes or no"),
        (IntType(), "a whole number"),
        (DecimalType(2, 0, 1), "a number"),
        (StringType(3), "a text"),
        (EnumType(("a", "b")), "one of a, b"),
        (DateType(), "a date"),
        (DatetimeType(), "a date and time"),
        (ListType(IntType(), 3), "a list (a whole number each)"),
    ],
)
def test_describe(type_: Type, words: str) -> None:
    assert describe(type_) == words


def test_kinds() -> None:
    assert is_number(IntType()) and is_number(DecimalType(2, 0, 1)) and not is_number(None)
    assert is_text(StringType(1)) and is_text(EnumType(("a",))) and not is_text(BoolType())
    assert listed(tuple("abcdefgh")) == "a, b, c, d, e, f, …"
