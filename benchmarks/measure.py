"""Timing that two contenders can be compared by: interleaved, paired, with its spread.

In each repetition every contender runs once, the order turned by one, so that a machine that warms
up, throttles or is busy elsewhere slows them alike. A ratio is taken within each repetition; what is
reported is the median of those ratios and their quartiles.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Contender: TypeAlias = Callable[[], float]
"""Does its work once and returns what counts, in seconds."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several measurements, and the quartiles around it."""

    median: float
    low: float
    high: float

    def scaled(self, factor: float) -> Spread:
        return Spread(self.median * factor, self.low * factor, self.high * factor)


def timed(work: Callable[[], object]) -> Contender:
    """The seconds that one call takes."""

    def contender() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return contender


def interleave(
    contenders: Mapping[str, Contender], repetitions: int, warm_up: int = 1
) -> dict[str, tuple[float, ...]]:
    """Each contender's seconds, one per repetition; the warm-up rounds are not among them."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for repetition in range(-warm_up, repetitions):
        turn = repetition % len(names)
        for name in names[turn:] + names[:turn]:
            gc.collect()
            taken = contenders[name]()
            if repetition >= 0:
                seconds[name].append(taken)
    return {name: tuple(found) for name, found in seconds.items()}


def spread(values: Sequence[float]) -> Spread:
    """Median and quartiles; a single value stands for all three."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(middle, low, high)


def paired_ratio(numerators: Sequence[float], denominators: Sequence[float]) -> Spread:
    """The spread of the ratios within each repetition."""
    return spread([one / other for one, other in zip(numerators, denominators, strict=True)])


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]
