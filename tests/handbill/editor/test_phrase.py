"""What is being written of an expression."""

from __future__ import annotations

import pytest

from handbill.editor.phrase import (
    Phrase,
    Wants,
    phrase_in_expression,
    phrase_in_text,
    word_around,
)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", Phrase(Wants.NAME, "")),
        ("cus", Phrase(Wants.NAME, "cus")),
        ("customer.", Phrase(Wants.MEMBER, "", ("customer",))),
        ("a > 1 and customer.store.na", Phrase(Wants.MEMBER, "na", ("customer", "store"))),
        ("customer.points | de", Phrase(Wants.FILTER, "de")),
        ("customer.points|", Phrase(Wants.FILTER, "")),
        ("customer.store is ", Phrase(Wants.TEST, "")),
        ("customer.store is not def", Phrase(Wants.TEST, "def")),
        ("customer.state in ['V", None),
        ("customer.state == 'V' or ", Phrase(Wants.NAME, "")),
        ("f('a | b", None),
    ],
)
def test_expressions(before: str, expected: Phrase | None) -> None:
    assert phrase_in_expression(before) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Hello", None),
        ("Hello {{ customer.fi", Phrase(Wants.MEMBER, "fi", ("customer",))),
        ("Hello {{ customer.first_name }} and", None),
        ("{{ a }} {{ b | ", Phrase(Wants.FILTER, "")),
        ("{% ", Phrase(Wants.STATEMENT, "")),
        ("{% inc", Phrase(Wants.STATEMENT, "inc")),
        ("{% if customer.", Phrase(Wants.MEMBER, "", ("customer",))),
        ('{% include "group/re', Phrase(Wants.FILE, "group/re")),
        ("{# customer.", None),
        ("{# note #}{{ x", Phrase(Wants.NAME, "x")),
    ],
)
def test_texts(before: str, expected: Phrase | None) -> None:
    assert phrase_in_text(before) == expected


def test_the_word_around() -> None:
    assert word_around("a first_name |", 5) == (2, 12)
    assert word_around("  ", 1) == (1, 1)
