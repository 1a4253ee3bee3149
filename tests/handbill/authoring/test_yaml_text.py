from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handbill.authoring.yaml_text import plainly, quoted
from handbill.source.yaml import load_document

TEXTS = st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp"], include_characters="\n\t"), max_size=20
)
"""All but what the loader lets no text hold, however it is written."""


def read(written: str) -> object:
    document, found = load_document("a.yaml", f"said: {written}\n".encode())
    assert document is not None and isinstance(document.value, dict), (written, found)
    return document.value["said"]


@given(TEXTS)
def test_a_quoted_text_is_read_as_itself(text: str) -> None:
    assert read(quoted(text)) == text


@given(TEXTS)
def test_so_is_one_that_is_written_plainly(text: str) -> None:
    assert read(plainly(text)) == text


def test_quotes_only_where_they_are_needed() -> None:
    assert plainly("12 Orchard Way, Albany NY") == "12 Orchard Way, Albany NY"
    assert plainly("a: b") == '"a: b"'
    assert [plainly(text)[0] for text in ("true", "null", "12", "")] == ['"'] * 4
