"""The audience benchmark compares equal audiences, or refuses to."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from benchmarks.audience import CAMPAIGN, Unequal, make_sides, measure_audience, refuse_different
from benchmarks.customers import write_customers
from benchmarks.outcome import Setting
from benchmarks.shop import TENANT, compile_shop

SAMPLE = Path(__file__).parents[2]


def test_it_measures_the_query_and_the_stage(tmp_path: Path) -> None:
    outcome = measure_audience(Setting(tmp_path, quick=True))
    assert len(outcome.lines) == 4
    assert [ratio.at_most for ratio in outcome.ratios] == [1.15, None]


def test_a_side_that_misses_a_customer_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "data" / TENANT / "customers.parquet"
    write_customers(file, 5_000)
    sides = make_sides(compile_shop(SAMPLE, tmp_path, [CAMPAIGN]), file)
    chosen = refuse_different(sides)
    assert 50 < chosen < 2_500
    for name in ("query", "stage", "stage_by_hand"):
        honest = getattr(sides, name)
        short = dataclasses.replace(sides, **{name: lambda honest=honest: honest()[1:]})
        with pytest.raises(Unequal, match=name):
            refuse_different(short)


def test_the_file_holds_what_no_rule_may_see(tmp_path: Path) -> None:
    import duckdb

    write_customers(tmp_path / "customers.parquet", 20_000)
    (row,) = (
        duckdb.connect()
        .sql(
            "SELECT count(*) FILTER (isnan(spend_90d)), count(*) FILTER (spend_90d < 0),"
            " count(*) FILTER (loyalty_tier = 'platinum'), count(*) FILTER (first_name IS NULL),"
            f" count(DISTINCT id) FROM '{tmp_path}/customers.parquet'"
        )
        .fetchall()
    )
    assert all(row)
    assert row[-1] == 20_000
