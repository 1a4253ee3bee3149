"""The compile benchmark runs real commands, and a command that fails is no measurement."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from benchmarks.cold_compile import HANDBILL, SCHEMA, YAML, Failed, Process, measure_cold_compile
from benchmarks.outcome import Outcome, Setting


def test_it_measures_all_three(tmp_path: Path) -> None:
    outcome = measure_cold_compile(Setting(tmp_path, quick=True))
    assert isinstance(outcome, Outcome)
    assert [line.name for line in outcome.lines][:3] == [HANDBILL, YAML, SCHEMA]
    memory = {line.name: line.value.median for line in outcome.lines if line.unit == "MiB"}
    assert all(found > 5 for found in memory.values())


def test_a_contender_that_fails_is_refused() -> None:
    with pytest.raises(Failed, match="no such thing"):
        Process((sys.executable, "-c", "import sys; sys.exit('no such thing')"))()


def test_the_memory_of_whoever_measures_does_not_count() -> None:
    ballast = bytearray(200 * 2**20)
    child = Process((sys.executable, "-S", "-c", "pass"))
    child()
    assert len(ballast) > 3 * child.peak > 0
