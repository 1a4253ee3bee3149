"""Positions of tokens and what is refused before parsing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from expression_world import Words
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import nodes

from handbill.language.syntax.parse import parse_expression, parse_template
from handbill.language.syntax.tokens import TokenTable, refused_in_text
from handbill.language.syntax.tree import position_of, text_of
from handbill.source.text import SourceText


def constant(text: str) -> object:
    node, found = parse_expression(SourceText.of_file("f", text))
    assert isinstance(node, nodes.Const), found
    return node.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("0", 0),
        ("1.10", Decimal("1.10")),
        ("9007199254740991", 2**53 - 1),
        ("'a\\n\\t\\\\\\'\\\"'", "a\n\t\\'\""),
        ("'\\x41\\u00e9\\U0001F600'", "Aé😀"),
        ("'e\\u0301'", "é"),
        ("true", True),
    ],
)
def test_literals(text: str, value: object) -> None:
    found = constant(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("1e999", "HB515 at 1-6: write numbers in plain digits"),
        ("1_000", "HB515 at 1-6"),
        ("0x10", "HB515 at 1-5"),
        ("0b1", "HB515"),
        ("9" * 5000, "HB515 at 1-5001: this number is too large"),
        ("9007199254740992", "HB515"),
        ("1.1234567", "HB515 at 1-10: a number has at most 6 digits after the point → 1.123456"),
        ("12345678901234567.5", "HB515 at 1-20: this number is too large or too precise"),
        ("'\\ud800'", "HB514 at 1-9: a text may not hold the character U+D800"),
        ("'\\x00'", "HB514 at 1-7: a text may not hold the character U+0000"),
        ("'\\ufffe'", "HB514"),
        ("'\\U00110000'", "HB514 at 1-13: there is no character U+110000"),
        ("'a\\q'", "HB500 at 3-5: `\\q` is not an escape"),
        ("'a\\u12'", "HB500 at 3-5"),
        (
            "ｃustomer.orders",
            "HB514 at 1-9: names are written in plain letters: `ｃustomer` is not → customer",
        ),
        ("größe", "HB514 at 1-6"),
        ("__class__", "HB503 at 1-10: names that start with `_` are not available"),
        ("customer._x", "HB503 at 10-12"),
        ("a\x07b", "HB514 at 2-3: the character U+0007 is not allowed → remove it"),
        ("a\rb", "HB514 at 2-3: the character U+000D"),
        ("(" * 33 + "1" + ")" * 33, "HB502 at 33-34: this is nested too deeply: at most 32 levels"),
        ("not " * 33 + "true", "HB502"),
        ("-" * 33 + "1", "HB502"),
        ("“x”", "HB500 at 1-2: this is a typographic quotation mark"),
        ("a && b", "HB500 at 3-4: `&` has no meaning here → write `and`"),
        ("a ≥ 3", "→ write `>=`"),
        ("!a", "→ write `not`, or `!=`"),
        ("'abc", "HB500 at 1-2: this text never ends → close it with '"),
        ("a)", "HB500 at 2-3: this `)` closes nothing"),
        ("(a]", "HB500 at 3-4: a bracket is still open where `]` stands → close it with `)`"),
        ("a @ b", "HB500 at 3-4: `@` has no meaning here"),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


def test_nesting_of_blocks() -> None:
    def codes(text: str) -> list[str]:
        return [each.code for each in parse_template(SourceText.of_file("f", text))[1]]

    assert codes("{% if a %}" * 32 + "{% endif %}" * 32) == []
    assert codes("{% if a %}" * 33 + "{% endif %}" * 33) == ["HB502"]
    assert codes("{% if a %}{% endif %}" * 100) == []
    assert codes("{% set x = 1 %}" * 100) == []
    assert codes("{% set x %}" * 33) == ["HB502"]
    assert codes("{# never") == ["HB500"]
    assert codes("{% raw %} never") == ["HB500"]


def test_offsets_survive_crlf_and_stripped_blanks() -> None:
    text = "a\r\n{{ b }}\r\n  {%- if c -%}\r\n {{ d.e }}{% endif %}{% raw %}{{{% endraw %}"
    tree, found = parse_template(SourceText.of_file("f", text))
    assert tree is not None, found
    names = [text_of(node) for node in tree.find_all(nodes.Name | nodes.Getattr)]  # type: ignore[type-var]
    assert names == ["b", "c", "d.e", "d"]
    data = [node.data for node in tree.find_all(nodes.TemplateData)]
    assert data == ["a\n", "{{"]


def test_refused_in_text() -> None:
    assert refused_in_text("é😀\n") is None
    for char in ("\x00", "\ud800", "\ufdd0", "\uffff", "\U0001fffe"):
        assert refused_in_text(f"a{char}") == f"U+{ord(char):04X}"


def test_kinds_outside_the_text_are_empty() -> None:
    assert TokenTable("").kind(-1) == ""
    assert TokenTable("").kind(0) == ""


WORDS = ["customer", ".", "orders", "|", "default", "(", ")", "0", ">", "and", "not", "in", "[", "]",
         "'x'", "1.5", "is", "defined", "if", "else", "~", "+", "-", "%", " ", "\n", "{{", "}}", "{%", "%}",
         "=", ",", ":", "ß", "\\", "'", '"', "#", "{#", "e9", "True", "none"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=25).map("".join) | st.text(max_size=40))
def test_no_text_crashes_the_parser(text: str) -> None:
    for parse in (parse_expression, parse_template):
        source = SourceText.of_file("f", text)
        tree, found = parse(source)
        assert (tree is None) == bool(found)
        if tree is None:
            continue
        for node in tree.find_all(nodes.Expr):
            position = position_of(node)
            assert 0 <= position.start <= position.end <= len(text)
            start_to_end = text_of(node)
            assert start_to_end in text
