"""docs/authoring.md shows what the commands really print."""

from __future__ import annotations

import pytest
from pages import DOCS, UPDATE, filled, read_page

PAGE = read_page(DOCS / "authoring.md")


def test_outputs_are_real(tmp_path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE


def test_the_new_repository_is_clean() -> None:
    """Outputs are written by machine: what has to be in them is said here."""
    assert "HB000" not in PAGE.text and "Usage:" not in PAGE.text
    assert "1 campaign of 1 tenant: no findings" in PAGE.text
    assert "1 test: 3 customers as expected" in PAGE.text
    assert "nothing to rewrite" in PAGE.text
    assert "format 1: nothing to do" in PAGE.text
