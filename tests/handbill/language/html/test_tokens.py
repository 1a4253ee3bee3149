"""The typed tokens: offsets are exact, quotes are known, special elements are read as browsers do."""

from __future__ import annotations

from html.entities import html5

import pytest
from html5lib.constants import entities
from hypothesis import given
from hypothesis import strategies as st

from handbill.language.html.markup_reader import read_markup
from handbill.language.html.tokens import (
    Characters,
    Comment,
    Doctype,
    EndTag,
    Malformed,
    StartTag,
    html_tokens,
)


def test_every_token_says_where_it_stands() -> None:
    html = '<!DOCTYPE html>\n<p class="a">Hi &amp; <b>you</b></p><!-- x -->'
    tokens = list(html_tokens(html))
    assert [type(token) for token in tokens] == [
        Doctype, Characters, StartTag, Characters, StartTag, Characters, EndTag, EndTag, Comment,
    ]  # fmt: skip
    ends = [html[token.start : token.end] for token in tokens if not isinstance(token, Malformed)]
    assert ends == [
        "<!DOCTYPE html>", "\n", '<p class="a">', "Hi &amp; ", "<b>", "you", "</b>", "</p>",
        "<!-- x -->",
    ]  # fmt: skip
    assert "".join(ends) == html


def test_attributes_know_their_quotes_and_values() -> None:
    html = """<a href="x&amp;y" title='q' id=plain disabled DATA-x = "z">"""
    (tag,) = html_tokens(html)
    assert isinstance(tag, StartTag)
    found = [(item.name, item.value, item.quote) for item in tag.attributes]
    assert found == [
        ("href", "x&y", '"'),
        ("title", "q", "'"),
        ("id", "plain", ""),
        ("disabled", "", ""),
        ("data-x", "z", '"'),
    ]
    starts = [html[item.start] if item.start >= 0 else None for item in tag.attributes]
    assert starts == ["x", "q", "p", None, "z"]
    assert tag.get("title") == "q"
    assert tag.get("nothing") is None


@pytest.mark.parametrize("element", ["title", "textarea"])
def test_text_elements_hold_text_with_references(element: str) -> None:
    tokens = list(html_tokens(f"<{element}>a <b>&lt;</b> </x></{element}>!"))
    assert [token.data for token in tokens if isinstance(token, Characters)] == [
        "a <b><</b> </x>",
        "!",
    ]


@pytest.mark.parametrize("element", ["style", "script", "iframe", "xmp", "noembed", "noframes"])
def test_raw_elements_hold_no_references(element: str) -> None:
    tokens = list(html_tokens(f"<{element}>a < b &lt; <i></{element}>!"))
    assert [token.data for token in tokens if isinstance(token, Characters)] == [
        "a < b &lt; <i>",
        "!",
    ]
    end = next(token for token in tokens if isinstance(token, EndTag))
    assert (end.name, end.end - end.start) == (element, len(element) + 3)


def test_plaintext_never_ends() -> None:
    *_, last = html_tokens("<plaintext>a</plaintext>")
    assert isinstance(last, Characters) and last.data == "a</plaintext>"


def test_what_cannot_be_read_is_said() -> None:
    found = [token.error for token in html_tokens("<p>x<a href='") if isinstance(token, Malformed)]
    assert found == ["eof-in-attribute-value-single-quote"]


@given(st.text(alphabet="<>/!-=\"' abtile&;[]", max_size=60))
def test_nothing_crashes_and_tokens_follow_one_another(html: str) -> None:
    place = 0
    for token in html_tokens(html):
        if not isinstance(token, Malformed):
            assert place <= token.start <= token.end <= len(html)
            place = token.end


PIECES = [
    "<p>", "<BR/>", "<a href=\"https://a.example/?b=1&amp;c\">", "<td nowrap class=\"x\" >", "</p>",
    "</A >", "<p class='q'>", "<i id=1>", "<p a=\"1\" A=\"2\" b=\"3\">", "<p a=\"&copy=1\">", "</p x>", "<p",
    "<!doctype html>", "<!DOCTYPE HTML >", "<!DOCTYPE html PUBLIC \"a\">", "<!-- a -->", "<!---->",
    "<!-->", "<!--->", "<!-- a -- b -->", "<!--[if mso]><td><![endif]-->", "<!--[if !mso]><!-->",
    "<![endif]", "<!-- a --->", "<style>", "<Style type=\"text/css\">", "</style>", "</STYLE x=1>",
    "<title>", "</title>", "</title", "<textarea/>", "</textarea >", "<script>", "</script>",
    "<plaintext>", "<iframe>", "</iframe>", "</ p>", "<?xml?>", "< b", "<", ">", "&", "&amp;", "&#160;",
    "&#1", "&#1;", "&#129388;", "<i t=\"&nbsp;&#55296;\">", "&nosuch;", "&not", "it", " ", "\n", "-", "\"", "\x01", "\0", "é",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_plain_markup_is_read_as_html5lib_reads_it(html: str) -> None:
    assert list(html_tokens(html)) == list(read_markup(html))


def test_a_named_character_is_what_html5lib_says() -> None:
    assert entities == html5
