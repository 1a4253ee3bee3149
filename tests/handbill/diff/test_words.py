from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handbill.diff.model import PartDiff
from handbill.diff.words import html_words, part_diff, shortened_diff

WORDS = st.lists(st.sampled_from(["a", "b", "c", " ", "\n", "  "]), max_size=12).map("".join)


def sides(diff: PartDiff) -> tuple[str, str]:
    before = "".join(each.text for each in diff.stretches if each.kind != "added")
    after = "".join(each.text for each in diff.stretches if each.kind != "removed")
    return before, after


@given(WORDS, WORDS)
def test_both_texts_can_be_read_from_a_diff(before: str, after: str) -> None:
    assert sides(part_diff("subject", before, after)) == (before, after)


@given(WORDS)
def test_equal_texts_have_no_difference(text: str) -> None:
    assert all(each.kind == "same" for each in part_diff("subject", text, text).stretches)


def test_a_phrase_is_one_difference() -> None:
    diff = part_diff("subject", "Double points this weekend", "Double points until Sunday night")
    assert [(each.kind, each.text) for each in diff.stretches] == [
        ("same", "Double points "),
        ("removed", "this weekend"),
        ("added", "until Sunday night"),
    ]


def test_html_is_compared_as_its_words() -> None:
    old = "<html><head><style>p {color: red}</style></head><p>Hello <b>you</b> &amp; me</p></html>"
    new = old.replace("you", "both").replace("red", "blue")
    diff = part_diff("html", old, new)
    assert sides(diff) == ("Hello you & me", "Hello both & me")


def test_where_words_are_equal_addresses_are_compared() -> None:
    old = '<p>Shop <a href="https://shop.example/a">here</a></p>'
    diff = part_diff("html", old, old.replace("example/a", "example/b"))
    assert sides(diff) == ("https://shop.example/a", "https://shop.example/b")


def test_else_the_markup_is() -> None:
    assert sides(part_diff("html", "<p>a</p>", "<h1>a</h1>")) == ("<p>a</p>", "<h1>a</h1>")


def test_what_cannot_be_seen_is_no_word() -> None:
    assert (
        html_words("<div>now\u034f\u200c \u034f\u200c</div><!-- no --><p>x<br>y</p>") == "now\nx\ny"
    )


def test_a_long_part_is_shortened_to_what_stands_beside_a_difference() -> None:
    text = " ".join(f"w{number}" for number in range(400))
    diff = part_diff("body", f"{text} old", f"{text} new")
    short = shortened_diff(diff)
    assert len(short.stretches[0].text) < 200
    assert [each.text for each in short.stretches[1:]] == ["old", "new"]
