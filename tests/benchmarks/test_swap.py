"""Releases are really swapped while messages are written, and a mixed message is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.outcome import Setting
from benchmarks.swap import Mixed, measure_swap

from benchmarks import swap


def test_it_swaps_while_messages_are_written(tmp_path: Path) -> None:
    outcome = measure_swap(Setting(tmp_path, quick=True))
    figures = {line.name: line.value.median for line in outcome.lines}
    assert figures["messages written while swapping"] > 0
    assert "4 releases" in outcome.title


def test_a_message_that_its_plan_does_not_say_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = swap._prepare

    def prepared_wrongly(setting: Setting, swaps: int) -> swap.Prepared:
        prepared = prepare(setting, swaps)
        monkeypatch.setattr(swap, "EDITIONS", tuple(reversed(swap.EDITIONS)))
        return prepared

    monkeypatch.setattr(swap, "_prepare", prepared_wrongly)
    with pytest.raises(Mixed, match="edition under number"):
        measure_swap(Setting(tmp_path, quick=True))
