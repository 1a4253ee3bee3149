"""Every runtime of every mechanism really activates every merge."""

from __future__ import annotations

from pathlib import Path

from benchmarks.merge import FLOOR, FOLDER, measure_merge
from benchmarks.merge_processes import split
from benchmarks.outcome import Setting


def test_every_side_activates_every_merge(tmp_path: Path) -> None:
    outcome = measure_merge(Setting(tmp_path, quick=True))
    names = [line.name for line in outcome.lines]
    assert {f"{FOLDER}: all active, p99", f"{FLOOR}: all active, p50"} <= set(names)
    assert f"{FOLDER}, of it publisher's compiled" in names
    assert all(line.value.median > 0 for line in outcome.lines)
    history = tmp_path / "folder" / "store" / "environments" / "demo" / "history"
    assert len(list(history.iterdir())) == 5
    assert len(list((tmp_path / "folder" / "state").iterdir())) == 4


def test_followers_are_divided_among_processes() -> None:
    assert [len(names) for names in split(50, 4)] == [13, 13, 12, 12]
    assert split(2, 5) == [["runtime-00"], ["runtime-01"]]
