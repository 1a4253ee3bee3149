"""docs/policies.md: what its commands print is what they print, and its tables are whole."""

from __future__ import annotations

import pathlib
import re

import pytest
from pages import DOCS, UPDATE, filled, read_page

from handbill.policy.vocabulary import AUDIENCE_RECORD, CHANGE_RECORD, PLAN_RECORD
from handbill.schema.models.review import AUDIENCE_GROWTH, REMOVALS

PAGE = read_page(DOCS / "policies.md")


def test_outputs_are_real(tmp_path: pathlib.Path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE


def documented(mark: str) -> set[str]:
    [table] = [each for each in PAGE.tables if each.mark == f"record: {mark}"]
    return {name for row in table.rows for name in re.findall(r"`([^`]+)`", row[0])}


def test_every_field_is_listed() -> None:
    assert documented("plan") == set(PLAN_RECORD.fields)
    inner = {f"audience.{name}" for name in AUDIENCE_RECORD.fields}
    assert documented("change") == (set(CHANGE_RECORD.fields) - {"audience"}) | inner


def test_defaults_are_those_of_the_model() -> None:
    assert f"| {AUDIENCE_GROWTH} |" in PAGE.text
    assert f"| {REMOVALS} |" in PAGE.text
