"""Encoding, size and hidden characters."""

from __future__ import annotations

import pytest

from handbill.source import characters
from handbill.source.characters import decode, name_of, unwanted_in_value


def code_of(data: bytes) -> tuple[str, int, int]:
    text, (found, *_) = decode("tenants/ff/campaigns/a.yaml", data)
    assert text is None and found.range and found.tenant == "ff"
    return found.code, found.range.line, found.range.column


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("a: b".encode("utf-16"), ("HB201", 1, 1)),
        ("a: b".encode("utf-16-le"), ("HB201", 1, 1)),
        ("a: b".encode("utf-8-sig"), ("HB201", 1, 1)),
        ("x: 1\ny: é\xe9".encode() + b"\xe9", ("HB201", 2, 6)),
        (b"a: b\rc: d", ("HB203", 1, 5)),
        ("a: b\u2029".encode(), ("HB203", 1, 5)),
        (b"a: b\x85".replace(b"\x85", "\x85".encode()), ("HB203", 1, 5)),
        (b"a: \x07", ("HB202", 1, 4)),
        (b"aaaaa: \x00", ("HB202", 1, 8)),
        ("a: \u202e".encode(), ("HB202", 1, 4)),
        ("é: x\n  b: \u200b".encode(), ("HB202", 2, 6)),
        ("a: \u200d".encode(), ("HB202", 1, 4)),
        ("a: \U000e0041".encode(), ("HB202", 1, 4)),
        (b"x" * 300_000, ("HB204", 1, 1)),
    ],
)
def test_refused_bytes(data: bytes, expected: tuple[str, int, int]) -> None:
    assert code_of(data) == expected


@pytest.mark.parametrize(
    "text",
    ["a: b\r\nc: d\r\n", "a: Crème brûlée, 日本, नमस्ते", "chef: 👩‍🍳 und 🏳️‍🌈", "a:\tb", ""],
)
def test_allowed_text(text: str) -> None:
    assert decode("a.yaml", text.encode()) == (text, ())


def test_not_every_hidden_character_is_listed() -> None:
    _, found = decode("a.yaml", ("\u200b" * 100).encode())
    assert len(found) == 5


def test_the_remedy_is_an_escape_only_where_one_would_be_taken() -> None:
    hints = {}
    for char in ("\u200b", "\x07"):
        _, (found,) = decode("a.yaml", f"a: {char}".encode())
        hints[char] = found.hint or ""
    assert '"\\u200B" in double quotes' in hints["\u200b"]
    assert "double quotes" not in hints["\x07"]


def test_values_that_no_text_may_hold() -> None:
    assert unwanted_in_value("a\x00b") == "\x00"
    assert unwanted_in_value("a\ufffe") == "\ufffe"
    assert unwanted_in_value("a\U0001ffff") == "\U0001ffff"
    assert unwanted_in_value("line\n\ttab\u200b") is None
    assert name_of("\u200b") == "U+200B, ZERO WIDTH SPACE"


def test_the_quick_look_misses_nothing() -> None:
    for code in (*range(0xD800), *range(0xE000, 0x11000), *range(0xE0000, 0xE1000)):
        char = chr(code)
        if characters._HIDDEN.search(char):
            assert characters._MAYBE_HIDDEN.search(char), hex(code)
