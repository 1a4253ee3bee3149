"""Strict YAML: what is read, what is refused, and that nothing ever raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.source.located import Value
from handbill.source.yaml import load_document

FILE = "tenants/ff/campaigns/a.yaml"


def value(text: str) -> Value:
    document, found = load_document(FILE, text.encode())
    assert document is not None, found
    return document.value


def codes(text: str) -> list[str]:
    document, found = load_document(FILE, text.encode())
    assert (document is None) == bool(found)
    assert all(one.tenant == "ff" and one.range for one in found)
    return [one.code for one in found]


def test_values_keep_the_order_of_the_file() -> None:
    text = "b: [1, two, {c: null}]\na: 'x'\n"
    assert value(text) == {"b": [1, "two", {"c": None}], "a": "x"}
    read = value(text)
    assert isinstance(read, dict) and list(read) == ["b", "a"]


def test_what_yaml_1_1_would_change_is_text() -> None:
    text = "a: NO\nb: 22:30\nc: on\nd: 2026-12-05\ne: 1_000"
    assert value(text) == {"a": "NO", "b": "22:30", "c": "on", "d": "2026-12-05", "e": "1_000"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\nb: 2\na: 3", "HB210"),
        ("caf\u00e9: 1\ncafe\u0301: 2", "HB210"),
        ("a: &x 1", "HB211"),
        ("a: *x", "HB211"),
        ("a: &x", "HB211"),
        ("&x a: 1", "HB211"),
        ("<<: {a: 1}", "HB212"),
        ("a: !!str 5", "HB213"),
        ("a: ! 5", "HB213"),
        ("!x a: 1", "HB213"),
        ("%YAML 1.1\n---\na: 1", "HB213"),
        ("%TAG ! tag:x,2000:\n---\na: 1", "HB213"),
        ("a:", "HB216"),
        ("a: [1, , 2]", "HB209"),
        ("- 1\n-", "HB216"),
        ("{a}", "HB216"),
        ("{a: x, b}", "HB216"),
        ("yes: 1", "HB217"),
        ("Null: 1", "HB217"),
        ("[a]: 1", "HB217"),
        ("? {a: 1}\n: 2", "HB217"),
        ("'': 1", "HB217"),
        ("a: .nan", "HB218"),
        ("a: {{ b }}", "HB220"),
        ("{{ a }}: 1", "HB220"),
        ("a: {b: {{ c }}}", "HB220"),
        ("a: 1\n---\nb: 2", "HB208"),
        ("", "HB207"),
        ("# only this", "HB207"),
        ("a: [" + "[" * 60, "HB205"),
        ("- 1\n" * 5_001, "HB206"),
        ("a: \"\\uFFFE\"", "HB202"),
        ('"a\\0": 1', "HB202"),
        ('a: "\\ud800"', "HB222"),
    ],
)  # fmt: skip
def test_refusals(text: str, code: str) -> None:
    assert codes(text)[0] == code


@pytest.mark.parametrize(
    "text",
    ["---\na: 1\n", "a: 1\n...\n", '"yes": 1', "a: ''", "a: null", "a: ~", "404: not found", "a: {}",
     "a: 'x' # y", "# c\na: 1", "a: '!x'", "a: \"*b\""],
)  # fmt: skip
def test_what_is_fine(text: str) -> None:
    assert codes(text) == []


def test_several_mistakes_are_told_at_once() -> None:
    assert codes("a: 1\na: 2\nb:\nc: !x y\n") == ["HB210", "HB216", "HB213"]


def test_at_most_twenty_are_told() -> None:
    assert len(codes("".join(f"k{number}:\n" for number in range(100)))) == 20


def test_a_duplicate_shows_both_places() -> None:
    _, (found,) = load_document(FILE, b"a: 1\nb: 2\na: 3\n")
    assert found.range and found.range.line == 3
    assert found.related[0].range.line == 1


def test_a_comma_that_cuts_a_text_is_undone_in_the_hint() -> None:
    _, (found,) = load_document(FILE, b"{subject: Apples, pears and plums, template: a.html}")
    assert found.hint == 'subject: "Apples, pears and plums"'


PIECES = st.sampled_from(
    ["a", "b: ", ": ", "- ", "\n", "\n  ", "  ", "{", "}", "[", "]", ",", "'", '"', "#", " #", "&x ",
     "*x", "!t ", "|", ">", "%YAML 1.2", "---", "...", "? ", "\t", "\\", "{{ x }}", "0142", "1e9",
     "~", "null", "<<", "\r\n", "é", "\u200b", "@", "`", "yes", ".inf"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_yaml_like_text_raises(text: str) -> None:
    document, found = load_document("a.yaml", text.encode())
    assert (document is None) == bool(found)
    if document:
        lines = text.split("\n")
        for place in (*document.ranges.values(), *document.key_ranges.values()):
            assert 1 <= place.line <= place.end_line <= len(lines)
            assert place.column <= len(lines[place.line - 1]) + 1
            assert place.end_column <= len(lines[place.end_line - 1]) + 1


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    document, found = load_document("a.yaml", data)
    assert (document is None) == bool(found)


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-999, 999), st.text(max_size=8)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_json_is_read_as_itself(wanted: object) -> None:
    import json

    document, found = load_document("a.yaml", json.dumps(wanted, ensure_ascii=False).encode())
    if document is not None:
        assert document.value == wanted
    else:
        assert {one.code for one in found} <= {"HB202", "HB203", "HB210", "HB217", "HB209"}
