"""JSON with places."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.language.vocabulary.located_json import JsonError, read_json

DOCUMENT = b"""{
  "a": {"b": [1, 2.50, -3e2, true, null]},
  "t\\u00e9": "x\\ny"
}
"""


def test_values_and_places() -> None:
    read = read_json("s.json", DOCUMENT)
    assert read.value == {
        "a": {"b": [1, Decimal("2.50"), Decimal("-3e2"), True, None]},
        "té": "x\ny",
    }
    assert str(read.range_of(("a", "b"))) == "s.json:2:9"
    assert str(read.range_of(("a", "b", 1))) == "s.json:2:18"
    assert str(read.range_of(("a", "b", 9))) == "s.json:2:9"
    assert str(read.range_of(())) == "s.json:1:1"


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ('{"a": 1, "a": 2}', "`a` is already given at line 1", "1:10"),
        ('{"a": 1,}', "a comma too many", "1:8"),
        ("[1 2]", "a `,` or `]` belongs here", "1:4"),
        ('{"a" 1}', "a `:` belongs here", "1:6"),
        ("{a: 1}", "a key in double quotes belongs here", "1:2"),
        ("{'a': 1}", "a key in double quotes belongs here", "1:2"),
        ("[NaN]", "this is not valid JSON", "1:2"),
        ("[01]", "this is not valid JSON", "1:2"),
        ("[1.5.2]", "this is not valid JSON", "1:2"),
        ('["abc', "this text is not valid JSON", "1:2"),
        ('["a\nb"]', "this text is not valid JSON", "1:2"),
        ("[1", "a `,` or `]` belongs here", "1:3"),
        ("", "the file ends before the document does", "1:1"),
        ("1 2", "there is something after the end of the document", "1:3"),
        ("[" * 42, "this is nested more than 40 deep", "1:42"),
        ("[" + "9" * 50 + "]", "this is not valid JSON", "1:2"),
    ],
)
def test_refusals(text: str, message: str, place: str) -> None:
    with pytest.raises(JsonError) as error:
        read_json("s.json", text.encode())
    assert error.value.message == message
    assert str(error.value.range) == f"s.json:{place}"


def test_it_is_utf_8() -> None:
    with pytest.raises(JsonError, match="not UTF-8"):
        read_json("s.json", b"\xff")


scalars = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_it_reads_what_json_writes(value: object) -> None:
    assert read_json("f", json.dumps(value).encode("utf-8", "surrogatepass")).value == value


@given(st.text(alphabet='{}[]",:0123 \\aé\n', max_size=30))
def test_nothing_else_is_raised(text: str) -> None:
    try:
        ours: object = read_json("f", text.encode()).value
    except JsonError:
        return
    assert ours == json.loads(text)
