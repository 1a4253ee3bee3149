"""Every character of a text is found again in the file."""

from __future__ import annotations

import pytest

from handbill.source.located import LocatedDocument, Path, ScalarPosition, ScalarStyle
from handbill.source.yaml import load_document


def load(text: str) -> LocatedDocument:
    document, found = load_document("a.yaml", text.encode())
    assert document is not None, found
    return document


def at(text: str, path: Path = ("a",)) -> ScalarPosition:
    return load(text).scalars[path]


@pytest.mark.parametrize(
    ("text", "style", "source"),
    [
        ("a: hello", "PLAIN", "hello"),
        ("a: 'hello'", "SINGLE", "'hello'"),
        ('a: "hello"', "DOUBLE", '"hello"'),
        ("{a: hello}", "FLOW_PLAIN", "hello"),
        ("a: 0142", "PLAIN", "0142"),
    ],
)
def test_style_and_source(text: str, style: str, source: str) -> None:
    scalar = at(text)
    assert (scalar.style, scalar.source) == (ScalarStyle[style], source)


@pytest.mark.parametrize(
    "text",
    [
        "a: xx TARGET yy",
        "é: {b: 日本}\na: 'xx TARGET yy'",
        'b: 1\na: "TARGET"',
        "{b: [1, 2], a: TARGET}",
        "a: |\n  first\n  TARGET\n  last\n",
        "a: |\n\n    first\n\n      TARGET\n    last\n",
        "a: |-\r\n   one\r\n   two TARGET\r\n",
        "a: |2\n    TARGET\n",
    ],
)
def test_a_part_of_a_value_is_where_the_file_says(text: str) -> None:
    scalar = at(text)
    start = scalar.text.text.index("TARGET")
    place = scalar.text.range(start, start + 6)
    line = text.split("\n")[place.line - 1]
    assert line[place.column - 1 : place.end_column - 1] == "TARGET"
    assert scalar.text.exact


@pytest.mark.parametrize(
    ("text", "line", "columns"),
    [
        ('a: "tab\\tTARGET"', 1, (10, 16)),
        ("a: 'it''s TARGET'", 1, (11, 17)),
        ("a: >\n  one\n  TARGET\n", 3, (3, 9)),
        ("a: one\n  TARGET", 2, (3, 9)),
        ('a: "\\\\\\\\TARGET"', 1, (9, 15)),
    ],
)
def test_in_escaped_and_folded_text_too(text: str, line: int, columns: tuple[int, int]) -> None:
    scalar = at(text)
    start = scalar.text.text.index("TARGET")
    place = scalar.text.range(start, start + 6)
    assert (place.line, place.end_line) == (line, line)
    assert (place.column, place.end_column) == columns


def test_the_range_of_a_block_ends_with_its_last_line() -> None:
    place = at("a: |\n  one\n  two\n\nb: 1\n").range
    assert (place.line, place.column, place.end_line, place.end_column) == (1, 4, 3, 6)
    place = at("a: |\n  one").range
    assert (place.end_line, place.end_column) == (2, 6)


def test_an_empty_block() -> None:
    assert at("a: |\nb: 1").text.text == ""


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("a: b  # c", "  # c"),
        ("a: b", ""),
        ("a: b#c", ""),
        ("a: 'b' # c", ""),
        ("a: b # c\r\n", " # c"),
        ("{a: b # c\n}", " # c"),
    ],
)
def test_the_comment_behind_an_unquoted_scalar(text: str, comment: str) -> None:
    assert at(text).comment == comment
