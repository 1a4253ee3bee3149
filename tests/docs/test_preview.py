"""docs/preview.md shows what is really printed about the files beside it."""

from __future__ import annotations

import re

import pytest
from pages import DOCS, UPDATE, filled, read_page

PAGE = read_page(DOCS / "preview.md")
LARGEST = 200_000
"""Bytes of a picture in the docs."""


def test_outputs_are_real(tmp_path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE


def test_pictures_are_there_and_small() -> None:
    pictures = re.findall(r"\]\((images/[\w.-]+)\)", PAGE.path.read_text(encoding="utf-8"))
    assert len(pictures) == 4
    for each in pictures:
        assert 0 < (DOCS / each).stat().st_size < LARGEST, each
