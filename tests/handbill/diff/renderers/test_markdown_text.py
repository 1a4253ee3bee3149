"""No text gets out of the code that it is shown as."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from comment_world import elements, parsed

from handbill.diff.renderers.markdown_text import LONGEST, code, fenced, html_code, size

ODD = st.text(st.sampled_from("`<>&\"'|\\*_~ \t\r\n#@a$![]()-:\u2028\u202e\x00"), max_size=30)


@given(ODD)
def test_a_code_span_is_one_and_nothing_else(text: str) -> None:
    found = elements(f"Of {code(text)} we say *this*.")
    assert (found["code"], found["em"], found["p"]) == (1, 1, 1)
    assert sum(found.values()) == 6


@given(ODD)
def test_code_in_html_is_one_and_nothing_else(text: str) -> None:
    found = elements(f"<table>\n<tr><td>{html_code(text)}</td></tr>\n</table>\n\nend")
    assert (found["td"], found["code"], found["p"]) == (1, 1, 1)
    assert sum(found.values()) == 9


@given(st.lists(ODD, max_size=5))
def test_a_fenced_block_is_one_and_nothing_else(texts: list[str]) -> None:
    lines = fenced(("+", text) for text in texts)
    assert all("\n" not in line and "\r" not in line for line in lines)
    found = elements("\n".join([*lines, "", "end"]))
    assert (found["pre"], found["code"], found["p"]) == (1, 1, 1)
    assert sum(found.values()) == 6


@pytest.mark.parametrize("text", ["a", " a ", "`a`", "a``b", "a|b", "\\", "*", "<b>", "&lt;"])
def test_what_is_shown_is_what_was_written(text: str) -> None:
    assert parsed(code(text)).findtext(".//code") == text
    assert parsed(f"<p>{html_code(text)}</p>").findtext(".//code") == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "—"),
        ("a\r\n\n b", "a⏎ b"),
        ("a\u202eb", "a\\u202eb"),
        ("15\u202f%", "15␣%"),
        ("a\tb", "a b"),
        ("\udce9", "�"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("x" * 400, "x" * (LONGEST - 1) + "…"),
    ],
)
def test_what_cannot_be_seen_is_named(text: str, shown: str) -> None:
    assert parsed(code(text)).findtext(".//code") == shown
    assert parsed(f"<p>{html_code(text)}</p>").findtext(".//code") == shown


def test_a_vertical_tab_in_a_block_is_named() -> None:
    assert fenced([("-", "a\vb\rc")]) == ["```diff", "- a\\x0bb\\rc", "```"]


def test_size_is_that_of_javascript() -> None:
    assert (size("aé€"), size("🌈"), size("\udce9")) == (3, 2, 1)
