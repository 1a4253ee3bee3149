"""An environment's `rollout` and `freeze`: how a publisher brings changes out, and when it does not.

Runtimes never read it, so it is no part of the Environment object and changes no digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from handbill.plan.model import MILLION
from handbill.plan.pointer import Ring
from handbill.plan.zones import load_zone
from handbill.schema.models.environment import (
    EnvironmentDocument,
    FreezeDocument,
    RolloutDocument,
)
from handbill.schema.scalars import parse_duration, parse_local_datetime, parse_share


@dataclass(frozen=True, slots=True)
class Rings:
    """`healthy` is the share of live runtimes (millionths) that have to have activated a ring."""

    rings: tuple[Ring, ...]
    healthy: int = MILLION

    def with_members(self, groups: Mapping[str, str]) -> tuple[Ring, ...]:
        """The rings, each group's members among its tenants. `groups` is tenant → group."""
        return tuple(_with_members(ring, groups) for ring in self.rings)


@dataclass(frozen=True, slots=True)
class Freeze:
    """From `starts` until `ends` (instants, UTC) nothing is published but for `exempt` tenants.

    `until` is the end as it was written: a local time and its zone.
    """

    starts: datetime
    ends: datetime
    until: str
    reason: str
    exempt: tuple[str, ...] = ()

    def holds(self, now: datetime) -> bool:
        return self.starts <= now < self.ends


@dataclass(frozen=True, slots=True)
class BringingOut:
    """`rings` is None where a change reaches everybody at once."""

    rings: Rings | None = None
    freezes: tuple[Freeze, ...] = ()

    def freeze_at(self, now: datetime) -> Freeze | None:
        """The freeze in force that ends last. What any of several forbids is forbidden: `exempt` are
        the tenants that all of them except."""
        holding = [each for each in self.freezes if each.holds(now)]
        if not holding:
            return None
        last = max(holding, key=lambda each: each.ends)
        exempt = set(last.exempt).intersection(*(each.exempt for each in holding))
        return Freeze(last.starts, last.ends, last.until, last.reason, tuple(sorted(exempt)))


AT_ONCE = BringingOut()


def lower_bringing_out(document: EnvironmentDocument) -> BringingOut:
    return BringingOut(
        _rings(document.rollout) if document.rollout else None,
        tuple(_freeze(each) for each in document.freeze),
    )


def _rings(document: RolloutDocument) -> Rings:
    return Rings(
        tuple(
            Ring(
                name=each.name,
                tenants=tuple(sorted(each.tenants or ())),
                groups=tuple(sorted(each.groups or ())),
                share=parse_share(each.share) if each.share else 0,
                hold=parse_duration(each.hold or document.hold),
            )
            for each in document.rings
        ),
        parse_share(document.healthy.runtimes),
    )


def _freeze(document: FreezeDocument) -> Freeze:
    """A local time that a clock change skips or repeats: the earlier start and the later end, so
    that a freeze is never shorter than it was written."""
    return Freeze(
        _instant(document.from_, document.timezone, late=False),
        _instant(document.to, document.timezone, late=True),
        f"{document.to} {document.timezone}",
        document.reason,
        tuple(sorted(document.except_)),
    )


def _instant(local: str, zone: str, *, late: bool) -> datetime:
    time, loaded = parse_local_datetime(local), load_zone(zone)
    both = [time.replace(tzinfo=loaded, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return max(both) if late else min(both)


def _with_members(ring: Ring, groups: Mapping[str, str]) -> Ring:
    members = {tenant for tenant, group in groups.items() if group in ring.groups}
    return Ring(
        name=ring.name,
        tenants=tuple(sorted(members.union(ring.tenants))),
        groups=ring.groups,
        share=ring.share,
        hold=ring.hold,
    )
