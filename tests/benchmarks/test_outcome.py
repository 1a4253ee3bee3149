"""A goal is a bound on the median; without one a figure is reported as it is."""

from __future__ import annotations

import pytest
from benchmarks.measure import Spread
from benchmarks.outcome import Ratio


@pytest.mark.parametrize(
    ("median", "at_least", "at_most", "met"),
    [
        (4.0, 4.0, None, True),
        (3.99, 4.0, None, False),
        (1.15, None, 1.15, True),
        (1.16, None, 1.15, False),
        (9.0, None, None, None),
    ],
)
def test_goals(median: float, at_least: float | None, at_most: float | None, met: object) -> None:
    assert Ratio("it", Spread(median, 0.0, 99.0), at_least, at_most).met is met
