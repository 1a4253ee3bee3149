"""The price of an SMS, held against the numbers that carriers publish and against a slow count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.segments import SmsSize, fewest_segments, most_segments, sms_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", SmsSize("GSM-7", 0, 1)),
        ("a" * 160, SmsSize("GSM-7", 160, 1)),
        ("a" * 161, SmsSize("GSM-7", 161, 2)),
        ("a" * 306, SmsSize("GSM-7", 306, 2)),
        ("a" * 307, SmsSize("GSM-7", 307, 3)),
        ("Ç" * 160, SmsSize("GSM-7", 160, 1)),
        ("ç" * 70, SmsSize("UCS-2", 70, 1)),
        ("ç" * 71, SmsSize("UCS-2", 71, 2)),
        ("a" * 133 + "’", SmsSize("UCS-2", 134, 2)),
        ("a" * 134 + "’", SmsSize("UCS-2", 135, 3)),
        ("€" * 80, SmsSize("GSM-7", 160, 1)),
        ("😀" * 35, SmsSize("UCS-2", 70, 1)),
        # 76 pairs of septets fill 152 of 153: the last septet of each part stays empty.
        ("€" * 152, SmsSize("GSM-7", 304, 2)),
        ("€" * 153, SmsSize("GSM-7", 306, 3)),
        ("a" * 152 + "€" + "a" * 152, SmsSize("GSM-7", 306, 3)),
        ("a" * 151 + "€" + "a" * 153, SmsSize("GSM-7", 306, 2)),
        ("😀" * 66, SmsSize("UCS-2", 132, 2)),
        ("😀" * 67, SmsSize("UCS-2", 134, 3)),
    ],
)
def test_size(text: str, size: SmsSize) -> None:
    assert sms_size(text) == size


gsm = st.text(st.sampled_from("abÇ €^\n"), max_size=700)
ucs = st.text(st.sampled_from("aç😀’"), max_size=500).map(lambda text: text + "ç")


@given(gsm | ucs, st.integers(0, 50), st.integers(0, 20))
def test_no_text_has_more_or_fewer_segments(text: str, more: int, pairs: int) -> None:
    size = sms_size(text)
    wide = "€^" if size.encoding == "GSM-7" else "😀"
    count = sum(text.count(character) for character in wide)
    assert size.segments <= most_segments(size.units + more, count + pairs, size.encoding)
    assert size.segments >= fewest_segments(max(0, size.units - more), size.encoding)


@pytest.mark.parametrize(
    ("text", "units", "pairs"), [("€" * 305, 610, 305), ("a" * 400, 400, 0), ("😀" * 100, 200, 100)]
)
def test_the_bound_is_reached(text: str, units: int, pairs: int) -> None:
    size = sms_size(text)
    assert size.units == units
    assert size.segments == most_segments(units, pairs, size.encoding)
