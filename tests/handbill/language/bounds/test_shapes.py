"""Lengths and characters of texts that are cut, trimmed or joined."""

from __future__ import annotations

import pytest
from bounds_world import expression_of

from handbill.language.bounds.rendering import Rendering
from handbill.language.bounds.shapes import Shape, step_of
from handbill.language.bounds.spelling import Swap
from handbill.language.bounds.world import EMPTY_WORLD
from handbill.plan.alphabets import GSM
from handbill.plan.ir import Call, Const, Each, Field, Local, Operation, Step
from handbill.plan.types import EnumType, IntType, ListType, StringType

READER = Rendering()
NICK = Field(("customer", "nick"), StringType(9, "gsm"))


def shape(text: str) -> Shape:
    return READER.shape(expression_of(text), EMPTY_WORLD)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("customer.nick", Shape(0, 9, GSM)),
        ("customer.name", Shape(0, 12, None)),
        ("'ab' ~ customer.nick", Shape(2, 11, GSM)),
        ("customer.nick | truncate(4)", Shape(0, 4, GSM | {"…"})),
        ("customer.nick | truncate(9)", Shape(0, 9, GSM)),
        ("customer.nick | trim", Shape(0, 9, GSM)),
        ("customer.nick if customer.gold else 'no'", Shape(0, 9, GSM)),
        ("customer.orders", Shape(1, 4, frozenset("-.0123456789"))),
        ("customer.nick | replace('ab', 'xyz')", Shape(0, 13, GSM)),
        ("customer.nick | replace('’', 'xyz')", Shape(0, 9, GSM)),
        ("customer.nick | replace('é’', 'xyz')", Shape(0, 9, GSM)),
        ("customer.nicks | default([]) | join('-')", Shape(0, 14, GSM)),
        ("customer.nicks | default([]) | first | default('abcdef')", Shape(0, 6, GSM)),
        ("customer.birthday | date('day') if customer.birthday is defined else ''", Shape(0, 12, frozenset("0123456789 ") | frozenset("JanuaryFebruaryMarchAprilMayJuneJulyAugustSeptemberOctoberNovemberDecember"))),
    ],
)  # fmt: skip
def test_shape(text: str, expected: Shape) -> None:
    found = shape(text)
    assert (found.low, found.high) == (expected.low, expected.high)
    if expected.letters is None:
        assert found.letters is None
    else:
        assert found.letters is not None and found.letters <= expected.letters | set("-.")


def test_title_may_leave_the_alphabet() -> None:
    found = shape("customer.nick | title")
    assert found.letters is not None and "À" in found.letters and "ç" in found.letters


def test_a_short_result_is_looked_for_among_all_lengths() -> None:
    """Two of three characters vanish: of 6 none is left, of 5 two are."""
    text = Field(("customer", "nick"), StringType(6, "gsm"))
    gone = Call(Operation.REPLACE, (text, Const(StringType(3), "abc"), Const(StringType(0), "")),
                StringType(6))  # fmt: skip
    longer = EMPTY_WORLD.knowing(
        text, READER.assume(_at_least(text, 5), True, EMPTY_WORLD).of(text)
    )  # type: ignore[union-attr]
    assert READER.shape(gone, longer).low == 0


def _at_least(text: Field, size: int) -> Call:
    length = Call(Operation.LENGTH, (text,), IntType(0, 9))
    return Call(Operation.GE, (length, Const(IntType(size, size), size)), IntType())


def test_items() -> None:
    assert READER.item(Const(ListType(StringType(2), 2), ("a", "bc")), EMPTY_WORLD) == Shape(
        1, 2, frozenset("abc")
    )
    tiers = Field(("customer", "tiers"), ListType(EnumType(("a", "bcd")), 2))
    assert READER.item(tiers, EMPTY_WORLD) == Shape(1, 3, frozenset("abcd"))
    item = Local("x", EnumType(("a", "bcd")))
    mapped = Each(Step.MAP, tiers, "x", Call(Operation.CONCAT, (item, NICK), StringType(12)),
                  ListType(StringType(12), 2))  # fmt: skip
    assert READER.item(mapped, EMPTY_WORLD).high == 12
    firsts = Call(Operation.SLICE, (mapped, Const(IntType(1, 1), 1)), ListType(StringType(12), 1))
    assert READER.item(firsts, EMPTY_WORLD) == READER.item(mapped, EMPTY_WORLD)
    either = Call(
        Operation.IF, (Field(("customer", "gold"), IntType()), firsts, tiers), firsts.type
    )
    assert READER.item(either, EMPTY_WORLD).low == 1


@pytest.mark.parametrize("type_", [IntType(), ListType(IntType(), 3)])
def test_what_is_no_text_has_no_shape(type_: object) -> None:
    with pytest.raises(TypeError):
        READER.item(Field(("customer", "n"), type_), EMPTY_WORLD)  # type: ignore[arg-type]


def test_steps() -> None:
    assert step_of(Call(Operation.UPPER, (NICK,), StringType(9))) == "upper"
    assert step_of(Call(Operation.LOWER, (NICK,), StringType(9))) == "lower"
    old, new = Const(StringType(1), "a"), Const(StringType(2), "bc")
    assert step_of(Call(Operation.REPLACE, (NICK, old, new), StringType(18))) == Swap("a", "bc")
    assert step_of(Call(Operation.REPLACE, (NICK, new, old), StringType(9))) is None
    assert step_of(Call(Operation.TRIM, (NICK,), StringType(9))) is None
