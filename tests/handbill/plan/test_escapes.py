"""Each escape, read back by a parser of what it writes for, and each of the characters it is about."""

import html
import re
import unicodedata
from urllib.parse import parse_qs, unquote, urlsplit

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.escapes import (
    TURNS_TEXT,
    URL_ESCAPES,
    escape_text,
    html_replacements,
    one_line,
    path_segment,
    percent_encoded,
    visible,
)
from handbill.plan.ir import Escape

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.text(
    "\u202e\u2066\x00\x7f\x85\u2028\r\n\t <>&\"'`./\\%?#@:é☃😀", max_size=30
)
TURNING = "".join(map(chr, TURNS_TEXT))


def shown(text):
    """A value as HTML may show it: no control characters, nothing that turns the text."""
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", " ", text)
    return text.translate(dict.fromkeys(map(ord, TURNING)))


@given(TEXTS)
def test_a_browser_reads_back_what_was_escaped(text):
    inside = escape_text(text, Escape.HTML_TEXT)
    quoted = escape_text(text, Escape.HTML_ATTRIBUTE)
    page = html5lib.parse(
        f'<p title="{quoted}">a{inside}z</p><title>a{inside}z</title>', namespaceHTMLElements=False
    )
    assert [each.tag for each in page.iter()] == ["html", "head", "body", "p", "title"]
    paragraph = page.find("body/p")
    assert paragraph.attrib == {"title": shown(text)}
    assert paragraph.text == page.find("body/title").text == f"a{shown(text)}z"


@given(TEXTS)
def test_no_quote_or_bracket_is_left(text):
    escaped = escape_text(text, Escape.HTML_ATTRIBUTE)
    assert not set(escaped) & set("<>\"'`")
    assert html.unescape(escaped) == shown(text)


@given(TEXTS, TEXTS)
def test_an_escape_of_two_texts_is_the_two_escapes(left, right):
    for escape in set(Escape) - {Escape.URL_SEGMENT}:
        assert escape_text(left + right, escape) == (
            escape_text(left, escape) + escape_text(right, escape)
        )


@given(TEXTS)
def test_plain_text_and_headers_are_one_line(text):
    for escape in (Escape.HEADER, Escape.PLAIN):
        escaped = escape_text(text, escape)
        assert len(escaped.splitlines()) <= 1
        assert not any(unicodedata.category(each) == "Cc" for each in escaped)
        assert not set(escaped) & set(TURNING)
        assert len(escaped) == len(text) - sum(each in TURNING for each in text)


@given(TEXTS)
def test_a_query_gives_back_exactly_the_value(text):
    escaped = escape_text(text, Escape.URL)
    assert re.fullmatch(r"([A-Za-z0-9._~-]|%[0-9A-F]{2})*", escaped)
    assert unquote(escaped, errors="strict") == text
    url = urlsplit(f"https://shop.example/p?a={escaped}&b=1#{escaped}")
    assert parse_qs(url.query, keep_blank_values=True) == {"a": [text], "b": ["1"]}
    assert (url.netloc, unquote(url.fragment)) == ("shop.example", text)


@given(TEXTS)
def test_a_path_segment_gives_back_the_value_unless_it_is_dots(text):
    escaped = escape_text(text, Escape.URL_SEGMENT)
    assert escaped not in ("", ".", "..")
    if text.strip("."):
        assert escaped == escape_text(text, Escape.URL)
    else:
        assert set(escaped) == {"_"}


@pytest.mark.parametrize(
    ("text", "segment"), [("", "_"), (".", "_"), ("..", "__"), ("...", "___"), (".a", ".a")]
)
def test_dots_in_a_path_cannot_climb(text, segment):
    assert path_segment(text) == segment
    assert percent_encoded(text) == text


@pytest.mark.parametrize(
    "control", ["\r", "\n", "\x00", "\x0b", "\x7f", "\x85", "\u2028", "\u2029"]
)
def test_a_control_character_becomes_a_space(control):
    assert escape_text(f"a{control}Bcc: b", Escape.HEADER) == "a Bcc: b"
    assert escape_text(f"a{control}Bcc: b", Escape.PLAIN) == "a Bcc: b"


@pytest.mark.parametrize("turning", TURNING)
def test_what_turns_the_text_is_left_out(turning):
    for escape in (Escape.HEADER, Escape.PLAIN, Escape.HTML_TEXT, Escape.HTML_ATTRIBUTE):
        assert escape_text(f"a{turning}b", escape) == "ab"
    assert escape_text(turning, Escape.URL) == "".join(f"%{byte:02X}" for byte in turning.encode())


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u200d", "\u00a0", "\ufe0f"])
def test_what_people_write_with_is_kept(mark):
    for escape in (Escape.HEADER, Escape.PLAIN, Escape.HTML_TEXT):
        assert escape_text(f"a{mark}b", escape) == f"a{mark}b"


def test_white_space_in_html():
    assert escape_text("a\tb\nc\rd\x0ce", Escape.HTML_TEXT) == "a\tb\nc&#13;d e"
    assert visible("plain") == one_line("plain") == "plain"


def test_none_changes_nothing():
    assert escape_text("<\n&\u202e", Escape.NONE) == "<\n&\u202e"


def test_what_is_escaped_for_an_address_is_safe_everywhere():
    everything = "".join(map(chr, range(1, 0x300)))
    for escape in URL_ESCAPES:
        once = escape_text(everything, escape)
        for again in set(Escape) - URL_ESCAPES:
            assert escape_text(once, again) == once


def test_only_html_is_escaped_by_replacing():
    assert {each for each in Escape if html_replacements(each)} == {
        Escape.HTML_TEXT,
        Escape.HTML_ATTRIBUTE,
    }
