"""What is known about values at one point of an expression or a template.

Facts flow from guards (`x is defined`, `x > 0`) through and, or, not, inline if and the branches of a
template. They are about paths such as ("customer", "store", "name"), never about aliases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from handbill.plan.ir import Expression

Path: TypeAlias = tuple[str, ...]


class Interval(NamedTuple):
    """Inclusive bounds of an int, a scaled decimal or a date's ordinal."""

    low: int
    high: int

    def hull(self, other: Interval) -> Interval:
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def meet(self, other: Interval) -> Interval:
        """What both allow; where they exclude each other (dead code), `other`."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Interval(low, high) if low <= high else other


@dataclass(frozen=True, slots=True)
class Facts:
    """`defined`: not missing. `ranges`: bounds tighter than the type's. `nonzero`: not 0.

    `impossible` marks a branch that constants rule out: nothing in it can go wrong.
    """

    defined: frozenset[Path] = frozenset()
    ranges: Mapping[Path, Interval] = field(default_factory=dict)
    nonzero: frozenset[Path] = frozenset()
    impossible: bool = False

    @classmethod
    def of(cls, *defined: Path) -> Facts:
        """Facts that say of each path, and so of every prefix, that it is defined."""
        return cls(defined=_with_prefixes(defined))

    def both(self, other: Facts) -> Facts:
        """What is known when both hold."""
        ranges = dict(self.ranges)
        for path, interval in other.ranges.items():
            ranges[path] = interval if path not in ranges else ranges[path].meet(interval)
        return Facts(
            self.defined | other.defined,
            ranges,
            self.nonzero | other.nonzero,
            self.impossible or other.impossible,
        )

    def either(self, other: Facts) -> Facts:
        """What is known when at least one of them holds."""
        if self.impossible:
            return other
        if other.impossible:
            return self
        shared = self.ranges.keys() & other.ranges.keys()
        return Facts(
            self.defined & other.defined,
            {path: self.ranges[path].hull(other.ranges[path]) for path in shared},
            self.nonzero & other.nonzero,
        )

    def without(self, root: str) -> Facts:
        """The facts that say nothing of `root` (a local name that ends here)."""
        return replace(
            self,
            defined=frozenset(path for path in self.defined if path[0] != root),
            ranges={path: value for path, value in self.ranges.items() if path[0] != root},
            nonzero=frozenset(path for path in self.nonzero if path[0] != root),
        )


@dataclass(frozen=True, slots=True)
class Assumption:
    """A condition on the way to where we are, and whether it held."""

    condition: Expression
    holds: bool


NOTHING = Facts()
IMPOSSIBLE = Facts(impossible=True)


def _with_prefixes(paths: Iterable[Path]) -> frozenset[Path]:
    return frozenset(path[:end] for path in paths for end in range(2, len(path) + 1)) | frozenset(
        paths
    )
