"""Constants are escaped when compiling, values when sending."""

from __future__ import annotations

import pytest
from template_world import LINK

from handbill.language.html.escaping import is_generated_link, put_value
from handbill.plan.ir import Const, Escape, Field, Put, Text
from handbill.plan.types import StringType

NAME = Field(("customer", "name"), StringType(40))


@pytest.mark.parametrize(
    ("escape", "text"),
    [
        (Escape.NONE, "<a> & \"b\"\n'c'"),
        (Escape.PLAIN, "<a> & \"b\"\n'c'"),
        (Escape.HEADER, "<a> & \"b\" 'c'"),
        (Escape.URL, "%3Ca%3E%20%26%20%22b%22%0A%27c%27"),
        (Escape.HTML_TEXT, "&lt;a&gt; &amp; \"b\"\n'c'"),
        (Escape.HTML_ATTRIBUTE, "&lt;a&gt; &amp; &quot;b&quot;\n&#39;c&#39;"),
    ],
)
def test_constants(escape: Escape, text: str) -> None:
    assert put_value(Const(StringType(20), "<a> & \"b\"\n'c'"), escape) == Text(text)


def test_values() -> None:
    assert put_value(NAME, Escape.HTML_TEXT) == Put(NAME, Escape.HTML_TEXT)


def test_generated_links() -> None:
    assert is_generated_link(Field(("unsubscribe_url",), LINK))
    assert not is_generated_link(Field(("customer", "unsubscribe_url"), LINK))
    assert not is_generated_link(NAME)
