"""Dates, numbers and amounts in a locale, written out as operations at compile time.

The patterns and names are CLDR's, read through Babel here, so that the runtime needs neither: a month
becomes a choice of twelve texts. Only what the operations can express is accepted. Digits are the Latin
ones everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import tokenize_pattern
from babel.localedata import locale_identifiers
from babel.numbers import NumberPattern, get_currency_precision, get_currency_symbol

from handbill.language.expressions.build import (
    BOOL,
    as_text,
    bounds,
    call,
    is_wide,
    joined,
    literal,
    longest,
    number_type,
    scale_of,
    text_length,
)
from handbill.language.expressions.checked import Checked, value_of
from handbill.language.expressions.facts import Interval
from handbill.plan.ir import Const, Expression, Operation
from handbill.plan.types import IntType, StringType

DATE_STYLES = ("short", "medium", "long", "full", "day", "weekday")
_DAY_SKELETONS = ("MMMMd", "MMMd", "Md")


class NotWritten(Exception):
    """The locale writes this in a way that no operation expresses; says which."""


@lru_cache(maxsize=256)
def locale_of(name: str) -> Locale:
    """Babel's locale for `fr-CA`; raises NotWritten for one that it does not know."""
    try:
        return Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        raise NotWritten(f"the locale {name} is unknown") from None


@lru_cache(maxsize=1)
def known_locales() -> frozenset[str]:
    """Every locale that CLDR has data for, as they are written here: `es-419`, `zh-Hant-TW`."""
    return frozenset(name.replace("_", "-") for name in locale_identifiers())


# ── dates ────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1024)
def date_pattern(locale_name: str, style: str) -> str:
    """CLDR's pattern for one of DATE_STYLES: `MMMM d, y`."""
    locale = locale_of(locale_name)
    if style == "weekday":
        return "cccc"
    if style == "day":
        for skeleton in _DAY_SKELETONS:
            pattern = locale.datetime_skeletons.get(skeleton)
            if pattern is not None:
                return str(pattern.pattern)
        raise NotWritten(f"{locale_name} has no pattern for a day and month")
    return str(locale.date_formats[style].pattern)


def date_text(value: Checked, locale_name: str, style: str) -> Checked:
    """A date as text. Raises NotWritten."""
    pieces = [
        _text(token) if isinstance(token, str) else _date_field(value, locale_name, *token)
        for _, token in tokenize_pattern(date_pattern(locale_name, style))
    ]
    return joined(pieces)


def _text(text: str) -> Checked:
    return value_of(Const(StringType(len(text)), text), StringType(len(text)))


def _date_field(value: Checked, locale_name: str, letter: str, width: int) -> Checked:
    match letter:
        case "y" if width == 2:
            return _two_digits(_modulo(date_part(value, "year"), 100), 0, 99)
        case "y":
            return as_text(date_part(value, "year"))
        case "M" | "L":
            return _month(date_part(value, "month"), locale_name, letter, width)
        case "d" if width == 2:
            return _two_digits(date_part(value, "day"), 1, 31)
        case "d":
            return as_text(date_part(value, "day"))
        case "G":
            return _text(_era(locale_name, width))
        case "E" | "e" | "c":
            return _weekday(date_part(value, "weekday"), locale_name, letter, width)
        case _:
            raise NotWritten(f"{locale_name} writes dates with `{letter * width}`")


def _era(locale_name: str, width: int) -> str:
    """The era of every date there is: ours."""
    style = {4: "wide", 5: "narrow"}.get(width, "abbreviated")
    return str(locale_of(locale_name).eras[style][1])


def _month(month: Checked, locale_name: str, letter: str, width: int) -> Checked:
    if width == 1:
        return as_text(month)
    if width == 2:
        return _two_digits(month, 1, 12)
    names = _names(locale_of(locale_name).months, letter == "L", width)
    return choice(month, [names[number] for number in range(1, 13)])


def _weekday(day: Checked, locale_name: str, letter: str, width: int) -> Checked:
    names = _names(locale_of(locale_name).days, letter == "c", width)
    return choice(day, [names[number] for number in range(7)])


def _names(
    names: Mapping[str, Mapping[str, Mapping[int, str]]], alone: bool, width: int
) -> Mapping[int, str]:
    style = {4: "wide", 5: "narrow"}.get(width, "abbreviated")
    return names["stand-alone" if alone else "format"][style]


PARTS: Mapping[str, Interval] = {
    "year": Interval(1900, 2199),
    "month": Interval(1, 12),
    "day": Interval(1, 31),
    "weekday": Interval(1, 7),
}


def date_part(value: Checked, part: str) -> Checked:
    """`year`, `month`, `day` or `weekday` (Monday is 1) as a whole number."""
    assert value.expression is not None
    name = Const(StringType(len(part)), part)
    within = PARTS[part]
    return call(
        Operation.DATE_PART,
        (value.expression, name),
        IntType(within.low, within.high),
        interval=within,
    )


