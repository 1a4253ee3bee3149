"""YAML 1.2's core scalars, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.source.plain import OUT_OF_RANGE, resolve_plain


@pytest.mark.parametrize(
    "text",
    ["NO", "no", "yes", "on", "Off", "y", "22:30", "2026-12-05", "2026-12-05T10:00", "1_000",
     "0b101", "1.2.3", "+", "-", ".", "..", "1 000", "12:30:45", "0x", "0o9", "e5", "TRUe",
     "10%", "3 days", "nULL", "١٢"],
)  # fmt: skip
def test_text_stays_text(text: str) -> None:
    assert resolve_plain(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("0", 0),
     ("-17", -17), ("+5", 5), ("0142", 142), ("0o17", 15), ("0xFF", 255), ("1.10", Decimal("1.10")),
     (".5", Decimal("0.5")), ("5.", Decimal(5)), ("12e3", Decimal(12000)), ("-0.0", Decimal("-0.0"))],
)  # fmt: skip
def test_numbers_and_words(text: str, value: object) -> None:
    resolved = resolve_plain(text)
    assert (type(resolved), resolved) == (type(value), value)


@pytest.mark.parametrize(
    "text",
    [
        ".inf",
        "-.INF",
        ".nan",
        "9" * 5_000,
        "1e999999999",
        "1e-40",
        "0x" + "F" * 30,
        "1." + "0" * 60,
    ],
)
def test_what_is_no_number_here(text: str) -> None:
    assert resolve_plain(text) is OUT_OF_RANGE


@given(st.text(alphabet="0123456789.eE+-xo_infa ~:", max_size=40))
def test_never_raises_and_numbers_are_small(text: str) -> None:
    value = resolve_plain(text)
    if isinstance(value, (int, Decimal)):
        assert abs(value) < 10**19
