"""Statements of Jinja that a template cannot use."""

from __future__ import annotations

import pytest
from jinja2 import nodes
from template_world import message, mistakes

from handbill.language.templates.refused_statements import explain_refused


@pytest.mark.parametrize(
    ("html", "word"),
    [
        ("{% macro a(x) %}{% endmacro %}", "macro"),
        ("{% import 'a.html' as a %}", "import"),
        ("{% from 'a.html' import b %}", "from … import"),
        ("{% call a() %}{% endcall %}", "call"),
        ("{% filter upper %}x{% endfilter %}", "filter"),
        ("{% with x = 1 %}{% endwith %}", "with"),
        ("{% set x %}a{% endset %}", "set … endset"),
        ("{% autoescape false %}{% endautoescape %}", "autoescape"),
    ],
)
def test_refused(html: str, word: str) -> None:
    (found,) = mistakes(html)
    assert found == ("HB551", html.split("%}")[0] + "%}")
    assert message(html)[0].startswith(f"`{word}` is not available in templates: ")


def test_what_nobody_thought_of_is_refused_too() -> None:
    assert explain_refused(nodes.Continue())[0] == (
        "`continue` is not available in templates: it has no meaning in a message"
    )
