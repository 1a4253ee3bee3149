"""Plural rules as conditions: for every language of CLDR, what Babel says of a number."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from babel.plural import PluralRule

from handbill.language.expressions.checked import Checked, value_of
from handbill.language.filters.localized import NotWritten, known_locales
from handbill.language.filters.plural_rules import (
    OTHER,
    categories_of,
    category,
    condition_of,
    reached,
    rule_of,
)
from handbill.plan.ir import Field
from handbill.plan.model import FieldNeed
from handbill.plan.row import RowFunction, compile_expression
from handbill.plan.types import DecimalType, IntType, Type

LARGEST = 10**13
RULES = {str(rule_of(locale)): locale for locale in sorted(known_locales(), reverse=True)}
"""One locale for each different rule."""


def a_number(scale: int) -> tuple[Checked, Type]:
    type_: Type = (
        IntType(-LARGEST, LARGEST) if scale == 0 else DecimalType(scale, -LARGEST, LARGEST)
    )
    return value_of(Field(("customer", "x"), type_), type_), type_


def some_numbers(seed: int) -> list[int]:
    rng = random.Random(seed)
    return [
        *range(-3, 130),
        *(10**power for power in range(13)),
        *(1_000_000 * n for n in range(4)),
        *(rng.randrange(LARGEST) for _ in range(30)),
        *(rng.randrange(10**5) * 10 ** rng.randrange(4) for _ in range(60)),
    ]


def conditions(locale: str, scale: int) -> dict[str, RowFunction | bool]:
    value, type_ = a_number(scale)
    found: dict[str, RowFunction | bool] = {}
    for name in categories_of(locale):
        if name != OTHER:
            made = condition_of(locale, name, value, scale)
            if isinstance(made, bool):
                found[name] = made
            else:
                assert made.expression is not None
                need = FieldNeed(path=("x",), type=type_)
                found[name] = compile_expression(made.expression, [need])
    return found


@pytest.mark.parametrize("locale", sorted(RULES.values()))
def test_conditions_say_what_babel_says(locale: str) -> None:
    rule: PluralRule = rule_of(locale)
    for scale in (0, 1, 2, 3):
        known = conditions(locale, scale)
        for number in some_numbers(scale):
            holding = [
                name
                for name, made in known.items()
                if (made if isinstance(made, bool) else made((number,), {}))
            ]
            expected = category(locale, number, scale)
            assert (holding or [OTHER]) == [expected], (number, scale)
            if abs(number) >= 10 ** (scale - 1):  # Babel miscounts the digits of smaller ones
                assert expected == rule(Decimal(abs(number)).scaleb(-scale))


def test_there_are_many_rules() -> None:
    assert len(RULES) >= 35


def test_which_categories_a_number_can_reach() -> None:
    assert reached("en-US", 0, 10**6, 0) == {"one": ("1",), "other": ("0", "2", "3")}
    assert reached("en-US", 2, 9, 0) == {"other": ("2", "3", "4")}
    assert list(reached("es-MX", 0, 999_999, 0)) == ["one", "other"]
    assert list(reached("es-MX", 0, 10**7, 0)) == ["one", "many", "other"]
    assert reached("ru-RU", 0, 10, 0)["many"] == ("0", "5", "6")
    assert reached("en-US", 0, 200, 2)["other"] == ("0.00", "0.01", "0.02")
    assert list(reached("ar-EG", -5, 200, 0)) == ["zero", "one", "two", "few", "many", "other"]


def test_an_unknown_locale() -> None:
    with pytest.raises(NotWritten):
        categories_of("xx-XX")


def test_a_rule_that_nobody_has_yet() -> None:
    from handbill.language.filters import plural_rules

    value, _ = a_number(0)
    number = plural_rules._Number(value, 0)
    w = ("w", ())
    relation = ("relation", ("in", w, ("range_list", [(("value", (1,)), ("value", (1,)))])))
    for rule in (("xor", ()), relation):
        with pytest.raises(NotWritten):
            number.condition(rule)
        with pytest.raises(NotWritten):
            plural_rules._holds(rule, 1, 0)
