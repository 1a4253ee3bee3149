"""Source text to syntax tree: sizes, depth and everything that is not an expression."""

from __future__ import annotations

import pytest
from expression_world import Words
from jinja2 import nodes
from jinja2.parser import Parser

from handbill.language.syntax.parse import parse_expression, parse_template
from handbill.language.syntax.tokens import ENVIRONMENT
from handbill.language.syntax.tree import position_of
from handbill.source.text import SourceText


def test_a_tree_with_positions() -> None:
    node, found = parse_expression(SourceText.of_file("f", "customer.orders > 3"))
    assert found == ()
    assert isinstance(node, nodes.Compare)


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("", "HB500 at 1-1: there is no expression here"),
        ("  ", "HB500"),
        (
            "{{ customer.orders > 3 }}",
            "HB500 at 1-3: an expression stands here without braces → customer.orders > 3",
        ),
        ("a" + " + a" * 4200, "HB502 at 1-16802: an expression has at most 16 KB"),
        ("a" + " + a" * 200, "HB502: this is nested too deeply".replace(":", " at 1-1:", 1)),
        ("a" + ".b" * 200, "HB502"),
        ("a" + " if b else a" * 1300, "HB502"),
        ("customer.orders > 3 }} x", "HB500"),
        ("a b", "HB500 at 3-4: `b` does not fit here"),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


@pytest.mark.parametrize("text", ["", "a", "a\n\nb\n", "\n", "} }} %} #} # ## -", "é ' \" \\"])
def test_a_text_without_tags_is_what_the_parser_makes_of_it(text: str) -> None:
    tree, found = parse_template(SourceText.of_file("f", text))
    expected = Parser(ENVIRONMENT, text).parse()
    assert tree == expected and found == ()
    places = [
        [position_of(part) for part in (each, *each.iter_child_nodes())]
        for each in (*tree.body, *expected.body)
    ]
    both = [[(int(one), one.start, one.end) for one in each] for each in places]
    assert both[: len(tree.body)] == both[len(tree.body) :]


def test_a_template_has_its_own_limit() -> None:
    tree, found = parse_template(SourceText.of_file("f", "x" * 262_144))
    assert tree is not None and found == ()
    tree, found = parse_template(SourceText.of_file("f", "é" * 131_073))
    assert tree is None
    assert found[0].code == "HB502"


def test_ranges_are_those_of_the_file() -> None:
    source = SourceText(
        "a\n b c",
        "f.yaml",
        SourceText.of_file("f.yaml", "").whole,
        first_line=4,
        first_column=9,
        indent=6,
    )
    _, found = parse_expression(source)
    assert found[0].range is not None
    assert (found[0].range.line, found[0].range.column) == (5, 8)
