"""A rollout that is under way: its next ring, its end, and what becomes of it by itself.

Everything is in the signed pointer and the receipts, so that any publisher goes on where another one
stopped. Each step is one move of the pointer: a publisher that dies leaves the step done or not done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.bringing_out import AT_ONCE, BringingOut
from handbill.plan.model import Digest
from handbill.plan.pointer import Pointer, Rollout
from handbill.publish.advance import Standing, read_standing
from handbill.publish.contract import needs_of, unable
from handbill.publish.freeze import advance_is_frozen
from handbill.publish.health import Health, examine, live_runtimes, troubles_of
from handbill.publish.history import original
from handbill.publish.mixture import ReleasePack, mix, stored_pack
from handbill.publish.notices import never_published, no_rollout
from handbill.publish.orders import NO_ORDERS, Orders
from handbill.publish.origin import MAX_WHY, one_line
from handbill.publish.publication import Outcome, Publication, tenant_changes
from handbill.publish.publisher import ATTEMPTS, Publisher
from handbill.publish.rings import changed, going, next_ring, within
from handbill.publish.trouble import diagnostic_of
from handbill.store.errors import StoreError
from handbill.store.instant import parse_utc, utc_text
from handbill.store.pack import read_pack, write_packs
from handbill.store.release import prove_whole, read_release
from handbill.store.store import Store
from handbill.store.trust import Trust

BY_ITSELF = "handbill"
"""Who takes the steps that nobody asks for."""


@dataclass(frozen=True, slots=True)
class RolloutStatus:
    """`concerned` are the tenants whose plans the rollout changed so far, `waiting` those that it
    has not reached. `next_at` is when the next ring is reached, if all stays well; None while too
    few runtimes have activated this one, or where no ring is left."""

    pointer: Pointer
    rollout: Rollout
    concerned: frozenset[str]
    waiting: frozenset[str]
    health: Health
    next_at: datetime | None


def rollout_status(publisher: Publisher, now: datetime) -> RolloutStatus | Diagnostic:
    """How the rollout that is under way stands. Raises a StoreError."""
    return read_rollout(publisher.store, publisher.environment, publisher.trust, now)


def read_rollout(
    store: Store, environment: str, trust: Trust, now: datetime
) -> RolloutStatus | Diagnostic:
    """The same, for who signs nothing."""
    pointer = read_standing(store, environment, trust).pointer
    if pointer is None:
        return never_published(environment)
    rollout = going(pointer, now)
    if rollout is None:
        return no_rollout(pointer)
    return _status(store, trust, pointer, rollout, now)


def advance(publisher: Publisher, now: datetime, orders: Orders = NO_ORDERS) -> Publication:
    """Reaches the next ring that changes something for somebody, whether the ring before is healthy
    or not. Refused in a freeze, and where a live runtime could not execute what it brings."""
    for _ in range(ATTEMPTS):
        standing = _standing(publisher)
        pointer = standing.pointer
        if pointer is None:
            return _refused(standing, never_published(publisher.environment))
        rollout = going(pointer, now)
        if rollout is None or rollout.reached >= len(rollout.rings):
            return _refused(standing, no_rollout(pointer))
        if (freeze := orders.freeze_at(now)) is not None:
            return _refused(standing, advance_is_frozen(publisher.environment, freeze))
        published = _advance(publisher, standing, pointer, rollout, now, orders)
        if published is not None:
            return published
    raise publisher.conflict()


def stop(publisher: Publisher, now: datetime, orders: Orders = NO_ORDERS) -> Publication:
    """Everybody runs again what ran before the rollout; a publisher that follows the branch does not
    bring the target back. Freezes do not matter."""
    for _ in range(ATTEMPTS):
        standing = _standing(publisher)
        pointer = standing.pointer
        if pointer is None:
            return _refused(standing, never_published(publisher.environment))
        rollout = going(pointer, now)
        if rollout is None:
            return _refused(standing, no_rollout(pointer))
        published = _stop(publisher, standing, pointer, rollout, now, orders)
        if published is not None:
            return published
    raise publisher.conflict()


def tend_rollout(
    publisher: Publisher, now: datetime, bringing_out: BringingOut = AT_ONCE
) -> Publication | None:
    """Takes the step that is due, if any: stops where something went wrong, reaches the next ring
    where the last one was healthy for its time. `bringing_out` has the freezes, in which no ring is
    reached. None where nothing is to be done; raises a StoreError.

    A refused step (a runtime that cannot execute the next ring) is refused again each time.
    """
    pointer = _standing(publisher).pointer
    rollout = going(pointer, now)
    if pointer is None or rollout is None:
        return None
    status = _status(publisher.store, publisher.trust, pointer, rollout, now)
    if status.health.failure:
        why = one_line(status.health.failure, MAX_WHY)  # it quotes what runtimes say
        return stop(publisher, now, Orders(by=BY_ITSELF, why=why))
    if status.next_at is None or now < status.next_at or bringing_out.freeze_at(now) is not None:
        return None
    ring = rollout.rings[rollout.reached - 1]
    why = f"the ring {ring.name} was healthy for {timedelta(seconds=ring.hold)}"
    return advance(publisher, now, Orders(bringing_out, by=BY_ITSELF, why=why))


def _status(
    store: Store, trust: Trust, pointer: Pointer, rollout: Rollout, now: datetime
) -> RolloutStatus:
    target = read_release(store, rollout.target).release.tenants
    running = read_release(store, pointer.release).release.tenants
    base = read_release(store, rollout.base).release.tenants
    waiting = changed(target, running)
    concerned = changed(target, base) - waiting
    live = live_runtimes(store, pointer.environment, trust, now)
    health = examine(live, pointer, rollout, concerned, now)
    next_at = None
    if health.well_since is not None and rollout.reached < len(rollout.rings):
        hold = rollout.rings[rollout.reached - 1].hold
        next_at = max(health.well_since, parse_utc(rollout.since)) + timedelta(seconds=hold)
    return RolloutStatus(pointer, rollout, concerned, waiting, health, next_at)


def _advance(
    publisher: Publisher,
    standing: Standing,
    pointer: Pointer,
    rollout: Rollout,
    now: datetime,
    orders: Orders,
) -> Publication | None:
    """None where somebody else was faster."""
    store = publisher.store
    live = live_runtimes(store, publisher.environment, publisher.trust, now)
    try:
        target = stored_pack(read_release(store, rollout.target))
        running = stored_pack(read_release(store, pointer.release))
        waiting = changed(target.release.tenants, running.release.tenants)
        reached = next_ring(rollout.rings, rollout.reached, waiting)
        active = mix(
            target, running, within(rollout.rings, reached), lambda root: read_pack(store, root)
        )
        if isinstance(active, Diagnostic):
            return _refused(standing, active)
        new = _new(active, running)
        needs = needs_of(new, lambda root: read_pack(store, root))
    except StoreError as error:
        return _refused(standing, diagnostic_of(error))
    if cannot := unable(publisher.environment, live, needs, orders.ignored_runtimes):
        return _refused(standing, *cannot)
    write_packs(store, {active.digest: active.objects})
    moved = publisher.move_pointer(
        standing,
        active.digest,
        pointer.environment_digest,
        pointer.commit,
        pointer.held,
        by=orders.by,
        why=orders.said("", now),
        reviewed=pointer.reviewed,
        made=True,
        promoted=pointer.promoted,
        rollout=msgspec.structs.replace(
            rollout,
            reached=reached,
            since=utc_text(now),
            after=pointer.sequence,
            known=troubles_of(live),
        ),
    )
    if moved is None:
        return None
    changes = tenant_changes(running.release.tenants, active.release.tenants)
    return Publication(Outcome.ADVANCED, moved, changes)


def _new(active: ReleasePack, running: ReleasePack) -> list[Digest]:
    """The tenants' roots that nobody runs yet."""
    known = set(running.release.tenants.values())
    return [root for root in active.release.tenants.values() if root not in known]


