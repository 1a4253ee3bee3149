"""Each commit is compiled and published once, at a cost that is looked at and not judged here."""

from __future__ import annotations

from pathlib import Path

from benchmarks.one_change import measure_one_change
from benchmarks.outcome import Setting


def test_every_commit_is_published(tmp_path: Path) -> None:
    outcome = measure_one_change(Setting(tmp_path, quick=True))
    assert "10 campaigns" in outcome.title
    assert {line.unit for line in outcome.lines} == {"ms"}
    history = tmp_path / "work-10" / "store" / "environments" / "demo" / "history"
    assert len(list(history.iterdir())) == 1 + 5 + 3 + 1


def test_what_is_prepared_is_used_again(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for run in ("one", "two"):
        folder = tmp_path / run
        folder.mkdir()
        measure_one_change(Setting(folder, quick=True, prepared=kept))
    assert [path.name for path in kept.iterdir()] == ["plain-2x5"]
