"""docs/reasoning.md: what its commands print is what they print."""

from __future__ import annotations

import pathlib

import pytest
from pages import DOCS, UPDATE, filled, read_page

PAGE = read_page(DOCS / "reasoning.md")


def test_outputs_are_real(tmp_path: pathlib.Path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE


def test_every_answer_is_shown() -> None:
    shown = PAGE.text
    for word in ("HB540", "HB544", "HB545", "is contained in", "overlap", "no customer in common"):
        assert word in shown
    assert '"relation": "widened"' in shown and "unknown, because" in shown
