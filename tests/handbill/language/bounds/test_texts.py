"""The extent of single expressions; whole templates are in test_rendering."""

from __future__ import annotations

import pytest

from handbill.language.bounds.measure import extent_of_text
from handbill.language.bounds.rendering import Rendering
from handbill.language.bounds.world import EMPTY_WORLD, Bound
from handbill.plan.ir import Call, Const, Each, Escape, Expression, Field, Local, Operation, Step
from handbill.plan.types import EnumType, IntType, ListType, MemberType, ObjectType, StringType

READER = Rendering()
NAME = Field(("customer", "name"), StringType(5))
TIERS = Field(("customer", "tiers"), ListType(EnumType(("a", "b&b")), 3))


def call(operation: Operation, *arguments: Expression) -> Call:
    return Call(operation, arguments, StringType(99))


def text(value: str) -> Const:
    return Const(StringType(len(value)), value)


@pytest.mark.parametrize(
    ("expression", "escape", "least", "most"),
    [
        (text("a&b"), Escape.HTML_TEXT, 7, 7),
        (NAME, Escape.HTML_ATTRIBUTE, 0, 30),
        (call(Operation.JOIN, TIERS, text("<")), Escape.HTML_TEXT, 0, 3 * 7 + 2 * 4),
        (call(Operation.FIRST, TIERS), Escape.HTML_TEXT, 1, 7),
        (call(Operation.MAXIMUM, TIERS), Escape.NONE, 1, 3),
        (call(Operation.REPLACE, NAME, text("\n"), text("xyz")), Escape.PLAIN, 0, 20),
        (call(Operation.REPLACE, NAME, text("a"), text("\n\n")), Escape.PLAIN, 0, 20),
        (call(Operation.TITLE, NAME), Escape.HTML_TEXT, 0, 25),
        (call(Operation.TRUNCATE, call(Operation.CONCAT, text("abcdef"), NAME), Const(IntType(4, 4), 4)), Escape.NONE, 6, 15),
    ],
)  # fmt: skip
def test_bytes(expression: Expression, escape: Escape, least: int, most: int) -> None:
    extent = READER.text(expression, (escape,), EMPTY_WORLD)
    assert extent.low.bytes <= least
    assert extent.high.bytes == most


def test_members_and_lists_of_objects() -> None:
    product = ObjectType(
        (MemberType("name", StringType(7), True), MemberType("size", IntType(1, 9)))
    )
    bought = Field(("customer", "bought"), ListType(product, 3))
    item = Local("x", product)
    from handbill.plan.ir import Member

    names = Each(
        Step.MAP, bought, "x", Member(item, "name", StringType(7)), ListType(StringType(7), 3)
    )
    joined = call(Operation.JOIN, names, text(", "))
    assert READER.text(joined, (), EMPTY_WORLD).high.characters == 3 * 7 + 2 * 2
    last = Member(Call(Operation.LAST, (bought,), product), "name", StringType(7))
    assert (
        READER.text(
            call(Operation.DEFAULT, last, text("nothing at all")), (), EMPTY_WORLD
        ).high.characters
        == 14
    )
    sizes = Member(item, "size", IntType(1, 9))
    assert READER.text(call(Operation.INT_TEXT, sizes), (), EMPTY_WORLD) == extent_of_text("1")


def test_a_list_is_no_text() -> None:
    with pytest.raises(TypeError):
        READER.text(Each(Step.SORT, TIERS, "x", NAME, TIERS.type), (), EMPTY_WORLD)  # type: ignore[arg-type]


def test_a_local_is_what_it_stands_for() -> None:
    world = EMPTY_WORLD.binding("x", Bound(text("ab"), EMPTY_WORLD), Bound(NAME, EMPTY_WORLD))
    local = Local("x", StringType(50))
    assert READER.length(local, world) == (0, 5)
    assert READER.text(local, (Escape.HTML_TEXT,), world).high.bytes == 25
    assert READER.length(local, EMPTY_WORLD) == (0, 50)
