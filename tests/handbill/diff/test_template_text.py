"""Every operation of a message in words."""

from __future__ import annotations

from handbill.diff.template_text import template_text
from handbill.plan.ir import (
    Branch,
    Call,
    Escape,
    Field,
    For,
    If,
    Local,
    Operation,
    Put,
    Set,
    Text,
)
from handbill.plan.types import BoolType, IntType, ListType, StringType

NAME = Field(("customer", "first_name"), StringType(40))
MEMBER = Field(("customer", "is_member"), BoolType())
ITEMS = Field(("customer", "departments"), ListType(StringType(40), 5))


def test_texts_and_holes() -> None:
    ops = (Text("Hello "), Put(NAME, Escape.PLAIN), Text("!"))
    assert template_text(ops) == "Hello {{ customer.first_name }}!"


def test_a_hole_writes_numbers_out_by_itself() -> None:
    orders = Field(("customer", "lifetime_orders"), IntType(0, 9))
    written = Call(Operation.INT_TEXT, (orders,), StringType(1))
    assert template_text((Put(written, Escape.PLAIN),)) == "{{ customer.lifetime_orders }}"


def test_branches() -> None:
    branches = (Branch(MEMBER, (Text("a"),)), Branch(MEMBER, (Text("b"),)))
    whole = "{% if customer.is_member %}a{% elif customer.is_member %}b"
    assert template_text((If(branches, (Text("c"),)),)) == whole + "{% else %}c{% endif %}"
    assert template_text((If(branches),)) == whole + "{% endif %}"


def test_loops_and_names() -> None:
    item = Put(Local("each", StringType(40)), Escape.PLAIN)
    loop = For("each", ITEMS, 2, (item,), (Text("none"),))
    assert template_text((Set("x", NAME), loop)) == (
        "{% set x = customer.first_name %}"
        "{% for each in customer.departments[:2] %}{{ each }}{% else %}none{% endfor %}"
    )
