from __future__ import annotations

from handbill.diff.grouping import Group, Told, grouped, signature_of
from handbill.diff.model import (
    AudienceChange,
    ContentChange,
    Entry,
    PartDiff,
    Stretch,
    Subject,
    TextChange,
    Witness,
)

NO = Witness(answer="no")


def content(name: str, word: str) -> ContentChange:
    stretches = (
        Stretch(kind="same", text=f"{name} says "),
        Stretch(kind="added", text=f"{word} from {name}"),
    )
    part = PartDiff(part="subject", stretches=stretches)
    text = TextChange(where=(("only", "en-US"),), parts=(part,))
    return ContentChange(message="main", channel="email", where=text.where, texts=(text,))


def told(tenant: str, name: str, aspect: ContentChange | AudienceChange, kind="changed") -> Told:
    subject = Subject(tenant=tenant, campaign="sale")
    return Told(Entry(kind=kind, subjects=(subject,), aspects=(aspect,)), (name, tenant))


def entries(*all_told: Told) -> list[Entry]:
    groups = [Group(signature_of(each), each.entry, ()) for each in all_told]
    return [each.entry for each in grouped(groups)]


def test_the_same_words_under_two_names_are_one_change() -> None:
    (entry,) = entries(
        told("fresh-fields", "Fresh Fields", content("Fresh Fields", "hello")),
        told("lotus-lane", "Lotus Lane", content("Lotus Lane", "hello")),
    )
    assert [each.tenant for each in entry.subjects] == ["fresh-fields", "lotus-lane"]
    (aspect,) = entry.aspects
    assert isinstance(aspect, ContentChange)
    assert "Fresh Fields" in aspect.texts[0].parts[0].stretches[0].text


def test_other_words_are_another() -> None:
    one = told("fresh-fields", "Fresh Fields", content("Fresh Fields", "hello"))
    other = told("lotus-lane", "Lotus Lane", content("Lotus Lane", "bye"))
    assert len(entries(one, other)) == 2


def test_examples_of_customers_do_not_tell_changes_apart() -> None:
    def audience(points: int) -> AudienceChange:
        lost = Witness(answer="yes", customer={"points": points})
        return AudienceChange(relation="narrowed", lost=lost, gained=NO, kept=NO, clauses=())

    assert len(entries(told("a", "A", audience(1)), told("b", "B", audience(2)))) == 1


def test_what_stops_comes_first() -> None:
    aspect = content("A", "hello")
    found = entries(told("a", "A", aspect), told("b", "B", aspect, kind="stopped"))
    assert [entry.kind for entry in found] == ["stopped", "changed"]
