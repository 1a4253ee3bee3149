"""Tokens with their offsets and quotes, read as a browser's tokenizer reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.language.html.markup import (
    Characters,
    Comment,
    Doctype,
    EndTag,
    HtmlToken,
    Malformed,
    StartTag,
)
from handbill.language.html.markup_reader import read_markup


def tokens(text: str) -> list[HtmlToken]:
    return [each for each in read_markup(text) if not isinstance(each, Malformed)]


def test_each_kind_stands_where_it_says() -> None:
    text = "<!doctype html><p class=a>one &amp; two</p><!-- x --><br/>"
    found = tokens(text)
    kinds = [type(each) for each in found]
    assert kinds == [Doctype, StartTag, Characters, EndTag, Comment, StartTag]
    pieces = [text[each.start : each.end] for each in found if not isinstance(each, Malformed)]
    assert "".join(pieces) == text
    assert isinstance(found[2], Characters) and found[2].data == "one & two"
    assert isinstance(found[5], StartTag) and found[5].self_closing


@pytest.mark.parametrize(
    ("text", "value", "quote"),
    [
        ('<a href="x&amp;y">', "x&y", '"'),
        ("<a href='x'>", "x", "'"),
        ("<a href=x>", "x", ""),
        ("<A HREF = x >", "x", ""),
    ],
)
def test_a_value_is_known_by_its_quote_and_its_place(text: str, value: str, quote: str) -> None:
    (tag,) = tokens(text)
    assert isinstance(tag, StartTag) and tag.name == "a"
    (item,) = tag.attributes
    assert (item.name, item.value, item.quote) == ("href", value, quote)
    assert text[item.start] == "x"


def test_an_attribute_without_a_value_has_no_place() -> None:
    (tag,) = tokens("<input disabled>")
    assert isinstance(tag, StartTag)
    assert [(item.name, item.start) for item in tag.attributes] == [("disabled", -1)]


@pytest.mark.parametrize("name", ["title", "textarea", "style", "xmp", "script"])
def test_what_stands_in_text_elements_is_no_markup(name: str) -> None:
    found = tokens(f"<{name}><b>x</b></{name}><i>")
    assert isinstance(found[1], Characters) and found[1].data == "<b>x</b>"
    assert [type(each) for each in found] == [StartTag, Characters, EndTag, StartTag]


def test_after_plaintext_nothing_is_markup() -> None:
    found = tokens("<plaintext><b></plaintext>")
    assert [type(each) for each in found] == [StartTag, Characters]


def test_what_cannot_be_read_is_told() -> None:
    errors = [each for each in read_markup("<p <b>") if isinstance(each, Malformed)]
    assert errors and errors[0].error == "invalid-character-in-attribute-name"


@given(st.text(alphabet="<>/!-&;= '\"abp?", max_size=40))
def test_offsets_never_leave_the_text_or_go_back(text: str) -> None:
    before = 0
    for each in tokens(text):
        assert not isinstance(each, Malformed)
        assert before <= each.start <= each.end <= len(text)
        before = each.end
