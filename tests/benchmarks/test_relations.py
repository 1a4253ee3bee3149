"""The relations benchmark compares equal audiences, or refuses to."""

from __future__ import annotations

from pathlib import Path

import benchmarks.relations as relations
import pytest
from benchmarks.outcome import Outcome, Setting, Unavailable
from benchmarks.relations import (
    Unequal,
    count_rows,
    make_baskets,
    measure_relations,
    refuse_different,
)


def test_it_measures_the_query_and_the_stage(tmp_path: Path) -> None:
    outcome = measure_relations(Setting(tmp_path, quick=True))
    assert isinstance(outcome, Outcome)
    assert len(outcome.lines) == 4
    assert [ratio.at_most for ratio in outcome.ratios] == [1.15, None]


def test_a_side_that_chooses_others_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    baskets = make_baskets(Setting(tmp_path, quick=True))
    assert count_rows(baskets.purchases) == 20_000
    refuse_different(baskets)
    honest = relations.find_by_hand
    monkeypatch.setattr(relations, "find_by_hand", lambda baskets: [*honest(baskets), "one more"])
    with pytest.raises(Unequal, match="find_by_query"):
        refuse_different(baskets)


def test_without_the_data_set_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise FileNotFoundError("no households here")

    monkeypatch.setattr(relations, "lines_of_baskets", missing)
    outcome = measure_relations(Setting(tmp_path, quick=True))
    assert isinstance(outcome, Unavailable)
    assert outcome.reason == "no households here"
