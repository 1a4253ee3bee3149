"""Did you mean …"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.diagnostics.suggest import closest

FIELDS = ["subject", "preheader", "template", "body", "blocks", "audience", "description", "at"]


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("subjet", "subject"),
        ("sbuject", "subject"),
        ("Subject", "subject"),
        ("pre-header", "preheader"),
        ("desc", "description"),
        ("audiences", "audience"),
        ("bodies", None),
        ("date", None),
        ("colour", None),
        ("", None),
        ("x" * 100, None),
    ],
)
def test_near_and_far(word: str, wanted: str | None) -> None:
    assert closest(word, FIELDS) == wanted


@given(st.text(max_size=20), st.permutations(FIELDS))
def test_the_order_of_candidates_is_no_matter(word: str, fields: list[str]) -> None:
    assert closest(word, fields) == closest(word, FIELDS)


@given(st.sampled_from(FIELDS))
def test_a_known_word_is_its_own_nearest(word: str) -> None:
    assert closest(word, FIELDS) == word
