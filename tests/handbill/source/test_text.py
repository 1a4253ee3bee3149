"""Offsets in a text become places in its file."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import SourceRange
from handbill.source.text import SourceText


def test_a_whole_file() -> None:
    text = SourceText.of_file("a.html", "one\ntwo é three\n")
    assert text.range(4, 7) == SourceRange("a.html", 2, 1, 2, 4)
    assert text.range(10, 15) == SourceRange("a.html", 2, 7, 2, 12)
    assert text.whole == SourceRange("a.html", 1, 1, 3, 1)
    assert text.range(2, 5) == SourceRange("a.html", 1, 3, 2, 2)


def test_an_end_before_its_start_is_an_empty_range() -> None:
    text = SourceText.of_file("a.html", "one")
    assert text.range(2, 1) == SourceRange("a.html", 1, 3, 1, 3)


def test_inexact_text_answers_with_the_whole() -> None:
    whole = SourceRange("a.yaml", 3, 4, 5, 6)
    assert SourceText("x", "a.yaml", whole, exact=False).range(0, 1) == whole