def _stop(
    publisher: Publisher,
    standing: Standing,
    pointer: Pointer,
    rollout: Rollout,
    now: datetime,
    orders: Orders,
) -> Publication | None:
    try:
        base = original(publisher, rollout.returns_to)
        prove_whole(publisher.store, base)
    except StoreError as error:
        return _refused(standing, diagnostic_of(error))
    moved = publisher.move_pointer(
        standing,
        base.release,
        base.environment_digest,
        base.commit,
        base.held,
        base.sequence,
        by=orders.by,
        why=orders.why,
        reviewed=base.reviewed,
        statement=base.statement,
        promoted=base.promoted,
        rollout=msgspec.structs.replace(
            rollout, reached=0, since=utc_text(now), stopped=orders.why or "stopped by hand"
        ),
    )
    if moved is None:
        return None
    changes = tenant_changes(_tenants(publisher.store, pointer), _tenants(publisher.store, base))
    return Publication(Outcome.STOPPED, moved, changes)


def _tenants(store: Store, pointer: Pointer) -> Mapping[str, Digest]:
    """What is left behind may be damaged: that is a reason to stop, and none against it."""
    try:
        return read_release(store, pointer.release).release.tenants
    except StoreError:
        return {}


def _standing(publisher: Publisher) -> Standing:
    return read_standing(publisher.store, publisher.environment, publisher.trust)


def _refused(standing: Standing, *diagnostics: Diagnostic) -> Publication:
    return Publication(Outcome.REFUSED, standing.pointer, diagnostics=diagnostics)
