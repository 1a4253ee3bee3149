"""Counts of texts, and the algebra of their extents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.language.bounds.measure import (
    EMPTY,
    Extent,
    Measure,
    extent_of_text,
    hull,
    measure,
    total,
)
from handbill.plan.alphabets import GSM, GSM_EXTENSION
from handbill.plan.segments import sms_size


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", Measure()),
        ("a b", Measure(3, 2, 3, 3, 0, 3, 0, 0)),
        ("€^", Measure(2, 2, 4, 2, 0, 4, 2, 0)),
        ("Çç", Measure(2, 2, 4, 2, 0, 1, 0, 1)),
        ("\t", Measure(1, 0, 1, 1, 0, 0, 0, 1)),
        ("😀é", Measure(2, 2, 6, 3, 1, 1, 0, 1)),
    ],
)
def test_of_a_text(text: str, counts: Measure) -> None:
    assert measure(text) == counts


anything = st.text(st.sampled_from("aé€^ç\n\t ’😀"), max_size=30)


@given(anything)
def test_the_counts_are_what_they_say(text: str) -> None:
    counts = measure(text)
    assert counts.bytes == len(text.encode())
    assert counts.units == len(text.encode("utf-16-le")) // 2
    assert counts.foreign == sum(c not in GSM for c in text)
    assert counts.extensions == sum(c in GSM_EXTENSION for c in text)
    if not counts.foreign:
        assert counts.septets == sms_size(text).units
    assert (counts.visible == 0) == (text.strip() == "")


@given(st.lists(anything, max_size=4))
def test_of_a_sequence_they_add_up(texts: list[str]) -> None:
    assert total(map(extent_of_text, texts)) == extent_of_text("".join(texts))


@given(st.lists(anything, min_size=1, max_size=4))
def test_a_choice_is_between_its_alternatives(texts: list[str]) -> None:
    extent = hull(map(extent_of_text, texts))
    for text in texts:
        for low, is_, high in zip(extent.low, measure(text), extent.high, strict=True):
            assert low <= is_ <= high
    assert extent.high.characters == max(map(len, texts))


def test_repeated() -> None:
    extent = extent_of_text("ab").hull(extent_of_text("a"))
    again = extent.repeated(2, 3)
    assert (again.low.characters, again.high.characters) == (2, 6)
    assert extent.repeated(0, 0) == EMPTY
    assert extent.plus(EMPTY) == extent
    assert Extent(extent.low, extent.high) == extent