def _modulo(value: Checked, by: int) -> Checked:
    divisor = literal(by)
    assert value.expression is not None and divisor is not None and divisor.expression is not None
    operands = (value.expression, divisor.expression)
    return call(Operation.MOD, operands, IntType(0, by - 1), interval=Interval(0, by - 1))


def _two_digits(value: Checked, low: int, high: int) -> Checked:
    """A number from `low` to `high` with a leading zero, as one of few texts."""
    if low == 0:
        one = literal(1)
        assert one is not None and one.expression is not None and value.expression is not None
        value = call(
            Operation.ADD,
            (value.expression, one.expression),
            IntType(1, high + 1),
            interval=Interval(1, high + 1),
        )
    return choice(value, [f"{number:02}" for number in range(low, high + 1)])


def choice(value: Checked, texts: Sequence[str]) -> Checked:
    """The n-th text; the number is proved to be from 1 to their count."""
    assert value.expression is not None
    most = max(len(text) for text in texts)
    options: list[Expression] = [Const(StringType(len(text)), text) for text in texts]
    return call(Operation.CHOOSE, (value.expression, *options), StringType(most))


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def currency_digits(currency: str) -> int:
    """Digits after the point in which a currency is written: 2, or 0 for yen."""
    return int(get_currency_precision(currency))


def amount_text(value: Checked, locale_name: str, currency: str) -> Checked:
    """An amount with its currency, at the value's own scale. Raises NotWritten."""
    locale = locale_of(locale_name)
    symbol = str(get_currency_symbol(currency, locale))
    return _grouped(value, locale_name, locale.currency_formats["standard"], symbol)


def number_text(value: Checked, locale_name: str) -> Checked:
    """A number with the locale's point and groups, at the value's own scale."""
    return _grouped(value, locale_name, locale_of(locale_name).decimal_formats[None], "")


def _grouped(value: Checked, locale_name: str, pattern: NumberPattern, symbol: str) -> Checked:
    beyond = _beyond(pattern, locale_name)
    before, after = (
        tuple(part.replace("¤", symbol) for part in sides)
        for sides in (pattern.prefix, pattern.suffix)
    )
    found = bounds(value)
    positive = joined([_text(before[0]), _digits(value, locale_name, beyond), _text(after[0])])
    if found.low >= 0:
        return positive
    digits = _digits(_negated(value), locale_name, beyond)
    negative = joined([_text(before[1]), digits, _text(after[1])])
    if found.high < 0:
        return negative
    return _signed(value, positive, negative)


def _signed(value: Checked, positive: Checked, negative: Checked) -> Checked:
    zero = Const(IntType(0, 0), 0)
    assert value.expression is not None and positive.expression is not None
    assert negative.expression is not None and positive.type and negative.type
    below = call(Operation.LT, (value.expression, zero), BOOL)
    assert below.expression is not None
    width = max(longest(positive.type), longest(negative.type))
    branches = (below.expression, negative.expression, positive.expression)
    return call(Operation.IF, branches, StringType(width))


def _negated(value: Checked) -> Checked:
    """|x|, written as ABS so that both branches of the sign are total."""
    assert value.expression is not None and value.type is not None
    found = bounds(value)
    interval = Interval(0, max(abs(found.low), abs(found.high)))
    type_ = number_type(scale_of(value.type), interval, isinstance(value.type, IntType))
    wide = is_wide(interval, found)
    return call(Operation.ABS, (value.expression,), type_, interval=interval, wide=wide)


def _beyond(pattern: NumberPattern, locale_name: str) -> int:
    """How many digits the groups beyond the first have: 2 in India, else 3."""
    first, beyond = pattern.grouping
    if first != 3 or beyond not in (2, 3):
        raise NotWritten(f"{locale_name} groups digits in a way of its own")
    return int(beyond)


def _digits(value: Checked, locale_name: str, beyond: int) -> Checked:
    symbols = locale_of(locale_name).number_symbols
    latin = symbols.get("latn", symbols)
    point, group = str(latin.get("decimal", ".")), str(latin.get("group", ","))
    assert value.expression is not None and value.type is not None
    scale, found = scale_of(value.type), bounds(value)
    plain = text_length(found, scale)
    length = plain + len(group) * (max(len(str(abs(end))) for end in found) // beyond) + len(point)
    arguments = (
        value.expression,
        Const(IntType(scale, scale), scale),
        Const(StringType(len(point)), point),
        Const(StringType(len(group)), group),
        *(() if beyond == 3 else (Const(IntType(beyond, beyond), beyond),)),
    )
    return call(Operation.GROUPED_TEXT, arguments, StringType(length), wide=is_wide(found))
