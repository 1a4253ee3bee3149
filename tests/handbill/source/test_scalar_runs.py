"""Whatever way a text is written in YAML, each of its characters is found again in the file."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from handbill.source.located import ScalarPosition
from handbill.source.scalar_runs import runs_of_flow, runs_of_folded
from handbill.source.yaml import load_document

WORDS = st.text(alphabet="ab\"'\\{}: #é😀%|>-&*", min_size=1, max_size=9)
PROSE = st.lists(
    st.tuples(WORDS, st.sampled_from([" ", " ", "  ", "\n", "\n\n", "\n  "])), max_size=9
)
STYLES = st.sampled_from(["'", '"', ">", "|", ""])


def position_of(text: str) -> ScalarPosition | None:
    document, _ = load_document("a.yaml", text.encode())
    return document.scalars.get(("a",)) if document is not None else None


def slices(written: str, position: ScalarPosition) -> list[str]:
    """What stands in the file for each character of the value, one after another."""
    lines = written.split("\n")
    found = []
    before = (0, 0)
    for index in range(len(position.text.text)):
        place = position.text.range(index, index + 1)
        assert place.line == place.end_line and (place.line, place.column) >= before
        before = (place.line, place.end_column)
        found.append((lines[place.line - 1] + "\n")[place.column - 1 : place.end_column - 1])
    return found


def assert_found_again(written: str, position: ScalarPosition) -> None:
    for char, there in zip(position.text.text, slices(written, position), strict=True):
        if there.startswith("\\") and len(there) > 1:
            assert yaml.safe_load(f'"{there}"') == char
        elif char in " \n":
            assert there in (" ", "\n", "")
        else:
            assert there in (char, "''")


@given(PROSE, STYLES, st.integers(12, 60), st.booleans())
def test_every_style_that_a_yaml_writer_chooses(
    words: list[tuple[str, str]], style: str, width: int, unicode: bool
) -> None:
    value = "".join(word + gap for word, gap in words).rstrip()
    written = yaml.dump({"a": value}, default_style=style, width=width, allow_unicode=unicode)
    position = position_of(written.replace('"a":', "a:").replace("'a':", "a:"))
    if position is None:
        return  # `? |` and the like, which no author writes, and what strict YAML refuses
    written = written.replace('"a":', "a:").replace("'a':", "a:")
    assert position.text.text == value
    if value:
        assert position.text.exact
        assert_found_again(written, position)


@given(PROSE)
def test_double_quotes_as_json_writes_them(words: list[tuple[str, str]]) -> None:
    value = "".join(word + gap for word, gap in words)
    written = f"b: 1\na: {json.dumps(value, ensure_ascii=False)}\n"
    position = position_of(written)
    assert position is not None and position.text.text == value
    assert_found_again(written, position)


@given(PROSE, st.sampled_from([">", ">-", ">+", ">2", ">2-"]), st.booleans())
def test_folded_blocks_as_people_write_them(
    words: list[tuple[str, str]], header: str, more: bool
) -> None:
    lines = "".join(word + gap for word, gap in words).split("\n")
    written = f"a: {header}\n" + "".join(f"  {line}\n" for line in lines)
    written += "b: 1\n" if more else ""
    position = position_of(written)
    if position is not None and position.text.text.strip():
        assert position.text.exact
        assert_found_again(written, position)


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ('a: "say \\"hi\\" TARGET"', 'say "hi" TARGET', (1, 16)),
        ('a: "\\u00e9\\x41\\U0001F600TARGET"', "éA😀TARGET", (1, 25)),
        ('a: "one\n\n   TARGET"', "one\nTARGET", (3, 4)),
        ('a: "one \\\n   TARGET"', "one TARGET", (2, 4)),
        ("a: 'one\n  it''s TARGET'", "one it's TARGET", (2, 9)),
        ("a: >-\n  one\n    two\n\n  TARGET", "one\n  two\n\nTARGET", (5, 3)),
        ("a: >-\r\n  one\r\n  TARGET\r\n", "one TARGET", (3, 3)),
    ],
)
def test_by_hand(written: str, value: str, expected: tuple[int, int]) -> None:
    position = position_of(written)
    assert position is not None and position.text.text == value
    place = position.text.range(value.index("TARGET"), len(value))
    assert (place.line, place.column) == expected
    assert place.end_column == expected[1] + len("TARGET")


def test_nothing_is_claimed_of_what_does_not_read_as_its_value() -> None:
    assert runs_of_flow('"a\\qb"', "aqb", 1, 1) is None
    assert runs_of_flow('"\\x4"', "4", 1, 1) is None
    assert runs_of_flow("'one'", "two", 1, 1) is None
    assert runs_of_folded([">", "  one"], 0, "two") is None
    assert runs_of_folded([">"], 0, "two") is None
