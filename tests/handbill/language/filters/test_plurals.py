"""The words that go with a number, in each language."""

from __future__ import annotations

import pytest
from expression_world import Text, Value

from handbill.diagnostics.diagnostic import Diagnostic

POINTS = "customer.lifetime_orders | plural(one='# point', other='# points')"


def only(hole: Text, text: str, locale: str = "en-US") -> Diagnostic:
    (found,) = hole(text, locale=locale).diagnostics
    return found


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0 points"), (1, "1 point"), (2, "2 points"), (1234, "1,234 points")],
)
def test_in_english(number: int, expected: str, written: Value) -> None:
    assert written(POINTS, lifetime_orders=number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "1 punkt"), (3, "3 punkty"), (5, "5 punktów"), (22, "22 punkty"), (112, "112 punktów")],
)
def test_in_polish(number: int, expected: str, written: Value) -> None:
    text = "customer.lifetime_orders | plural(one='# punkt', few='# punkty', many='# punktów', other='# punktu')"
    assert written(text, {"locale": "pl-PL"}, lifetime_orders=number) == expected


def test_decimals_are_counted_as_they_are_written(written: Value) -> None:
    text = "customer.spend | plural(one='# dollar', other='# dollars')"
    assert written(text, spend=100) == "1.00 dollars"
    assert (
        written("customer.spend | round | plural(one='# dollar', other='# dollars')", spend=100)
        == "1 dollar"
    )


def test_a_language_without_plurals(written: Value) -> None:
    text = "customer.lifetime_orders | plural(other='#点')"
    assert written(text, {"locale": "ja-JP"}, lifetime_orders=1) == "1点"


def test_marks(written: Value) -> None:
    text = "customer.lifetime_orders | plural(one='no. ##1', other='## and #, # ##')"
    assert written(text, lifetime_orders=1) == "no. #1"
    assert written(text, lifetime_orders=7) == "# and 7, 7 #"
    assert written("3 | plural(one='one', other='# things')") == "3 things"
    assert written("1 | plural(one='one', other='# things')") == "one"


def test_what_a_language_needs(hole: Text) -> None:
    found = only(hole, POINTS, "pl-PL")
    assert (found.code, found.message) == (
        "HB641",
        "`plural` lacks `few` and `many`, which pl-PL needs",
    )
    assert found.notes == ("pl-PL: one (1), few (2, 3, 4, …), many (0, 5, 6, …)",)
    assert found.hint == "plural(one='…', few='…', many='…', other='…')"
    assert only(hole, "customer.lifetime_orders | plural(one='# point')").code == "HB641"


def test_only_what_the_number_can_reach(hole: Text) -> None:
    """Spanish has `many` for millions alone, and no customer has so many orders."""
    assert hole(POINTS, locale="es-US").diagnostics == ()


def test_what_a_language_does_not_have(hole: Text) -> None:
    text = "customer.lifetime_orders | plural(zero='none', one='#', other='#')"
    found = only(hole, text)
    assert found.code == "HB642"
    assert found.hint == (
        "'none' if customer.lifetime_orders == 0 else customer.lifetime_orders | plural(…)"
    )
    assert (
        only(hole, "customer.lifetime_orders | plural(few='#', one='#', other='#')").hint
        == "remove `few=…`"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("customer.first_name | default('') | plural(other='#')", "HB507"),
        ("customer.lifetime_orders | plural(one=1, other='#')", "HB508"),
        ("customer.lifetime_orders | plural('#', '#')", "HB508"),
        ("customer.lifetime_orders | plural(several='#', other='#')", "HB508"),
    ],
)
def test_refusals(text: str, code: str, hole: Text) -> None:
    assert only(hole, text).code == code


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("'# point', '# points'", "plural(one='# point', other='# points')"),
        ("'# points'", "plural(other='# points')"),
    ],
)
def test_texts_without_a_name(given: str, hint: str, hole: Text) -> None:
    found = only(hole, f"customer.lifetime_orders | plural({given})")
    assert found.code == "HB508" and found.message.startswith("each text of `plural` has a name")
    assert found.hint == hint


def test_a_locale_that_is_unknown(hole: Text) -> None:
    assert "unknown" in only(hole, POINTS, "xx-XX").message


def test_rules_do_not_count_in_words(said: object) -> None:
    assert "HB517" in said(f"({POINTS}) == '1 point'")  # type: ignore[operator]
