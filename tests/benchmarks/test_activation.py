"""Both sides of the activation benchmark really activate every commit."""

from __future__ import annotations

from pathlib import Path

from benchmarks.activation import EDITS, FLOOR, HANDBILL, measure_activation
from benchmarks.outcome import Setting

SAMPLE = Path(__file__).parents[2]


def test_both_sides_activate_every_commit(tmp_path: Path) -> None:
    outcome = measure_activation(Setting(tmp_path, quick=True))
    names = [line.name for line in outcome.lines]
    assert f"{HANDBILL}, p99" in names
    assert f"{FLOOR}, p50" in names
    assert all(line.value.median > 0 for line in outcome.lines)
    history = tmp_path / "handbill" / "store" / "environments" / "demo" / "history"
    published = len(list(history.iterdir()))
    assert published == len(list((tmp_path / "floor" / "store" / "history").iterdir())) == 7


def test_the_texts_that_are_edited_are_in_the_sample() -> None:
    for file, text in EDITS.items():
        assert (SAMPLE / file).read_text(encoding="utf-8").count(text) == 1
