"""The readings before each part of an address."""

from __future__ import annotations

from handbill.language.html.address_holes import address_readings
from handbill.language.html.address_reading import MANY, MAX_READINGS, Part
from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.types import BoolType, StringType

TEXT = StringType(40)
NAME = Field(("customer", "name"), TEXT)
GOLD = Field(("customer", "gold"), BoolType())


def either(*texts: str) -> Expression:
    first, *rest = (Const(TEXT, text) for text in texts)
    return Call(Operation.IF, (GOLD, first, rest[0]), TEXT)


def test_each_part_knows_what_is_before_it() -> None:
    readings = address_readings(["https://x.example/", NAME, "?a=", NAME])
    assert [{each.part for each in found} for found in readings] == [
        {Part.NONE}, {Part.PATH}, {Part.PATH}, {Part.QUERY},
    ]  # fmt: skip


def test_a_choice_between_constants_is_a_part_of_the_address() -> None:
    before = address_readings([either("https://a.example/", "https://b.example?"), NAME])[1]
    assert {(each.host, each.part) for each in before} == {
        ("a.example", Part.PATH), ("b.example", Part.QUERY),
    }  # fmt: skip
    (blank,) = address_readings(["https://x.example/", Const(TEXT, " "), NAME])[2]
    assert blank.text == "x"  # percent-encoded, so no segment of dots any more


def test_too_many_ways() -> None:
    parts = ["https://x", *(either("a", "b") for _ in range(7)), "/"]
    assert MAX_READINGS < 2**7
    assert address_readings([*parts, NAME])[-1] == {MANY}
