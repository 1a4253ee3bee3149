"""What a tag answers for an attribute, and which elements have which content."""

from __future__ import annotations

from handbill.language.html.markup import RAWTEXT, RCDATA, VOID, Attribute, StartTag


def test_the_first_attribute_of_a_name_counts() -> None:
    both = (Attribute("href", "a", '"', 9), Attribute("href", "b", "'", 18))
    tag = StartTag("a", both, self_closing=False, start=0, end=20)
    assert tag.get("href") == "a"
    assert tag.get("title") is None


def test_no_element_is_read_in_two_ways() -> None:
    assert not RCDATA & RAWTEXT
    assert not VOID & (RCDATA | RAWTEXT)
    assert {"br", "img"} <= VOID and "p" not in VOID
