import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.escapes import escape_text
from handbill.plan.ir import Escape


@given(st.text())
def test_a_browser_reads_back_what_was_escaped(text):
    for escape in (Escape.HTML_TEXT, Escape.HTML_ATTRIBUTE):
        escaped = escape_text(text, escape)
        assert html.unescape(escaped) == html.unescape(html.escape(text))
        assert "<" not in escaped
        assert ">" not in escaped
    assert '"' not in escape_text(text, Escape.HTML_ATTRIBUTE)


@given(st.text(), st.text())
def test_an_escape_of_two_texts_is_the_two_escapes(left, right):
    for escape in Escape:
        assert escape_text(left + right, escape) == (
            escape_text(left, escape) + escape_text(right, escape)
        )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_header_is_one_line(text):
    escaped = escape_text(text, Escape.HEADER)
    assert len(escaped.splitlines()) <= 1
    assert len(escaped) == len(text)


@pytest.mark.parametrize(
    "control", ["\r", "\n", "\x00", "\x0b", "\x7f", "\x85", "\u2028", "\u2029"]
)
def test_a_control_character_in_a_header_becomes_a_space(control):
    assert escape_text(f"a{control}Bcc: b", Escape.HEADER) == "a Bcc: b"


def test_none_changes_nothing():
    assert escape_text("<\n&", Escape.NONE) == "<\n&"
