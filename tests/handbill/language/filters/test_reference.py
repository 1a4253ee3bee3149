"""The reference page is what the tables say."""

from __future__ import annotations

import pathlib

from handbill.language.filters.reference import reference
from handbill.language.filters.table import FILTERS

PAGE = pathlib.Path(__file__).parents[4] / "docs" / "filters.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run python -m handbill.language.filters.reference > docs/filters.md"
    )


def test_every_filter_has_a_row() -> None:
    page = reference()
    assert all(f"`{name}" in page for name in FILTERS)
