"""Templates as one string with marks: nothing in a template is ever mistaken for a mark."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handbill.language.templates.draft import (
    Draft,
    DraftBranch,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftText,
    Place,
)
from handbill.language.templates.marked import absent_prefix, mark_pattern, mark_template
from handbill.plan.ir import Const
from handbill.plan.types import BoolType, StringType
from handbill.source.text import SourceText

SOURCE = SourceText.of_file("t/a.html", "0123456789" * 10)
YES = Const(BoolType(), True)


def text(value: str, start: int = 0) -> DraftText:
    return DraftText(value, Place(SOURCE, start, start + len(value)))


def hole(start: int = 0) -> DraftPut:
    return DraftPut(Const(StringType(1), "x"), Place(SOURCE, start, start + 1))


def test_holes_and_turns_are_words() -> None:
    branch = DraftBranch(YES, (hole(),), Place(SOURCE, 0, 1))
    loop = DraftFor("f", YES, 3, (text("b"),), (), Place(SOURCE, 0, 1))
    drafts = (text("a"), DraftIf((branch,), (text("c"),), Place(SOURCE, 0, 1)), loop)
    assert mark_template(drafts).text == "ahb0ohb1phb2nchb3chb4obhb5nhb6c"


def test_the_prefix_is_absent_from_every_text() -> None:
    assert absent_prefix(["<p>", "x"]) == "hb"
    assert absent_prefix(["the HB12 pencil", "hbq"]) == "hbqq"


def test_texts_that_spell_a_mark_together() -> None:
    drafts = (text("h"), text("b7p"), hole())
    marked = mark_template(drafts)
    assert marked.text == "hb7phbq0p"
    assert [match[1] for match in mark_pattern(marked.prefix).finditer(marked.text)] == ["0"]


def test_places_lead_back_to_the_source() -> None:
    marked = mark_template((text("abc", 10), hole(40), text("def", 20)))
    assert marked.text == "abchb0pdef"
    assert marked.place(1, 3) == Place(SOURCE, 11, 13)
    assert marked.place(3, 7) == Place(SOURCE, 40, 41)
    assert marked.place(8, 10) == Place(SOURCE, 21, 23)
    assert marked.place(1, 9) == Place(SOURCE, 11, 13), "the part in the first piece"


pieces = st.lists(
    st.one_of(st.just(None), st.text(alphabet="hbqHB0123pon ", min_size=1, max_size=6)), max_size=8
)


@given(pieces)
def test_marks_are_found_and_nothing_else(given_pieces: list[str | None]) -> None:
    drafts: tuple[Draft, ...] = tuple(
        hole() if each is None else text(each) for each in given_pieces
    )
    marked = mark_template(drafts)
    found = [int(match[1]) for match in mark_pattern(marked.prefix).finditer(marked.text)]
    assert found == list(range(sum(each is None for each in given_pieces)))
