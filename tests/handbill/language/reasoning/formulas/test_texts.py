"""Operations on texts in formulas, against their own bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import z3

from handbill.language.reasoning.formulas import texts
from handbill.language.reasoning.formulas.terms import Choice, constant_text, string_value, text_of
from handbill.plan.cases import LOWER, UPPER
from handbill.plan.ir import Operation
from handbill.plan.operations import apply, lower, upper

SOME = ("", "a", "ab", "b", "A", "é", "abab", "😀b")
O = Operation  # noqa: E741


def value(formula: Any) -> Any:
    result = z3.Const("result", formula.sort())
    solver = z3.Solver()
    solver.add(result == formula)
    assert solver.check() == z3.sat
    found = solver.model()[result]
    if z3.is_string_value(found):
        return text_of(found)
    return z3.is_true(found) if z3.is_bool(found) else found.as_long()


@pytest.mark.parametrize(
    ("operation", "formula"),
    [
        (O.EQ, texts.equal),
        (O.LT, lambda a, b: texts.precedes(a, b, False)),
        (O.LE, lambda a, b: texts.precedes(a, b, True)),
        (O.CONTAINS, texts.contains),
        (O.STARTS_WITH, texts.starts_with),
        (O.ENDS_WITH, texts.ends_with),
        (O.CONCAT, lambda *parts: texts.concat(parts)),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_of_two_texts(operation: Operation, formula: Callable[..., Any], known: bool) -> None:
    """`known` texts are computed; others are left to the solver."""
    for one in SOME:
        for other in SOME:
            made = constant_text if known else string_value
            result = formula(made(one), made(other))
            if isinstance(result, Choice):
                assert result == constant_text(one + other)
            else:
                assert value(result) == apply(operation, (one, other))


def test_length_and_truncate() -> None:
    for text in SOME:
        assert value(texts.length(string_value(text))) == len(text)
        assert value(texts.length(constant_text(text))) == len(text)
        for limit in (1, 2, 3):
            expected = apply(O.TRUNCATE, (text, limit))
            assert value(texts.truncate(string_value(text), limit)) == expected
            assert texts.truncate(constant_text(text), limit) == constant_text(str(expected))


def test_digits() -> None:
    for number in (-1200, -1, 0, 7, 417):
        assert value(texts.digits(z3.IntVal(number))) == str(number)


def test_one_of_few_is_compared_with_any() -> None:
    p = z3.Bool("p")
    choice = Choice(((p, "a"), (True, "b")))
    name = z3.String("name")
    assert z3.simplify(
        z3.substitute(texts.equal(name, choice), (name, string_value("b")), (p, z3.BoolVal(True)))
    ).eq(z3.BoolVal(False))
    assert texts.on_choices(O.UPPER, (choice,)) == Choice(((p, "A"), (True, "B")))
    assert texts.on_choices(O.UPPER, ()) is None
    many = Choice((*((z3.Bool(f"p{n}"), str(n)) for n in range(9)), (True, "x")))
    assert texts.on_choices(O.CONCAT, (many, many)) is None


def test_an_unknown_function_is_one_function() -> None:
    facts: list[Any] = []
    known = texts.Texts(facts)
    name, other = z3.Strings("name other")
    one = known.unknown(O.LOWER, name)
    assert known.unknown(O.LOWER, name).eq(one)
    assert not known.unknown(O.UPPER, name).eq(one)
    assert not known.unknown(O.LOWER, other).eq(one)
    assert len(known.uses) == 3 and known.uses[0].body("ÀB") == "àb"
    solver = z3.Solver()
    solver.add(*facts, z3.Length(one) != z3.Length(name))
    assert solver.check() == z3.unsat


def test_case_is_changed_one_for_one_and_once() -> None:
    """What `formulas` assumes of LOWER and UPPER, for every character that they change."""
    for table, change in ((LOWER, lower), (UPPER, upper)):
        for code in table:
            once = change(chr(code))
            assert len(once) == 1
            assert change(once) == once
