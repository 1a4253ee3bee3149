"""Where the cursor stands, read from text that may parse as nothing."""

from __future__ import annotations

import pytest
from aimed_world import SAMPLES, WINBACK
from hypothesis import given
from hypothesis import strategies as st

from handbill.editor.cursor import cursor_at
from handbill.source.located import Path


@pytest.mark.parametrize(
    ("text", "path", "is_key", "before"),
    [
        ("", (), True, ""),
        ("sta", (), True, "sta"),
        ("uses: win", ("uses",), False, "win"),
        ("audience:\n  include: customer.", ("audience", "include"), False, "customer."),
        ("audience:\n  ", ("audience",), True, ""),
        ("audience:\n\n  # about\n  in", ("audience",), True, "in"),
        ("message:\n  email: {subject: \"Hi {{ cus", ("message", "email", "subject"), False, "Hi {{ cus"),
        ('message:\n  email: {subject: "Hi, you", ', ("message", "email"), True, ""),
        ('message:\n  email: {subject: "a", body', ("message", "email"), True, "body"),
        ("message:\n  email: {subject: 'it''s', body: x", ("message", "email", "body"), False, "x"),
        ('with: {a: "x \\" y", b: z', ("with", "b"), False, "z"),
        ("trigger: {\n  at: x,\n  time", ("trigger",), True, "time"),
        ("offer:\n- when: x\n  use: ab", ("offer", 0, "use"), False, "ab"),
        ("offer:\n- use: x\n- use: y\n- ", ("offer", 2), True, ""),
        ("offer:\n  - {when: a, use: ", ("offer", 0, "use"), False, ""),
        ("offer: [{use: a}, {use: b", ("offer", 1, "use"), False, "b"),
        ("a: |\n  x: 1\n  y: {{ cus", ("a",), False, "x: 1\ny: {{ cus"),
        ("a: |\n  x: 1\nb: z", ("b",), False, "z"),
        ("a: 'one\n  two: three", ("a",), False, "one\n  two: three"),
        ("open: [with, mes", ("open", 1), False, "mes"),
        ('a: {b: {c: 1}, "d e": f', ("a", "d e"), False, "f"),
        ("lock:\n  - lim", ("lock", 0), True, "lim"),
        ("x:\n  y: 1\n", (), True, ""),
        ("a: b\r\nc: d", ("c",), False, "d"),
        ("a: {b: 1}\nc: d", ("c",), False, "d"),
    ],
)  # fmt: skip
def test_paths(text: str, path: Path, is_key: bool, before: str) -> None:
    found = cursor_at(text, len(text))
    assert (found.path, found.is_key, found.before) == (path, is_key, before)


def test_the_word_at_the_cursor() -> None:
    assert cursor_at("a: one two-thr", 14).word == "two-thr"


@given(st.text(alphabet="ab:{}[],'\"|>- \n#\t"), st.integers(0, 60))
def test_no_text_is_too_odd(text: str, offset: int) -> None:
    cursor_at(text, min(offset, len(text)))


def test_every_place_of_a_sample_is_somewhere() -> None:
    text = (SAMPLES / WINBACK).read_text("utf-8")
    seen = {cursor_at(text, offset).path for offset in range(len(text))}
    assert ("audience", "exclude", "no_alcohol_states") in seen
