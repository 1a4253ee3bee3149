"""Syntax errors in plain words."""

from __future__ import annotations

import pytest
from expression_world import Words

from handbill.language.syntax.parse import parse_template
from handbill.source.text import SourceText


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("a = 3", "HB500 at 3-4: `=` does not compare → write `==`"),
        ("a || b", "HB500 at 3-5: `||` has no meaning here → write `or`"),
        ("a AND b", "HB500 at 3-6: `AND` has no meaning here → write `and`"),
        ("a LIKE 'x'", "→ write `| contains('…')`"),
        ("a then b", "→ write `A if CONDITION else B`"),
        ("a is defined is defined", "HB500"),
        ("a is b is c", "HB500"),
        (
            "a is defined if b else c",
            "HB500 at 17-18: this `if` is read as part of the test before it → put what stands before it in ( )",
        ),
        ("(a", "HB500 at 2-3: this ends before it is complete"),
        ("a +", "HB500 at 3-4: this ends before it is complete"),
        ("[a b]", "HB500 at 4-5: `b` does not fit here → I expected `,` before it"),
        ("a in ['b' 'c']", "HB500 at 7-14: a comma is missing before 'c' → 'b', 'c'"),
        ("'a' 'b'", "two texts stand side by side"),
        ("a | 3", "HB500 at 5-6: `3` does not fit here → I expected a name before it"),
        ("a." + "x" * 60 + " " + "y" * 60, "…` does not fit here"),
        ("x is", "this ends before it is complete"),
    ],
)
def test_expressions(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


@pytest.mark.parametrize(
    ("text", "said_", "hint"),
    [
        ("{% if a %}", "an `if` is never closed", "close it with {% endif %}"),
        ("{% endif %}", "`endif` does not belong here", "remove it, or open it with if"),
        (
            "{% if a %}{% endfor %}",
            "`endfor` does not belong here",
            "here I expect `elif` or `else` or `endif`",
        ),
        ("{% elseif a %}", "there is no tag `elseif`", "{% elif %}"),
        ("{% if a %}{% else if b %}{% endif %}", "`else if` is one word here", "{% elif … %}"),
        ("{% foo %}", "there is no tag `foo`", None),
        ("{{ }}", "there is no expression here", None),
        ("{{ (a }}", "a bracket is still open where `}` stands", "close it with `)`"),
        ("{{ a b }}", "`b` does not fit here", "I expected `}}` or an operator before it"),
        ("{{ a }", "`{{` is closed with `}}`", "write `}}`"),
        ("{% if a }", "`{%` is closed with `%}`", "write `%}`"),
        ("{{ a and more {{ b }}", "this `{{` is never closed", "write `}}` at its end"),
        ("{{ a", "this `{{` is never closed", "write `}}` at its end"),
        ("{% block a-b %}{% endblock %}", "a block's name has no hyphen", "use `_`"),
        ("{% set 1 = 2 %}", "only a plain name can be set", None),
        ("{# a", "this comment never ends", "close it with #}"),
        ("{% raw %} a", "this raw block never ends", "close it with {% endraw %}"),
    ],
)
def test_templates(text: str, said_: str, hint: str | None) -> None:
    tree, found = parse_template(SourceText.of_file("f", text))
    assert tree is None
    assert (found[0].message, found[0].hint) == (said_, hint)


def test_a_hole_that_is_never_closed_is_shown_where_it_opens() -> None:
    _, found = parse_template(SourceText.of_file("f", "Hello {{ a and welcome"))
    assert found[0].range is not None
    assert (found[0].range.column, found[0].range.end_column) == (7, 9)
