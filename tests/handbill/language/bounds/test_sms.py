"""Which SMS cost more, and because of which characters."""

from __future__ import annotations

import pytest
from bounds_world import given_that, ops_of

from handbill.language.bounds.rendering import extent_of
from handbill.language.bounds.sms import (
    PASTED,
    Segments,
    name_of,
    plain_spelling,
    replacement_of,
    segments_of,
    surcharge,
)
from handbill.plan.alphabets import GSM
from handbill.plan.segments import sms_size


def segments(text: str) -> Segments:
    return segments_of(extent_of(ops_of(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 160, Segments(1, 1, "GSM-7")),
        ("a" * 161, Segments(2, 2, "GSM-7")),
        ("a" * 70 + "’", Segments(2, 2, "UCS-2")),
        ("{{ customer.nick }}" + "a" * 142, Segments(1, 1, "GSM-7")),
        ("{{ customer.nick }}" + "a" * 143, Segments(1, 2, "GSM-7")),
        ("{{ customer.name }}" + "a" * 46, Segments(1, 1, "GSM-7")),
        ("{{ customer.name }}" + "a" * 47, Segments(1, 2, "UCS-2")),
        ("{{ customer.name }}" + "a" * 120, Segments(1, 3, "UCS-2")),
        ("{{ customer.nick | upper }}" + "a" * 62, Segments(1, 2, "UCS-2")),
        ("{{ customer.nick | truncate(4) }}" + "a" * 67, Segments(1, 2, "UCS-2")),
        ("{{ customer.nick | truncate(4) | replace('…', '.') }}" + "a" * 152, Segments(1, 1, "GSM-7")),
        ("", Segments(1, 1, "GSM-7")),
    ],
)  # fmt: skip
def test_segments(text: str, expected: Segments) -> None:
    assert segments(text) == expected


def test_one_pasted_apostrophe() -> None:
    found = surcharge(ops_of("It’s a long text. " + "x" * 86), ())
    assert found is not None and found.is_pasted
    assert (found.characters, found.now, found.plain, found.longest) == (("’",), 2, 1, 104)


def test_it_counts_for_customers_with_plain_names() -> None:
    ops = ops_of("{{ customer.name }}: it’s open" + "x" * 60)
    found = surcharge(ops, ())
    assert found is not None and (found.now, found.plain) == (2, 1)


def test_what_costs_nothing_is_not_mentioned() -> None:
    assert surcharge(ops_of("plain " + "x" * 200), ()) is None
    assert surcharge(ops_of("It’s"), ()) is None
    assert surcharge(ops_of("{{ customer.name }}" + "x" * 100), ()) is None
    told = given_that("customer.tier == 'basic'")
    tiers = ops_of("{% if customer.tier == 'ça' %}ça{% else %}ok{% endif %}" + "x" * 100)
    assert surcharge(tiers, ()) is not None
    assert surcharge(tiers, told) is None


def test_letters_of_a_language() -> None:
    found = surcharge(ops_of("¡Tamales recién hechos, más ricos! " + "x" * 60), ())
    assert found is not None and not found.is_pasted
    assert found.characters == ("á",)  # é and ¡ are in the alphabet
    assert (
        plain_spelling("á") == "a" and plain_spelling("ç") == "c" and plain_spelling("中") is None
    )


def test_names() -> None:
    assert name_of("’") == "’ (U+2019, a pasted apostrophe)"
    assert name_of("ç") == "ç (U+00E7, latin small letter c with cedilla)"
    assert name_of("\u00a0") == "U+00A0, a no-break space"
    assert name_of("\u202f") == "U+202F, a narrow no-break space"
    assert name_of("\u200b") == "U+200B, zero width space"
    assert name_of("\u0301") == "U+0301, combining acute accent"
    assert name_of("\ue000") == "U+E000"


def test_what_to_write_instead_can_be_read() -> None:
    assert replacement_of("\u00a0") == replacement_of("\t") == "a plain space"
    assert replacement_of("\u200b") == "nothing"
    assert (replacement_of("’"), replacement_of("ó")) == ("'", "o")


@pytest.mark.parametrize("character", PASTED)
def test_what_stands_for_it_is_plain(character: str) -> None:
    assert character not in GSM
    assert GSM.issuperset(PASTED[character][0])
    assert sms_size(PASTED[character][0]).encoding == "GSM-7"
