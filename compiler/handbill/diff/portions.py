"""Some tenants compared: what a process does by itself, and gives to the one that puts all together.

Pairs of plans are looked at one after the other, and none is held. A portion is plain data, the same
whoever made it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from handbill.diff.entries import told_of
from handbill.diff.forecasts import forecast_of, is_settled
from handbill.diff.grouping import Group, grouped, signature_of
from handbill.diff.matching import Pair, match_tenant
from handbill.diff.model import Entry, Forecast, Subject
from handbill.diff.sides import OpenSide
from handbill.language.reasoning.reasoner import Reasoner


class Portion(msgspec.Struct, frozen=True, kw_only=True):
    """What a ReleaseDiff says, of some tenants."""

    groups: tuple[Group, ...] = ()
    plans: int = 0
    changed: int = 0
    identical: int = 0
    tenants_changed: tuple[str, ...] = ()
    """Tenants whose own object differs and is there on both sides."""


def portion_of(
    base: OpenSide,
    head: OpenSide,
    tenants: Sequence[str],
    reasoner: Reasoner,
    *,
    at: datetime.datetime,
    milliseconds: int,
) -> Portion:
    """Everything that differs of `tenants`, which are in order. `at` is naive UTC; each question to
    `reasoner` takes `milliseconds` at most."""
    growing: dict[bytes, _Growing] = {}
    plans = identical = changed = 0
    for pair, same in _pairs(base, head, tenants):
        identical, plans = identical + same, plans + same
        if pair is None:
            continue
        changed, plans = changed + 1, plans + 1
        told = told_of(pair, reasoner, at, milliseconds)
        signature = signature_of(told)
        if signature not in growing:
            growing[signature] = _Growing(told.entry)
        growing[signature].add(pair, at)
    return Portion(
        groups=tuple(each.group(signature) for signature, each in growing.items()),
        plans=plans,
        changed=changed,
        identical=identical,
        tenants_changed=tuple(
            name for name in tenants if {name} <= base.release.tenants.keys() & head.release.tenants
        ),
    )


def put_together(portions: Sequence[Portion]) -> Portion:
    """One for the tenants of all, which are in order from the first to the last."""
    return Portion(
        groups=grouped(group for each in portions for group in each.groups),
        plans=sum(each.plans for each in portions),
        changed=sum(each.changed for each in portions),
        identical=sum(each.identical for each in portions),
        tenants_changed=tuple(name for each in portions for name in each.tenants_changed),
    )


def _pairs(
    base: OpenSide, head: OpenSide, tenants: Iterable[str]
) -> Iterator[tuple[Pair | None, int]]:
    """Each pair that differs; and for each tenant, how many plans are the same."""
    for name in tenants:
        matched = match_tenant(base, head, name)
        yield None, matched.identical
        for pair in sorted(matched.pairs, key=lambda pair: pair.subject.campaign):
            yield pair, 0


@dataclass(slots=True)
class _Growing:
    """A group to which subjects come in order; of all entries it holds the first."""

    entry: Entry
    subjects: list[Subject] = field(default_factory=list)
    outlook: list[Forecast | bool | None] = field(default_factory=list)

    def add(self, pair: Pair, at: datetime.datetime) -> None:
        self.subjects.append(pair.subject)
        if not is_settled(self.outlook):
            self.outlook.append(forecast_of(pair, at))

    def group(self, signature: bytes) -> Group:
        entry = msgspec.structs.replace(self.entry, subjects=tuple(self.subjects))
        return Group(signature, entry, tuple(self.outlook))
