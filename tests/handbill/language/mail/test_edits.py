"""Insertions land where they are meant, in every body, and everything else keeps its place."""

from __future__ import annotations

from handbill.language.mail.edits import Edits, written
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
from handbill.plan.ir import Const, Field
from handbill.plan.types import BoolType, ListType, StringType
from handbill.source.text import SourceText

SOURCE = SourceText.of_file("t/a.html", "0123456789abcdefghij")
YES = Field(("customer", "gold"), BoolType())
NAME = Field(("customer", "name"), StringType(9))
ITEMS = Field(("customer", "near"), ListType(StringType(9), 3))


def piece(start: int, end: int) -> DraftText:
    return DraftText(SOURCE.text[start:end], Place(SOURCE, start, end))


def place() -> Place:
    return Place(SOURCE, 19, 20)


def hole() -> DraftPut:
    return DraftPut(NAME, place())


def tree() -> tuple[Draft, ...]:
    choice = DraftIf((DraftBranch(YES, (piece(2, 4),), place()),), (piece(4, 6), hole()), place())
    loop = DraftFor("item", ITEMS, 3, (hole(), piece(6, 8)), (piece(8, 9),), place())
    return (piece(0, 2), DraftSet("x", NAME), choice, loop, piece(9, 10))


def shown(drafts: tuple[Draft, ...]) -> str:
    result = ""
    for draft in drafts:
        match draft:
            case DraftText(text=text):
                result += text
            case DraftPut(expression=Const(value=value)):
                result += f"<{value}>"
            case DraftPut():
                result += "{}"
            case DraftIf(branches=(branch,), otherwise=otherwise):
                result += f"[{shown(branch.body)}|{shown(otherwise)}]"
            case DraftFor(body=body, otherwise=otherwise):
                result += f"({shown(body)}|{shown(otherwise)})"
            case DraftSet():
                result += "="
    return result


def test_without_edits_the_drafts_are_the_same() -> None:
    drafts = tree()
    assert Edits(mark_template(drafts)).apply(drafts) is drafts


def test_every_offset() -> None:
    drafts = tree()
    marked = mark_template(drafts)
    for offset, char in enumerate(marked.text):
        if char in SOURCE.text and marked.place(offset, offset + 1).text == char:
            edits = Edits(marked)
            edits.insert(offset, [written("*", place())])
            assert f"*{char}" in shown(edits.apply(drafts)), offset


def test_before_holes_and_turns() -> None:
    drafts = tree()
    marked = mark_template(drafts)
    edits = Edits(marked)
    for number in range(len(marked.marks)):
        kind = next(k for k in "ponc" if f"hb{number}{k}" in marked.text)
        if kind in "po":
            edits.insert(marked.text.index(f"hb{number}{kind}"), [written("*", place())])
    assert shown(edits.apply(drafts)) == "01=*[23|45*{}]*(*{}67|8)9"


def test_several_in_one_text_and_a_changed_hole() -> None:
    drafts = tree()
    marked = mark_template(drafts)
    edits = Edits(marked)
    edits.insert(1, [written("b", place())])
    edits.insert(0, [written("a", place())])
    number = next(n for n, each in enumerate(marked.marks) if isinstance(each, DraftPut))
    edits.put(number, DraftPut(Const(StringType(1), "k"), place()))
    result = edits.apply(drafts)
    assert shown(result) == "a0b1=[23|45<k>]({}67|8)9"
    texts = [draft for draft in result if isinstance(draft, DraftText)]
    assert [each.place.text for each in texts] == ["", "0", "", "1", "9"]
