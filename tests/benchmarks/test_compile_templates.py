"""The templates benchmark compares sources that both sides accept, or refuses to."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.compile_templates import (
    TEXTS,
    Batch,
    Refused,
    handbill,
    jinja,
    make_batches,
    make_scope,
    measure_templates,
    refuse_rejected,
)
from benchmarks.outcome import Setting

SAMPLE = Path(__file__).parents[2]


def test_it_measures_mails_and_short_texts(tmp_path: Path) -> None:
    outcome = measure_templates(Setting(tmp_path, quick=True))
    assert len(outcome.lines) == 4
    assert len(outcome.ratios) == 2


def test_no_source_is_compiled_twice() -> None:
    for batch in make_batches(quick=True):
        sources = [*batch.fresh(8), *batch.fresh(8)]
        assert len(set(sources)) == 16


def test_a_source_that_would_fail_is_no_figure() -> None:
    """Jinja2 compiles it all the same, and fails when it is sent."""
    broken = "Hello {{ customer.first_nam }}"
    jinja()(broken)
    scope = make_scope(SAMPLE)
    assert handbill(broken, TEXTS, scope).ops is None
    with pytest.raises(Refused, match="first_nam"):
        refuse_rejected(Batch(TEXTS, 1, lambda size: [broken] * size), scope)
