"""The reference page is what the tables say."""

from __future__ import annotations

import pathlib

from handbill.language.filters import FILTERS
from handbill.language.reference import reference

PAGE = pathlib.Path(__file__).parents[3] / "docs" / "filters.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run python -m handbill.language.reference > docs/filters.md"
    )


def test_every_filter_has_a_row() -> None:
    page = reference()
    assert all(f"`{name}" in page for name in FILTERS)
