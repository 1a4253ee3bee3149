"""A place knows its text and its range."""

from __future__ import annotations

from handbill.language.templates.draft import Place
from handbill.source.text import SourceText


def test_place() -> None:
    source = SourceText.of_file("t/a.html", "one\ntwo three")
    place = Place(source, 8, 13)
    assert place.text == "three"
    assert str(place.range) == "t/a.html:2:5"
    assert (place.range.end_line, place.range.end_column) == (2, 10)
