"""Texts, days and choices as the solver has them."""

from __future__ import annotations

import datetime

import pytest
import z3

from handbill.language.reasoning.formulas.terms import (
    Choice,
    Untranslatable,
    as_string,
    both,
    constant_text,
    either,
    exclusive,
    formula,
    instant_of,
    is_one_of,
    microseconds,
    number_of,
    string_value,
    text_of,
    there,
)

TEXTS = ("", "a", "é", "\\", "\\u{41}", "\\n", "\n", '"', "😀", "日本", "\U0001ffff", "{}")


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back(text: str) -> None:
    value = string_value(text)
    assert text_of(value) == text
    assert z3.simplify(z3.Length(value)).as_long() == len(text)


def test_characters_that_the_solver_lacks_are_refused() -> None:
    with pytest.raises(Untranslatable):
        string_value("\U00020000")


def test_instants_are_microseconds() -> None:
    instant = datetime.datetime(2026, 3, 8, 7, 30, 0, 1)
    assert instant_of(microseconds(instant)) == instant
    assert number_of(instant).as_long() == microseconds(instant)
    assert number_of(datetime.date(1900, 1, 1)).as_long() == datetime.date(1900, 1, 1).toordinal()
    assert z3.is_true(number_of(True))
    assert number_of(7).as_long() == 7


def test_the_first_option_that_holds_is_chosen() -> None:
    p, q = z3.Bools("p q")
    choice = Choice(((p, "a"), (q, "b"), (True, "a")))
    found = {text: when for when, text in exclusive(choice)}
    solver = z3.Solver()
    solver.add(z3.Not(found["a"] == z3.Or(p, z3.Not(q))))
    assert solver.check() == z3.unsat
    assert (
        text_of(
            z3.simplify(
                z3.substitute(as_string(choice), (p, z3.BoolVal(False)), (q, z3.BoolVal(True)))
            )
        )
        == "b"
    )
    assert constant_text("a") == Choice(((True, "a"),))


def test_small_parts() -> None:
    p = z3.Bool("p")
    assert both(True, True) is True and both(True, p) is p
    assert either(p, p, p) is p
    assert z3.is_true(formula(True))
    assert is_one_of([p]) is p
    assert there(3).present is True
