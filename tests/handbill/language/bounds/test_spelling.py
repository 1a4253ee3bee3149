"""What each character becomes, and that a few samples stand for every character there is."""

from __future__ import annotations

import json
import sys

import msgspec
import pytest

from handbill.language.bounds.measure import measure
from handbill.language.bounds.spelling import (
    SAMPLES,
    Spelling,
    Swap,
    extent_of_letter,
    letters_of,
    spell,
    spelled_letters,
    union,
    without_plain,
    written_extent,
)
from handbill.plan.alphabets import GSM
from handbill.plan.ir import Escape

SPELLINGS: list[Spelling] = [
    *((escape,) for escape in Escape if escape is not Escape.URL_SEGMENT),
    *((escape, "json") for escape in (Escape.NONE, Escape.PLAIN, Escape.HTML_ATTRIBUTE)),
    ("json",),
    ("form",),
    ("upper", Escape.NONE),
    ("lower", Escape.HTML_TEXT),
    (Swap("’", "'"), Escape.HTML_ATTRIBUTE),
]


@pytest.mark.parametrize("spelling", SPELLINGS, ids=str)
def test_samples_stand_for_every_character(spelling: Spelling) -> None:
    extent = extent_of_letter(None, spelling)
    points = [*range(1, 0x3000), *range(0x3000, sys.maxunicode + 1, 211)]
    for point in points:
        if not 0xD800 <= point <= 0xDFFF:
            counts = measure(spell(chr(point), spelling))
            for low, is_, high in zip(extent.low, counts, extent.high, strict=True):
                assert low <= is_ <= high, hex(point)


@pytest.mark.parametrize(
    ("text", "spelling", "spelled"),
    [
        ("it's", (Escape.HTML_ATTRIBUTE,), "it&#39;s"),
        ("a&b", (Escape.HTML_TEXT, "json"), "a&amp;b"),
        ('"\n\x01', ("json",), '\\"\\n\\u0001'),
        ("ä ü", ("upper",), "Ä Ü"),
        ("Ä", ("lower", Swap("ä", "ae")), "ae"),
        ("é 😀", (Escape.URL,), "%C3%A9%20%F0%9F%98%80"),
        ("a b&", ("form",), "a+b%26"),
    ],
)
def test_spell(text: str, spelling: Spelling, spelled: str) -> None:
    assert spell(text, spelling) == spelled


def test_json_is_spelled_as_the_driver_writes_it() -> None:
    for point in [*range(0x20, 0x3000), 0x2028, 0xFFFD, 0x1F600, *range(1, 0x20)]:
        text = chr(point)
        assert spell(text, ("json",)).encode() == msgspec.json.encode(text)[1:-1]
        assert json.loads(f'"{spell(text, ("json",))}"') == text


def test_letters() -> None:
    assert letters_of(None) is None
    assert letters_of("gsm") == GSM
    assert union(frozenset("a"), frozenset("b")) == frozenset("ab")
    assert union(frozenset("a"), None) is None
    assert spelled_letters(frozenset("aé"), ("upper",)) == frozenset("AÉ")
    assert spelled_letters(frozenset("&a"), (Escape.HTML_TEXT,)) == frozenset("&amp;a")
    assert spelled_letters(None, ("upper",)) is None
    assert {"a", "€", "ç", "😀"} <= SAMPLES


def test_upper_case_leaves_the_sms_alphabet() -> None:
    """`à` is in it and `À` is not; `Ç` is and `ç` is not."""
    assert extent_of_letter(GSM, ("upper",)).high.foreign == 1
    assert extent_of_letter(GSM, ("lower",)).high.foreign == 1
    assert extent_of_letter(GSM, ()).high.foreign == 0
    assert extent_of_letter(frozenset("à"), ("upper",)).low.foreign == 1


def test_what_an_author_wrote_stays_in_plain_text() -> None:
    assert without_plain((Escape.PLAIN, "json")) == ("json",)
    both = written_extent("\n", (Escape.PLAIN, "json"))
    assert (both.low.bytes, both.high.bytes) == (1, 2)
    assert written_extent("a", (Escape.HTML_TEXT,)).high.bytes == 1
