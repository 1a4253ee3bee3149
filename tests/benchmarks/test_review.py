"""The review benchmark asks real commands about real commits, each of which changes what it says."""

from __future__ import annotations

from pathlib import Path

from benchmarks.outcome import Outcome, Setting
from benchmarks.review import CHECK, COLD, DIFF, DIFF_ALL, GIT, START, Work, measure_review


def test_it_measures_all(tmp_path: Path) -> None:
    outcome = measure_review(Setting(tmp_path, quick=True))
    assert isinstance(outcome, Outcome)
    lines = {line.name: line.value.median for line in outcome.lines}
    assert set(lines) > {CHECK, START, DIFF, GIT, DIFF_ALL, COLD}
    assert all(value > 0 for value in lines.values())
    assert len(outcome.ratios) == 3
    assert list((tmp_path / "cache").glob("*.db"))


def test_a_command_is_run_in_the_repository_with_the_cache(tmp_path: Path) -> None:
    work = Work(tmp_path, tmp_path / "kept")
    program = 'test "$PWD" = "$1" && echo "$HANDBILL_CACHE" > said'
    work.contender("a", iter([("sh", "-c", program, "sh", str(tmp_path))]))()
    assert (tmp_path / "said").read_text().strip() == str(tmp_path / "kept")
    assert work.peaks["a"] > 0
