"""What is known about values at one point of an expression or a template.

Facts flow from guards (`x is defined`, `x > 0`) through and, or, not, inline if and the branches of a
template. They are about paths such as ("customer", "store", "name"), never about aliases, or about an
expression as a whole (`purchases | count`), which is known again wherever it is written so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

from handbill.language.expressions.reads import reads_local
from handbill.plan.ir import Const, Expression, Field, Local, Member

Path: TypeAlias = tuple[str, ...]
Subject: TypeAlias = "Path | Expression"
"""What a fact is about: a field or local name by its path, or anything else by its IR."""


def subject_of(expression: Expression) -> Subject | None:
    """By what the facts know an expression: its path if it has one. None for constants."""
    path = _path_of(expression)
    if path is not None or isinstance(expression, Const):
        return path
    return expression


def _path_of(expression: Expression) -> Path | None:
    match expression:
        case Field(path=path):
            return path
        case Local(name=name):
            return (name,)
        case Member(of=of, name=name):
            before = _path_of(of)
            return None if before is None else (*before, *name.split("."))
        case _:
            return None


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

    defined: frozenset[Subject] = frozenset()
    ranges: Mapping[Subject, Interval] = field(default_factory=dict)
    nonzero: frozenset[Subject] = frozenset()
    impossible: bool = False

    @classmethod
    def of(cls, *defined: Path) -> Facts:
        """Facts that say of each path, and so of every prefix, that it is defined."""
        return cls(defined=_with_prefixes(defined))

    def both(self, other: Facts) -> Facts:
        """What is known when both hold."""
        if other is NOTHING:
            return self
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
            defined=frozenset(each for each in self.defined if not _is_about(each, root)),
            ranges={
                each: value for each, value in self.ranges.items() if not _is_about(each, root)
            },
            nonzero=frozenset(each for each in self.nonzero if not _is_about(each, root)),
        )

    def about(self, root: str, name: str) -> Facts:
        """Only the facts about paths below `root`, as facts about `name`."""
        return Facts(
            frozenset(_renamed(each, name) for each in self.defined if _starts(each, root)),
            {_renamed(each, name): at for each, at in self.ranges.items() if _starts(each, root)},
            frozenset(_renamed(each, name) for each in self.nonzero if _starts(each, root)),
        )


@dataclass(frozen=True, slots=True)
class Assumption:
    """A condition on the way to where we are, and whether it held."""

    condition: Expression
    holds: bool


NOTHING = Facts()
IMPOSSIBLE = Facts(impossible=True)


def _starts(subject: Subject, root: str) -> bool:
    return isinstance(subject, tuple) and subject[0] == root


def _renamed(subject: Subject, name: str) -> Path:
    assert isinstance(subject, tuple)
    return (name, *subject[1:])


def _is_about(subject: Subject, root: str) -> bool:
    if isinstance(subject, tuple):
        return subject[0] == root
    return reads_local(subject, root)


def _with_prefixes(paths: Iterable[Path]) -> frozenset[Path]:
    return frozenset(path[:end] for path in paths for end in range(2, len(path) + 1)) | frozenset(
        paths
    )
