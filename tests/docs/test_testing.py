"""docs/testing.md shows what `handbill test` really prints about the files beside it."""

from __future__ import annotations

import pytest
from pages import DOCS, UPDATE, filled, read_page

PAGE = read_page(DOCS / "testing.md")


def test_outputs_are_real(tmp_path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE


def test_every_expectation_of_a_passing_page_holds() -> None:
    """Outputs are written by machine: what must not be in them is said here."""
    assert "HB000" not in PAGE.text
    assert PAGE.text.count("as expected") >= 8
