"""The keystroke benchmark asks the real server about a small repository."""

from __future__ import annotations

from pathlib import Path

from benchmarks.keystroke import KINDS, measure_keystroke
from benchmarks.outcome import Outcome, Setting


def test_it_measures_each_kind_of_file(tmp_path: Path) -> None:
    outcome = measure_keystroke(Setting(tmp_path, quick=True))
    assert isinstance(outcome, Outcome)
    assert len(outcome.lines) == 2 * len(KINDS)
    assert all(line.value.median > 0 for line in outcome.lines)
    assert {ratio.at_most for ratio in outcome.ratios} == {1.0}
