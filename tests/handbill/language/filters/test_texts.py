"""Filters on texts and lists."""

from __future__ import annotations

import pytest
from expression_world import Rule, Text, Value, Words

from handbill.plan.ir import Const
from handbill.plan.types import EnumType, IntType, StringType


@pytest.mark.parametrize(
    ("text", "customer", "expected"),
    [
        ("customer.email | length", {"email": "añb"}, 3),
        ("customer.favorites | count", {"favorites": ("a", "b")}, 2),
        ("customer.email | trim", {"email": " \tx\v "}, "x"),
        ("customer.email | trim", {"email": "\u00a0x"}, "\u00a0x"),
        ("customer.email | upper", {"email": "aé"}, "AÉ"),
        ("customer.email | lower", {"email": "AÉ"}, "aé"),
        ("customer.state | lower", {"state": "VT"}, "vt"),
        ("customer.email | truncate(3)", {"email": "abcd"}, "ab…"),
        ("customer.email | truncate(3)", {"email": "abc"}, "abc"),
        ("customer.email | contains('@')", {"email": "a@b"}, True),
        ("customer.email | startswith(customer.zip)", {"email": "05a", "zip": "05"}, True),
        ("customer.email | endswith('x')", {"email": "a@b"}, False),
        ("customer.email | replace('a', 'bb')", {"email": "aca"}, "bbcbb"),
        ("customer.favorites | first | default('none')", {"favorites": ()}, "none"),
        ("customer.favorites | first | default('none')", {"favorites": ("x",)}, "x"),
        ("customer.favorites[:1] | count", {"favorites": ("x", "y")}, 1),
        ("params.states | first", {}, "VT"),
        ("params.states[:1] | count", {}, 1),
        ("'abc' | contains('b')", {}, True),
    ],
)
def test_the_value(text: str, customer: dict[str, object], expected: object, value: Value) -> None:
    assert value(text, **customer) == expected


def test_in_templates(written: Value) -> None:
    assert written("customer.favorites | join(', ')", favorites=("a", "b")) == "a, b"
    assert written("customer.favorites | join", favorites=("a", "b")) == "ab"
    assert written("customer.states | join('/')", states=("VT", "ME")) == "VT/ME"
    assert written("customer.email | title", email="ann o'neil-smith") == "Ann O'neil-Smith"
    assert written("params.states[:1] | join(',')") == "VT"


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("customer.email | length", IntType(0, 100)),
        ("customer.favorites | count", IntType(0, 10)),
        ("customer.favorites[:3] | count", IntType(0, 3)),
        ("customer.favorites[:99] | count", IntType(0, 10)),
        ("customer.email | truncate(7)", StringType(7)),
        ("customer.zip | truncate(7)", StringType(5)),
        ("customer.zip | replace('ab', 'xyz')", StringType(7)),
        ("customer.zip | replace('ab', 'x')", StringType(5)),
        ("customer.state | lower", EnumType(("vt", "me", "ny", "ma"))),
        ("customer.email | upper | upper", StringType(100)),
    ],
)
def test_bounds(text: str, type_: object, rule: Rule) -> None:
    assert rule(text).type == type_


def test_join_is_bounded(hole: Text) -> None:
    assert hole("customer.favorites | join(', ')").type == StringType(10 * 20 + 9 * 2)


def test_members_of_a_changed_enum_are_known(said: Words) -> None:
    assert said("customer.state | lower == 'vt'") == ""
    assert "did you mean 'vt'?" in said("customer.state | lower == 'VT'")


def test_a_text_that_fits_is_not_cut(rule: Rule) -> None:
    assert rule("customer.zip | truncate(5)").expression == rule("customer.zip").expression


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        (
            "customer.orders | upper",
            "HB507 at 1-16: `upper` needs a text, and `customer.orders` is a whole number",
        ),
        ("customer.orders | truncate(3)", "→ '' ~ (customer.orders)"),
        ("customer.last_order | truncate(3)", "→ customer.last_order | date"),
        ("customer.orders | count", "HB507 at 1-16: `count` needs a text or a list"),
        ("customer.favorites | contains('x')", "→ 'x' in customer.favorites"),
        ("customer.email | contains('')", "HB508 at 27-29: every text contains the empty one"),
        ("customer.email | contains(3)", "HB507 at 27-28"),
        ("customer.email | replace('', 'x')", "HB508 at 26-28: the empty text cannot be replaced"),
        (
            "customer.email | replace('a', '\\u0301')",
            "HB508 at 31-39: the replacement starts with a combining mark",
        ),
        ("customer.email | first", "→ customer.email | truncate(1)"),
        ("customer.orders | first", "HB507"),
        ("customer.first_name | upper == 'X'", "HB501 at 1-20"),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


def test_join_needs_texts(said_of_hole: Words) -> None:
    assert "HB507 at 4-18: `join` needs a list of texts" in said_of_hole(
        "customer.lucky | join(',')"
    )


def test_constants_fold(rule: Rule) -> None:
    assert rule("'aé' | upper | truncate(1)").expression == Const(StringType(1), "…")
