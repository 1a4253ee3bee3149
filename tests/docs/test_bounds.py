"""docs/bounds.md shows what is really said about the files beside it."""

from __future__ import annotations

import pytest
from pages import DOCS, UPDATE, filled, read_page

from handbill.plan.generated_links import LINK_MAXIMUM, PUBLIC_URL_MAXIMUM

PAGE = read_page(DOCS / "bounds.md")


def test_outputs_are_real(tmp_path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("The longest customer", ["HB610"]),
        ("SMS", ["HB620", "HB621"]),
        ("A field for SMS", []),
        ("Push", ["HB622"]),
        ("Mail", ["HB623"]),
        ("Subjects", ["HB624", "HB625"]),
    ],
)
def test_each_section_shows_its_findings_and_no_others(section: str, codes: list[str]) -> None:
    (found,) = [each for each in PAGE.sections if each.title == section]
    lines = [line for block in found.consoles for line in block.text.splitlines()]
    shown = [line.partition("[")[2][:5] for line in lines if line.startswith(("error", "warning"))]
    assert shown == codes


def test_the_numbers_of_links() -> None:
    assert f"at most {LINK_MAXIMUM} plain characters" in PAGE.text
    assert f"has at most {PUBLIC_URL_MAXIMUM}" in PAGE.text
