"""Values worth trying are of their type, reach its ends, and include what conditions mention."""

from __future__ import annotations

import datetime

import pytest
from bounds_world import condition, ops_of

from handbill.language.bounds.samples import (
    LEAVING,
    MAX_ITEMS,
    MAX_VALUES,
    constants_of,
    fields_of,
    size_of,
    values_of,
)
from handbill.plan.alphabets import is_within
from handbill.plan.ir import Const
from handbill.plan.operations import lower, upper
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

PRODUCT = ObjectType((MemberType("name", StringType(3)), MemberType("size", IntType(1, 9))))


@pytest.mark.parametrize(
    ("type_", "some"),
    [
        (BoolType(), [True, False]),
        (IntType(-5, 900), [900, -5, 0, 7, 8, 6]),
        (DecimalType(2, 0, 500), [500, 0, 7]),
        (StringType(9), ["M" * 9, "😀" * 9, "M" * 7, "M" * 8, "", "gold"]),
        (StringType(9, "gsm"), ["M" * 9, "€" * 9, "à" * 9, "Σ" * 9, "goldgold", ""]),
        (EnumType(("a", "b")), ["a", "b"]),
        (DateType(), [datetime.date(2026, 9, 30), datetime.date(2026, 2, 28)]),
        (DatetimeType(), [datetime.datetime(2026, 12, 5, 10)]),
        (ListType(StringType(2), 4), [("MM",) * 4, ("MM",), ()]),
        (PRODUCT, [("MMM", 9), ("", 9), ("MMM", 1)]),
    ],
)
def test_values(type_: Type, some: list[object]) -> None:
    found = values_of(type_, (7, "gold", True))
    assert [value for value in some if value not in found] == []
    assert len(found) <= MAX_VALUES


def test_they_keep_within_the_type() -> None:
    assert all(is_within(str(v), "gsm") for v in values_of(StringType(9, "gsm"), ("’", "ok")))
    assert values_of(IntType(3, 3), (99,)) == [3]
    assert "too long" not in values_of(StringType(3), ("too long",))
    longest = max(len(v) for v in values_of(ListType(BoolType(), 10**6), ()))  # type: ignore[arg-type]
    assert longest == MAX_ITEMS


def test_letters_that_leave_the_alphabet_with_their_case() -> None:
    large, small = LEAVING
    assert is_within(LEAVING, "gsm")
    assert not is_within(upper(large), "gsm") and not is_within(lower(small), "gsm")


def test_what_is_read_and_compared() -> None:
    ops = ops_of(
        "{% if customer.orders > 70 and customer.tier == 'ça' %}{{ customer.name }}{% endif %}"
    )
    rule = condition("customer.debt in [3, -4]")
    assert sorted(".".join(path) for path in fields_of(ops, rule)) == [
        "customer.debt",
        "customer.name",
        "customer.orders",
        "customer.tier",
    ]
    assert {70, "ça", 3, -4} <= set(constants_of(ops, rule))
    listed = Const(ListType(StringType(1), 2), ("x", "y"))
    assert set(constants_of(listed)) == {"x", "y"}


def test_how_much_there_is() -> None:
    small, large = ops_of("{{ customer.name }}"), ops_of("{{ customer.name }}" * 50)
    assert 0 < size_of(small) * 50 == size_of(large)
    assert size_of() == 0
