"""What the type of a string expression says of its length."""

from __future__ import annotations

import pytest

from handbill.lower.length import longest_string
from handbill.plan.ir import Const
from handbill.plan.types import BoolType, EnumType, IntType, ListType, StringType, Type


@pytest.mark.parametrize(
    ("type_", "longest"), [(StringType(9), 9), (EnumType(("a", "bcd")), 3), (EnumType(()), 0)]
)
def test_of_a_string(type_: Type, longest: int) -> None:
    assert longest_string(Const(type_, "")) == longest


@pytest.mark.parametrize("type_", [IntType(), BoolType(), ListType(BoolType(), 2)])
def test_what_is_no_string_has_no_length(type_: Type) -> None:
    with pytest.raises(TypeError):
        longest_string(Const(type_, True))
