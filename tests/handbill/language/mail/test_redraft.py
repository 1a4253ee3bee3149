"""Marked HTML as drafts again."""

from __future__ import annotations

import pytest
from template_world import run

from handbill.language.mail.redraft import GENERATED, OutOfOrder, redraft
from handbill.language.templates.assembly import operations_of
from handbill.language.templates.draft import (
    Draft,
    DraftBranch,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftSet,
    DraftText,
    Place,
)
from handbill.language.templates.marked import mark_template
from handbill.plan.ir import Escape, Field, Local, Put
from handbill.plan.types import BoolType, ListType, StringType
from handbill.source.text import SourceText

SOURCE = SourceText.of_file("t/a.mjml", "x")
AT = Place(SOURCE, 0, 1)
TEXT = StringType(40)
GOLD = Field(("customer", "gold"), BoolType())
NAME = Field(("customer", "name"), TEXT)
FAVORITES = Field(("customer", "favorites"), ListType(TEXT, 5))


def put(expression: Field | Local = NAME) -> DraftPut:
    return DraftPut(expression, AT)


def words(text: str) -> DraftText:
    return DraftText(text, AT)


ORIGINAL: tuple[Draft, ...] = (
    words("a"),
    DraftSet("first", NAME),
    put(),
    DraftIf(
        (DraftBranch(GOLD, (words("b"), DraftSet("who", NAME)), AT),),
        (DraftSet("who", Field(("customer", "id"), TEXT)),),
        AT,
    ),
    words("c"),
    DraftSet("last", Local("who", TEXT)),
    put(Local("last", TEXT)),
    DraftFor("d", FAVORITES, 5, (put(Local("d", TEXT)),), (words("none"),), AT),
)
MARKED = mark_template(ORIGINAL)


def made(html: str) -> str:
    drafts = redraft(html, ORIGINAL, MARKED.marks, MARKED.prefix)
    return run(operations_of(drafts, lambda each: Put(each.expression, Escape.NONE)))


def test_the_same_text_means_the_same() -> None:
    assert MARKED.text == "ahb0phb1obhb2nhb3cchb4phb5ohb6phb7nnonehb8c"
    assert made(MARKED.text) == "aAnnbcAnnBakeryDairy"


def test_what_was_written_between_the_marks_counts() -> None:
    html = (
        MARKED.text.replace("a", "<p>", 1).replace("none", "nobody").replace("hb6p", "<b>hb6p</b>")
    )
    assert made(html) == "<p>AnnbcAnn<b>Bakery</b><b>Dairy</b>"


def test_a_hole_may_stand_in_several_places_or_in_none() -> None:
    drafts = redraft(f"hb0p+hb0p{MARKED.text[1:]}", ORIGINAL, MARKED.marks, MARKED.prefix)
    holes = [each for each in drafts if isinstance(each, DraftPut)]
    assert len(holes) == 4 and len({id(each) for each in holes}) == 4
    assert made(MARKED.text.replace("hb0p", "")) == "abcAnnBakeryDairy"


def test_new_texts_are_told_apart_from_the_authors() -> None:
    drafts = redraft(MARKED.text, ORIGINAL, MARKED.marks, MARKED.prefix)
    texts = [each for each in drafts if isinstance(each, DraftText)]
    assert {each.place.source.file for each in texts} == {GENERATED}
    assert [each.place.text for each in texts] == [each.text for each in texts]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hb3c", ""),
        ("hb1o", ""),
        ("hb2n", ""),
        ("hb2n", "hb3chb2n"),
        ("hb1ob", "bhb2nhb1o"),
        ("hb3cchb4phb5o", "hb5ohb3cchb4p"),
        ("hb5ohb6phb7nnonehb8c", ""),
        ("hb8c", "hb8chb8c"),
        ("hb8c", "hb8chb7n"),
    ],
)
def test_marks_out_of_order(old: str, new: str) -> None:
    assert old in MARKED.text
    with pytest.raises(OutOfOrder):
        made(MARKED.text.replace(old, new))
