"""Who is in which ring, and what a release that is brought out in rings is made of, tenant by tenant.

Pure. A tenant's share never changes: it is a hash of the name, so that the tenants of a tenth are
those of every tenth, on every machine (docs/rollout.md publishes vectors).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from handbill.plan.decisions import is_held_out
from handbill.plan.model import Digest
from handbill.plan.pointer import Pointer, Ring, Rollout
from handbill.store.instant import parse_utc

SALT = "rollout"
Tenants: TypeAlias = Mapping[str, Digest]
"""Tenant → what it runs."""
Wanted: TypeAlias = Callable[[str], bool]
"""Whether a tenant gets the target's plans."""


def going(pointer: Pointer | None, now: datetime) -> Rollout | None:
    """The pointer's rollout while it is not over: it was not stopped, and the last ring, once it is
    reached, has not been held for its time yet. Until then a stop returns everybody."""
    rollout = pointer.rollout if pointer else None
    if rollout is None or rollout.stopped:
        return None
    if rollout.reached < len(rollout.rings):
        return rollout
    held = timedelta(seconds=rollout.rings[-1].hold)
    return rollout if now < parse_utc(rollout.since) + held else None


def aim_of(pointer: Pointer) -> Digest:
    """What everybody runs when no more commits come: the rollout's target, or the release."""
    return aim(pointer.release, pointer.rollout)


def aim(release: Digest, rollout: Rollout | None) -> Digest:
    if rollout is None or rollout.stopped or rollout.reached >= len(rollout.rings):
        return release
    return rollout.target


def is_step(pointer: Pointer) -> bool:
    """Whether only a part of the tenants has a change: no release that everybody ever ran."""
    rollout = pointer.rollout
    return rollout is not None and not rollout.stopped and rollout.reached < len(rollout.rings)


def is_member(ring: Ring, tenant: str) -> bool:
    """By name, as a member of a group, or by share: the first 8 hex digits of MD5(`rollout` ‖ 0x1f ‖
    name) as a fraction of 2³², compared with the share."""
    return tenant in ring.tenants or is_held_out(SALT, ring.share, tenant)


def ring_of(rings: Sequence[Ring], tenant: str) -> int:
    """The place, from 0, of the first ring that has the tenant. The last ring has everybody."""
    return next(index for index, ring in enumerate(rings) if is_member(ring, tenant))


def within(rings: Sequence[Ring], reached: int) -> Wanted:
    """Whether a tenant is in one of the first `reached` rings."""
    inner = tuple(rings[:reached])
    if reached >= len(rings):
        return lambda tenant: True
    return lambda tenant: any(is_member(ring, tenant) for ring in inner)


def mixed(target: Tenants, running: Tenants, wanted: Wanted) -> dict[str, Digest]:
    """The target's plans for who is wanted, and for all others what they run. A tenant that only the
    target has begins when it is wanted; one that the target lacks ends then."""
    names = sorted(target.keys() | running.keys())
    sides = {name: (target if wanted(name) else running) for name in names}
    return {name: side[name] for name, side in sides.items() if name in side}


def changed(target: Tenants, running: Tenants) -> frozenset[str]:
    """Tenants that run something else than they would by the target, or do not run at all."""
    names = target.keys() | running.keys()
    return frozenset(name for name in names if target.get(name) != running.get(name))


def next_ring(rings: Sequence[Ring], reached: int, waiting: frozenset[str]) -> int:
    """How many rings are reached when the next one is that any of `waiting` is in; all of them where
    nobody is left behind it."""
    places = [ring_of(rings, tenant) for tenant in waiting]
    later = sorted({place for place in places if place >= reached})
    if len(later) <= 1:
        return len(rings)
    return later[0] + 1
