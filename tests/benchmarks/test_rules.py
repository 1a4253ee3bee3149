"""The rules benchmark compares engines that give the same answers, or refuses to."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.outcome import Setting
from benchmarks.rules import (
    CLAUSES,
    HANDBILL,
    PYTHON,
    RUST,
    Unequal,
    make_customers,
    make_rules,
    make_runs,
    measure_rules,
    refuse_different,
)

SAMPLE = Path(__file__).parents[2]


def test_it_measures_three_engines(tmp_path: Path) -> None:
    outcome = measure_rules(Setting(tmp_path, quick=True))
    assert [line.name for line in outcome.lines] == [HANDBILL, RUST, PYTHON]
    assert [ratio.at_least for ratio in outcome.ratios] == [1, 1]


def test_another_answer_is_refused() -> None:
    rules, customers = make_rules(12), make_customers(8)
    honest = make_runs(rules, customers, SAMPLE)
    refuse_different(honest)
    answers = honest[RUST]()
    wrong = [[not answers[0][0], *answers[0][1:]], *answers[1:]]
    with pytest.raises(Unequal, match="1 of 12 rules"):
        refuse_different({**honest, RUST: lambda: wrong})
    with pytest.raises(Unequal, match="the same answer"):
        refuse_different({HANDBILL: lambda: [[True], [True]]})


def test_every_kind_of_clause_is_drawn() -> None:
    rules = make_rules(200)
    assert rules == make_rules(200)
    together = " ".join(rule.cel for rule in rules)
    signs = ("orders >=", "* 2", "% ", "basket <", "tier !=", "state in", "' in customer", "size(",
             "!customer", "startsWith")  # fmt: skip
    assert len(signs) == len(CLAUSES)
    assert all(sign in together for sign in signs)
