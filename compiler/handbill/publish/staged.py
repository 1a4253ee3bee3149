"""What one publish makes active: the commit's release, or as much of it as rings and freezes allow.

Nothing is written here. A commit that comes during a rollout is its new target: rings begin anew,
tenants that are not reached keep what they run, and a stop still returns to the release from before
the first of these commits, the last one that everybody ran.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.bringing_out import Freeze, Rings
from handbill.plan.model import Digest
from handbill.plan.pointer import Pointer, Rollout
from handbill.publish.health import troubles_of
from handbill.publish.mixture import (
    ReadTenant,
    ReleasePack,
    differing_channels,
    mix,
    stored_pack,
    users_of,
)
from handbill.publish.orders import Orders
from handbill.publish.rings import aim, changed, going, next_ring, within
from handbill.store.instant import utc_text
from handbill.store.receipts import Receipt
from handbill.store.release import StoredRelease


@dataclass(frozen=True, slots=True)
class Staged:
    """`active` is what runs next, `target` what the rings lead to; both must be stored.

    With `only` nobody but these tenants is published, and the environment object stays as it is.
    `freeze` is what holds the others back.
    """

    active: ReleasePack
    target: ReleasePack
    rollout: Rollout | None = None
    only: frozenset[str] | None = None
    freeze: Freeze | None = None

    @property
    def aim(self) -> Digest:
        return aim(self.active.digest, self.rollout)

    @property
    def named(self) -> tuple[str, ...]:
        return tuple(sorted(self.only or ()))


@dataclass(frozen=True, slots=True)
class Stage:
    """`previous` is the release that `pointer` names; None for both before the first publish, and
    `previous` alone where it cannot be read: then there is nothing that could be carried on."""

    pointer: Pointer | None
    previous: StoredRelease | None
    now: datetime
    orders: Orders
    read_tenant: ReadTenant
    read_release: Callable[[Digest], StoredRelease]
    receipts: Callable[[], Mapping[str, Receipt]]

    def of(self, target: ReleasePack) -> Staged | Diagnostic:
        """A Diagnostic where a channel's change cannot come out for a part of the tenants."""
        freeze = self.orders.freeze_at(self.now)
        if self.pointer is None or self.previous is None:
            return Staged(target, target, freeze=freeze)
        running = stored_pack(self.previous)
        only = self.orders.only
        if freeze is not None:
            exempt = frozenset(freeze.exempt)
            only = exempt if only is None else exempt & only
        if only is not None:
            return self._of_some(target, running, only, freeze)
        rings = self.orders.bringing_out.rings
        if self.orders.at_once or rings is None:
            return Staged(target, target)
        return self._in_rings(target, running, rings, self.pointer)

    def _in_rings(
        self, target: ReleasePack, running: ReleasePack, rings: Rings, pointer: Pointer
    ) -> Staged | Diagnostic:
        before = going(pointer, self.now)
        if before is not None and before.target == target.digest:
            return Staged(running, target, before)
        waiting = changed(target.release.tenants, running.release.tenants)
        channels = differing_channels(target.release, running.release)
        for channel in channels:
            waiting |= {*users_of(channel, target.release.tenants, self.read_tenant)}
        if not waiting and before is None:
            return Staged(target, target)
        members = rings.with_members(self.orders.groups)
        reached = next_ring(members, 0, waiting)
        later = range(reached, len(members) + 1) if channels else (reached,)
        mixtures = [mix(target, running, within(members, each), self.read_tenant) for each in later]
        for each in mixtures:
            if isinstance(each, Diagnostic):
                return each
        active = mixtures[0]
        assert isinstance(active, ReleasePack)
        rollout = Rollout(
            target=target.digest,
            base=before.base if before else pointer.release,
            rings=members,
            reached=reached,
            since=utc_text(self.now),
            returns_to=before.returns_to if before else pointer.sequence,
            after=pointer.sequence,
            healthy=rings.healthy,
            known=troubles_of(self.receipts()),
        )
        return Staged(active, target, rollout)

    def _of_some(
        self, target: ReleasePack, running: ReleasePack, only: frozenset[str], freeze: Freeze | None
    ) -> Staged | Diagnostic:
        """A rollout that is going on goes on, and its later rings bring these tenants nothing older."""
        active = mix(target, running, only.__contains__, self.read_tenant)
        if isinstance(active, Diagnostic):
            return active
        rollout = going(self.pointer, self.now)
        if rollout is None:
            return Staged(active, active, None, only, freeze)
        aimed = stored_pack(self.read_release(rollout.target))
        onward = mix(target, aimed, only.__contains__, self.read_tenant)
        if isinstance(onward, Diagnostic):
            return onward
        rollout = msgspec.structs.replace(rollout, target=onward.digest)
        return Staged(active, onward, rollout, only, freeze)
