"""A configuration of a newer format is told apart before anything else is said about it."""

from __future__ import annotations

import pytest

from handbill.schema.formats import FORMAT, check_format, format_of
from handbill.source.documents import Documents
from handbill.source.layout import PLATFORM_FILE
from handbill.source.yaml import load_document


def documents(text: str) -> Documents:
    document, _ = load_document(PLATFORM_FILE, text.encode())
    return Documents({PLATFORM_FILE: document} if document else {}, {})


@pytest.mark.parametrize(
    "text",
    ["holdout: 2%", "format: 1", 'format: "2"', "format: true", "format: -3", "[1]", "a: &b"],
)
def test_what_says_nothing_of_a_newer_format_is_the_first(text: str) -> None:
    assert format_of(documents(text)) == 1
    assert check_format(documents(text)) == ()


def test_a_newer_one_is_one_error_at_its_place() -> None:
    (found,) = check_format(documents(f"holdout: 2%\nformat: {FORMAT + 1}\n"))
    assert found.is_error and found.code == "HB756"
    assert found.range and (found.range.line, found.range.column) == (2, 9)
    assert found.hint and "pip install" in found.hint
