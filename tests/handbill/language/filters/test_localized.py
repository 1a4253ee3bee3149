"""What is written for a locale equals what Babel itself writes."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from expression_world import Text, Value

from handbill.language.filters.localized import known_locales

LOCALES = [
    "en-US",
    "en-CA",
    "es-US",
    "es-MX",
    "fr-CA",
    "fr-FR",
    "de-DE",
    "pt-BR",
    "sv-SE",
    "ja-JP",
    "pl-PL",
    "it-IT",
    "hi-IN",
    "en-IN",
    "ar-EG",
    "he-IL",
    "fa-IR",
    "th-TH",
    "de-CH",
]
EVERY = sorted(known_locales())
ODD = {"en-US-POSIX", "tok", "tok-001"}
"""They group digits otherwise than anybody's money."""
DATES = [
    datetime.date(2026, 1, 5),
    datetime.date(2026, 12, 24),
    datetime.date(2004, 2, 29),
    datetime.date(1999, 8, 31),
]
CENTS = [0, 5, 99, 100, 123_456, 100_000_000, 7_654_321]


def babel(locale: str) -> str:
    return locale.replace("-", "_")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("style", ["short", "medium", "long", "full"])
def test_dates(locale: str, style: str, written: Value) -> None:
    for date in DATES:
        expected = format_date(date, style, locale=babel(locale))
        assert (
            written(f"customer.last_order | date('{style}')", {"locale": locale}, last_order=date)
            == expected
        )


def test_day_and_weekday(written: Value) -> None:
    date = datetime.date(2026, 12, 24)
    for locale, day, weekday in (
        ("en-US", "December 24", "Thursday"),
        ("es-US", "24 de diciembre", "jueves"),
        ("fr-CA", "24 décembre", "jeudi"),
        ("de-DE", "24. Dezember", "Donnerstag"),
    ):
        changes = {"locale": locale}
        assert written("customer.last_order | date('day')", changes, last_order=date) == day
        assert written("customer.last_order | date('weekday')", changes, last_order=date) == weekday


@pytest.mark.parametrize("locale", LOCALES)
def test_amounts(locale: str, written: Value) -> None:
    for cents in CENTS:
        amount = Decimal(cents) / 100
        for currency in ("USD", "CAD", "EUR"):
            changes = {"locale": locale, "currency": currency}
            expected = format_currency(amount, currency, locale=babel(locale))
            assert written("customer.spend | money", changes, spend=cents) == expected


@pytest.mark.parametrize("locale", LOCALES)
def test_negative_amounts_and_numbers(locale: str, written: Value) -> None:
    for cents in (-12_345, 12_345, 0):
        amount = Decimal(cents) / 100
        changes = {"locale": locale}
        expected = format_currency(amount, "USD", locale=babel(locale))
        assert written("customer.balance | money", changes, balance=cents) == expected
        expected = format_decimal(amount, format="#,##0.00;-#,##0.00", locale=babel(locale))
        assert written("customer.balance | number", changes, balance=cents) == expected


def test_digits(written: Value) -> None:
    assert written("customer.lifetime_orders | number", lifetime_orders=98765) == "98,765"
    assert written("customer.spend | number(1)", spend=123_456) == "1,234.6"
    assert written("customer.spend | number(0)", spend=123_456) == "1,235"
    assert written("customer.spend | money(0)", spend=123_456) == "$1,235"
    assert written("customer.spend | money", {"currency": "JPY"}, spend=123_456) == "¥1,235"
    assert written("customer.orders | money", orders=5) == "$5.00"
    assert written("(0 - customer.orders - 1) | money", orders=5) == "-$6.00"
    assert written("params.discount | money") == "$15.00"


def test_every_locale_is_written_or_refused(hole: Text, written: Value) -> None:
    """All of CLDR: what Babel writes, we write; three locales are refused."""
    date, refused = datetime.date(2026, 11, 4), set()
    for locale in EVERY:
        changes = {"locale": locale, "currency": "EUR"}
        if hole("customer.spend | money", **changes).expression is None:
            refused.add(locale)
            continue
        name = babel(locale)
        expected = format_currency(Decimal("1234567.89"), "EUR", locale=name)
        assert written("customer.spend | money", changes, spend=123_456_789) == expected
        expected = format_decimal(98_765, locale=name)
        found = written("customer.lifetime_orders | number", changes, lifetime_orders=98_765)
        assert found == expected
        expected = format_date(date, "long", locale=name)
        assert written("customer.last_order | date", changes, last_order=date) == expected
    assert refused == ODD


def test_lakhs_and_marks(written: Value) -> None:
    hindi, hebrew = {"locale": "hi-IN", "currency": "INR"}, {"locale": "he-IL"}
    assert written("customer.spend | money", hindi, spend=123_456_789) == "₹12,34,567.89"
    assert written("customer.spend | money", hebrew, spend=150) == "\u200f1.50\u00a0\u200f$"
    thai = written("customer.last_order | date", {"locale": "th-TH"}, last_order=DATES[0])
    assert thai == "5 มกราคม ค.ศ. 2026"
