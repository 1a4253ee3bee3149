"""The campaigns benchmark compares equal audiences, or refuses to."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from benchmarks.campaigns import Unequal, make_campaigns, measure_campaigns, refuse_different
from benchmarks.outcome import Setting
from benchmarks.twin_rules import TwinRule


def test_it_measures_every_way(tmp_path: Path) -> None:
    outcome = measure_campaigns(Setting(tmp_path, quick=True))
    assert [line.unit for line in outcome.lines] == ["s", "s", "s", "s", "MiB"]
    assert [(ratio.at_least, ratio.at_most) for ratio in outcome.ratios] == [
        (1.7, None), (None, 1.15), (None, None)
    ]  # fmt: skip


def test_a_rule_that_means_something_else_by_hand_is_refused(tmp_path: Path) -> None:
    campaigns = make_campaigns(Setting(tmp_path, quick=True))
    assert sum(size for size, _ in refuse_different(campaigns)) > 100
    name = next(iter(campaigns.rules))
    wider = TwinRule(campaigns.rules[name].language, "TRUE")
    planted = dataclasses.replace(campaigns, rules={**campaigns.rules, name: wider})
    with pytest.raises(Unequal, match="1 of 10 audiences differ"):
        refuse_different(planted)
