"""The paragraphs of the documentation, by code."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbill.diagnostics import pages as module
from handbill.diagnostics.pages import first_sentence, pages


def test_a_code_has_its_paragraph_and_its_example() -> None:
    page = pages()["HB501"]
    assert not page.startswith("#")
    assert len(pages()) > 200


def test_the_first_sentence_ends_at_no_stop_inside_of_code() -> None:
    assert first_sentence("`a. b` is optional. Guard it.\n\n    x") == "`a. b` is optional"
    assert first_sentence("No stop\nat all") == "No stop at all"


def test_an_installation_without_pages_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "FOLDERS", (tmp_path / "none",))
    forget()
    assert pages() == {}
    monkeypatch.undo()
    forget()


def forget() -> None:
    for each in vars(module).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()
