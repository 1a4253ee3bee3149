from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill_runtime.foreign import foreign_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("250 Reçu 😀", "250 Reçu 😀"),
        (b"250 Re\xe7u".decode("ascii", "surrogateescape"), "250 Re\ufffdu"),
        ("half \ud83d of one", "half \ufffd of one"),
        ("two\r\nlines\x00", "two lines "),
        ("x" * 999, "x" * 300),
    ],
)
def test_what_servers_say(text: str, clean: str) -> None:
    assert foreign_text(text) == clean


@given(st.text(st.characters(codec=None)))
def test_whatever_it_is_it_can_be_kept(text: str) -> None:
    clean = foreign_text(text)
    assert clean.encode().decode() == clean and len(clean) <= 300
    assert clean.isprintable() or not clean.isascii()
