"""The compile benchmark runs real commands on a real repository."""

from __future__ import annotations

from pathlib import Path

from benchmarks.cold_compile import HANDBILL, SCHEMA, YAML, measure_cold_compile
from benchmarks.outcome import Outcome, Setting


def test_it_measures_all_three(tmp_path: Path) -> None:
    outcome = measure_cold_compile(Setting(tmp_path, quick=True))
    assert isinstance(outcome, Outcome)
    assert [line.name for line in outcome.lines][:3] == [HANDBILL, YAML, SCHEMA]
    memory = {line.name: line.value.median for line in outcome.lines if line.unit == "MiB"}
    assert all(found > 5 for found in memory.values())
