"""Did you mean …"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.diagnostics.suggest import closest, meant

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


CUSTOMER = [
    "first_name",
    "last_name",
    "email",
    "birthday",
    "orders",
    "lifetime_orders",
    "last_order_on",
]


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("name", ("first_name", "last_name")),
        ("firstname", ("first_name",)),
        ("FirstName", ("first_name",)),
        ("surname", ("last_name",)),
        ("e-mail", ("email",)),
        ("mail", ("email",)),
        ("email_address", ("email",)),
        ("emailAddress", ("email",)),
        ("dob", ("birthday",)),
        ("order", ("orders",)),
        ("lifetime_order", ("lifetime_orders",)),
        ("customer_birthday", ("birthday",)),
        ("shoe_size", ()),
        ("", ()),
    ],
)
def test_by_the_words_that_a_name_is_made_of(word: str, wanted: tuple[str, ...]) -> None:
    assert meant(word, CUSTOMER) == wanted


@given(st.text(max_size=20), st.permutations(CUSTOMER))
def test_what_is_meant_does_not_depend_on_the_order(word: str, fields: list[str]) -> None:
    assert meant(word, fields) == meant(word, CUSTOMER)
    assert len(meant(word, fields)) <= 2
