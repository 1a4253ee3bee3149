"""Drafts become few operations that write the same."""

from __future__ import annotations

from template_world import ops_of

from handbill.language.templates.assembly import merged
from handbill.plan.ir import Branch, Const, Escape, Field, For, If, Local, Put, Set, Text
from handbill.plan.types import BoolType, ListType, StringType

GOLD = Field(("customer", "gold"), BoolType())
LIST = Field(("customer", "favorites"), ListType(StringType(9), 5))
NAME = Put(Local("x", StringType(9)), Escape.NONE)


def test_neighbouring_texts_are_one() -> None:
    assert merged([Text("a"), Text(""), Text("b"), NAME, Text("c")]) == (
        Text("ab"),
        NAME,
        Text("c"),
    )


def test_branches_that_do_nothing_go() -> None:
    assert merged([Text("a"), If((Branch(GOLD, ()),)), Text("b")]) == (Text("ab"),)
    same = (Text("x"),)
    assert merged([If((Branch(GOLD, same),), same), Text("b")]) == (Text("xb"),)
    last_is_else = If((Branch(GOLD, (Text("x"),)), Branch(GOLD, ())), ())
    assert merged([last_is_else]) == (If((Branch(GOLD, (Text("x"),)),)),)


def test_a_set_in_a_branch_stays() -> None:
    binding = If((Branch(GOLD, (Set("x", Const(BoolType(), True)),)),))
    assert merged([binding]) == (binding,)


def test_loops_that_write_nothing_go() -> None:
    assert merged([For("x", LIST, 5, ())]) == ()
    kept = For("x", LIST, 5, (), (Text("none"),))
    assert merged([kept]) == (kept,)


def test_a_template_of_constants_is_one_text() -> None:
    ops = ops_of("<p>{% if params.loud %}{{ tenant.name | upper }}{% else %}x{% endif %}!</p>")
    assert ops == (Text("<p>FRESH &amp; FIELDS!</p>"),)
