"""Results as text, as JSON and inside the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.measure import Spread
from benchmarks.outcome import Broken, Line, Outcome, Ratio, Unavailable
from benchmarks.report import BEGIN, END, heading, result_text, results_json, write_page

OUTCOME = Outcome(
    "soup",
    "a bowl of soup",
    ("Ours with a spoon, theirs with a fork.",),
    [
        Line("ours", Spread(12.34, 11.0, 13.0), "ms"),
        Line("theirs", Spread(1234.5, 1200, 1300), "ms"),
    ],
    [
        Ratio("theirs ÷ ours", Spread(100.0, 90.0, 110.0), at_least=4.0),
        Ratio("ours ÷ floor", Spread(1.5, 1.5, 1.5), at_most=1.15),
    ],
    ("Eaten hot.",),
)
ABSENT = Unavailable("pie", "a slice of pie", "there is no oven", "buy one")
MACHINE, VERSIONS = {"processor": "an abacus"}, {"python": "3.11"}


def test_text_says_what_was_compared_and_whether_the_goals_were_met() -> None:
    assert result_text(OUTCOME).splitlines() == [
        "── soup: a bowl of soup",
        "   Ours with a spoon, theirs with a fork.",
        "",
        "   ours               12.3  (11.0–13.0)     ms",
        "   theirs            1,234  (1,200–1,300)   ms",
        "",
        "   theirs ÷ ours       100  (90.0–110)      ×  goal ≥ 4: met",
        "   ours ÷ floor        1.5                  ×  goal ≤ 1.15: NOT met",
        "   · Eaten hot.",
    ]


def test_what_could_not_be_measured_says_what_to_do() -> None:
    text = result_text(ABSENT)
    assert "not measured: there is no oven" in text
    assert "buy one" in text


def test_a_benchmark_that_broke_shows_no_figure() -> None:
    assert result_text(Broken("soup", "Unequal: theirs is half full")) == (
        "── soup\n   BROKEN, no figure: Unequal: theirs is half full"
    )


def test_json_holds_every_figure() -> None:
    value = json.loads(results_json(MACHINE, VERSIONS, [OUTCOME, ABSENT]))
    assert value["machine"] == MACHINE
    assert [result["name"] for result in value["results"]] == ["soup", "pie"]
    assert [ratio["met"] for ratio in value["results"][0]["ratios"]] == [True, False]
    assert value["results"][0]["lines"][0]["value"] == {"median": 12.34, "low": 11.0, "high": 13.0}


def test_the_page_keeps_its_words_and_gets_the_new_figures(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_page(page, MACHINE, VERSIONS, [OUTCOME])
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Before\n{BEGIN}\n```text\nprocessor  an abacus")
    assert text.endswith(f"```\n{END}\nafter\n")
    assert "old" not in text
    assert "goal ≥ 4: met" in text


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Mine\n", encoding="utf-8")
    with pytest.raises(ValueError, match="has no"):
        write_page(page, MACHINE, VERSIONS, [OUTCOME])
    assert page.read_text(encoding="utf-8") == "# Mine\n"


def test_the_heading_names_machine_and_versions() -> None:
    assert heading(MACHINE, VERSIONS) == "processor  an abacus\nversions   python 3.11"
