"""What a benchmark hands back: what was compared with what, the measurements, and the ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from benchmarks.measure import Spread


@dataclass(frozen=True, slots=True)
class Line:
    """One contender's own figure, in `unit`."""

    name: str
    value: Spread
    unit: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """One thing against another in the same run. `goal` is a bound on the median, if there is one."""

    name: str
    value: Spread
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """None where there is no goal: the figure is reported as it is."""
        if self.at_least is not None:
            return self.value.median >= self.at_least
        if self.at_most is not None:
            return self.value.median <= self.at_most
        return None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`compared` says what each side does and what is left out; `notes` what came of it."""

    name: str
    title: str
    compared: Sequence[str]
    lines: Sequence[Line]
    ratios: Sequence[Ratio]
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The benchmark needs something that this machine does not have."""

    name: str
    title: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The benchmark could not compare like with like, or did not run at all."""

    name: str
    reason: str


Result: TypeAlias = Outcome | Unavailable | Broken


@dataclass(frozen=True, slots=True)
class Setting:
    """`quick` proves that a benchmark works, on little; its figures mean nothing."""

    folder: Path
    """The benchmark's own, empty, on the disk that is measured."""
    quick: bool = False
    sample: Path = field(default=Path(__file__).parents[1])
    """The repository whose sample configuration is measured."""
    campaigns: int | None = None
    """How many campaigns a large repository has, where somebody said so; else each benchmark's own
    number."""

    prepared: Path | None = None
    """Where large repositories are kept from one run to the next; None: they are made anew."""

    def campaigns_or(self, usual: int) -> int:
        return usual if self.campaigns is None else self.campaigns


class Benchmark(Protocol):
    def __call__(self, setting: Setting) -> Result: ...
