"""Places of the compiler as positions of the protocol, in every encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, Range

from handbill.diagnostics.diagnostic import SourceRange
from handbill.editor.positions import UTF_8, UTF_16, UTF_32, Positions, units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", (3, 3, 3)),
        ("é", (2, 1, 1)),
        ("€", (3, 1, 1)),
        ("🎉", (4, 2, 1)),
        ("\ud83d", (3, 1, 1)),
    ],
)
def test_units(text: str, expected: tuple[int, int, int]) -> None:
    assert tuple(units(text, each) for each in (UTF_8, UTF_16, UTF_32)) == expected


def test_an_emoji_before_a_place_moves_it_by_one() -> None:
    place = SourceRange("a", 2, 4, 2, 5)
    assert Positions("x\na🎉bc\n").range(place) == Range(Position(1, 4), Position(1, 5))


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("a\r\nbc", SourceRange("f", 2, 1, 2, 3), Range(Position(1, 0), Position(1, 2))),
        ("a\rbc\nd", SourceRange("f", 1, 3, 1, 4), Range(Position(1, 0), Position(1, 1))),
        ("a\rbc\nd", SourceRange("f", 2, 1, 2, 2), Range(Position(2, 0), Position(2, 1))),
        ("a\u2028b\nc", SourceRange("f", 2, 1, 2, 2), Range(Position(1, 0), Position(1, 1))),
        ("", SourceRange("f", 1, 1, 1, 1), Range(Position(0, 0), Position(0, 0))),
        ("ab", SourceRange("f", 1, 9, 1, 12), Range(Position(0, 2), Position(0, 2))),
        ("ab", SourceRange("f", 7, 1, 8, 1), Range(Position(0, 2), Position(0, 2))),
        ("ab\ncd", SourceRange("f", 2, 2, 1, 1), Range(Position(1, 1), Position(1, 1))),
    ],
)
def test_lines_and_what_lies_outside(text: str, place: SourceRange, expected: Range) -> None:
    assert Positions(text).range(place) == expected


def test_inside_of_a_pair_is_where_it_begins() -> None:
    positions = Positions("a🎉b")
    assert [positions.offset(Position(0, at)) for at in range(6)] == [0, 1, 1, 2, 3, 3]
    assert positions.offset(Position(5, 0)) == 3


@given(st.text(alphabet="ab🎉é\r\n\u2028"), st.sampled_from([UTF_8, UTF_16, UTF_32]), st.data())
def test_there_and_back(text: str, encoding: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    positions = Positions(text, encoding)
    back = positions.offset(positions.position(offset))
    between = text[offset - 1 : offset + 1] == "\r\n"
    assert back == (offset - 1 if between else offset)
