"""docs/policies.md: what its commands print is what they print, and its tables are whole."""

from __future__ import annotations

import pathlib

import pytest
from pages import DOCS, UPDATE, filled, read_page

PAGE = read_page(DOCS / "policies.md")


def test_outputs_are_real(tmp_path: pathlib.Path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE
