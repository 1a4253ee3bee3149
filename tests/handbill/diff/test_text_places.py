from __future__ import annotations

import pytest

from handbill.diff.text_places import ADD, AND, ATOM, COMPARE, FILTER, MUL, OR, Printed


@pytest.mark.parametrize(
    ("text", "place", "wanted", "written"),
    [
        ("a or b", OR, AND, "(a or b)"),
        ("a and b", AND, OR, "a and b"),
        ("a + b", ADD, MUL, "(a + b)"),
        ("a + b", ADD, ADD, "a + b"),
        ("a", ATOM, ATOM, "a"),
        ("a | length", FILTER, ATOM, "(a | length)"),
        ("a | length", FILTER, COMPARE, "a | length"),
    ],
)
def test_parentheses_stand_only_where_they_are_needed(
    text: str, place: int, wanted: int, written: str
) -> None:
    assert Printed(text, place).within(wanted) == written


def test_a_filter_behind_an_operator_stands_in_parentheses() -> None:
    assert Printed("a | length", FILTER).behind(COMPARE) == "(a | length)"
    assert Printed("a", ATOM).behind(COMPARE) == "a"
    assert Printed("a or b", OR).behind(COMPARE) == "(a or b)"
