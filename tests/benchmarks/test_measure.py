"""Contenders take turns, and what is reported of them is paired."""

from __future__ import annotations

from benchmarks.measure import Spread, interleave, paired_ratio, percentile, spread, timed


def test_contenders_take_turns_and_the_warm_up_does_not_count() -> None:
    calls: list[str] = []

    def contender(name: str) -> float:
        calls.append(name)
        return float(len(calls))

    seconds = interleave({"a": lambda: contender("a"), "b": lambda: contender("b")}, repetitions=2)
    assert "".join(calls) == "ba" + "ab" + "ba"
    assert seconds == {"a": (3.0, 6.0), "b": (4.0, 5.0)}


def test_a_ratio_is_taken_within_each_repetition() -> None:
    """A machine that slows down in the middle slows both: the ratio stays."""
    assert paired_ratio([2.0, 20.0, 2.0], [1.0, 10.0, 1.0]) == Spread(2.0, 2.0, 2.0)
    assert paired_ratio([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]).median == 2.0


def test_a_spread_is_the_median_and_its_quartiles() -> None:
    assert spread([5.0, 1.0, 4.0, 2.0, 3.0]) == Spread(3.0, 2.0, 4.0)
    assert spread([7.0]) == Spread(7.0, 7.0, 7.0)
    assert spread([1.0, 2.0, 3.0]).scaled(10).median == 20.0


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 99) == 99.0
    assert percentile(values, 50) == 50.0
    assert percentile([3.0], 99) == 3.0


def test_what_is_timed_is_done() -> None:
    done: list[int] = []
    assert timed(lambda: done.append(1))() >= 0
    assert done == [1]
