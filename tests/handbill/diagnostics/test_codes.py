"""Codes are stable and documented: each has one paragraph, and none is documented twice."""

from __future__ import annotations

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[3]
DOCS = sorted((ROOT / "docs" / "diagnostics").glob("HB*.md"))
IN_CODE = re.compile(r"[\"'](HB[0-9]{3})[\"']")
HEADING = re.compile(r"^## (HB[0-9]{3})\n+(\S.*)$", re.MULTILINE)


def used_codes() -> set[str]:
    sources = [*(ROOT / "compiler").rglob("*.py"), *(ROOT / "runtime").rglob("*.py")]
    return {code for path in sources for code in IN_CODE.findall(path.read_text("utf-8"))}


def documented_codes() -> list[str]:
    return [match[1] for path in DOCS for match in HEADING.finditer(path.read_text("utf-8"))]


def test_every_code_has_its_paragraph() -> None:
    assert used_codes() - set(documented_codes()) == set()


def test_no_code_is_documented_twice() -> None:
    documented = documented_codes()
    assert len(documented) == len(set(documented))


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.stem)
def test_a_page_holds_its_own_area(path: pathlib.Path) -> None:
    area = path.stem[:3]
    codes = [match[1] for match in HEADING.finditer(path.read_text("utf-8"))]
    assert codes and all(code.startswith(area) for code in codes)


def test_every_code_of_the_first_stages_is_tested() -> None:
    tests = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "tests" / "golden").rglob("expected.txt")]
    tested = {code for path in tests for code in re.findall(r"HB[0-9]{3}", path.read_text("utf-8"))}
    first = {code for code in used_codes() if code[:3] in ("HB1", "HB2", "HB3")}
    assert first - tested == set()
