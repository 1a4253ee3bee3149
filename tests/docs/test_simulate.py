"""docs/simulate.md shows what is really said about the files beside it."""

from __future__ import annotations

import pytest
from pages import DOCS, UPDATE, filled, read_page

PAGE = read_page(DOCS / "simulate.md")


def test_outputs_are_real(tmp_path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE
