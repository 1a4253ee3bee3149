"""What was found in the result is found again in what its authors wrote."""

from __future__ import annotations

import pytest

from handbill.language.html.link_places import place_written
from handbill.language.templates.draft import (
    Draft,
    DraftBranch,
    DraftIf,
    DraftPut,
    DraftText,
    Place,
)
from handbill.plan.ir import Const, Field
from handbill.plan.types import BoolType, StringType
from handbill.source.text import SourceText

SOURCE = SourceText.of_file("a.html", '<a href="https://Bit.ly/a">my-bit.ly bit.lyx</a>{{ x }}')
HOLE = Place(SOURCE, 48, 55)


def written(text: str) -> Draft:
    start = SOURCE.text.index(text)
    return DraftText(text, Place(SOURCE, start, start + len(text)))


DRAFTS = (
    written("my-bit.ly bit.lyx"),
    DraftIf(
        (DraftBranch(Const(BoolType(), True), (written("https://Bit.ly/a"),), HOLE),), (), HOLE
    ),
)


@pytest.mark.parametrize(
    ("text", "found"), [("bit.ly", "Bit.ly"), ("bit.ly/a", "Bit.ly/a"), ("x", None), ("", None)]
)
def test_as_a_word_of_its_own_whatever_its_case(text: str, found: str | None) -> None:
    place = place_written(text, DRAFTS)
    assert (place.text if place else None) == found


def test_a_constant_is_written_by_its_hole() -> None:
    type_ = StringType(40)
    value = DraftPut(Field(("customer", "name"), type_), HOLE)
    constant = DraftPut(Const(type_, "https://bit.ly/a"), HOLE)
    assert place_written("bit.ly", (value, constant)) == HOLE
    assert place_written("bit.ly", (value,)) is None
