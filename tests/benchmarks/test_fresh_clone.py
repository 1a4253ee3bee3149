"""A clone is compiled with nothing remembered, and a small one claims no goal."""

from __future__ import annotations

from pathlib import Path

from benchmarks.fresh_clone import measure_fresh_clone
from benchmarks.outcome import Setting


def test_a_small_clone_is_compiled_and_claims_no_goal(tmp_path: Path) -> None:
    outcome = measure_fresh_clone(Setting(tmp_path, quick=True))
    assert "2 retailers with 3 campaigns" in outcome.title
    assert all(ratio.met is None for ratio in outcome.ratios)
    assert list((tmp_path / "plain" / "out").rglob("*")), "plans are written"
    assert {line.unit for line in outcome.lines} == {"s", "MiB", "ms"}
