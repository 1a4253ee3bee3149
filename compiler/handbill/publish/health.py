"""Whether the runtimes are well with what a rollout has reached, as their receipts say.

Read from the store each time and remembered nowhere, so that a publisher that was killed goes on
where it was. A trouble that a runtime had before the ring was reached is not the target's doing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handbill.plan.model import MILLION
from handbill.plan.pointer import Pointer, Rollout
from handbill.store.instant import parse_utc
from handbill.store.receipts import Receipt, live_receipts, read_receipts
from handbill.store.store import Store
from handbill.store.trust import Trust

OUT_OF_REACH = ("HB802", "HB803")
"""Refusals that say something of the store at that moment and nothing of the release."""


@dataclass(frozen=True, slots=True)
class Health:
    """`well_since` is when enough runtimes had activated what the pointer names, None while too few
    have; `failure` says what went wrong, in a sentence."""

    live: int
    activated: int
    well_since: datetime | None = None
    failure: str = ""


def live_runtimes(
    store: Store, environment: str, trust: Trust, now: datetime
) -> Mapping[str, Receipt]:
    """The receipts that count: of runtimes that are there and, where a root document lists runtimes,
    signed by those. Raises a StoreError."""
    return live_receipts(read_receipts(store, environment, trust.runtimes), now)


def examine(
    receipts: Mapping[str, Receipt],
    pointer: Pointer,
    rollout: Rollout,
    concerned: Collection[str],
    now: datetime,
) -> Health:
    """`receipts` are those of live runtimes; `concerned` the tenants whose plans the rollout changed
    so far. Without a live runtime nobody can be well: nothing is known."""
    failures = [
        reason
        for name, receipt in sorted(receipts.items())
        for reason in _failures(name, receipt, rollout, concerned)
    ]
    since = parse_utc(rollout.since)
    times = sorted(
        min(max(at, since), now)
        for receipt in receipts.values()
        if (at := _activated_at(receipt, pointer, rollout)) is not None
    )
    needed = max(1, -(-len(receipts) * rollout.healthy // MILLION))
    return Health(
        len(receipts),
        len(times),
        times[needed - 1] if len(times) >= needed else None,
        failures[0] if failures else "",
    )


def troubles_of(receipts: Mapping[str, Receipt]) -> tuple[str, ...]:
    """What `Rollout.known` remembers of the moment at which a ring is reached."""
    found = {
        f"{trouble.tenant} {trouble.code}"
        for receipt in receipts.values()
        for trouble in receipt.troubles
    }
    return tuple(sorted(found))


def _activated_at(receipt: Receipt, pointer: Pointer, rollout: Rollout) -> datetime | None:
    """A renewed pointer names the same release under another number."""
    active = receipt.active
    if active is None or active.release != pointer.release or active.sequence <= rollout.after:
        return None
    try:
        return parse_utc(active.at)
    except ValueError:
        return None


def _failures(
    name: str, receipt: Receipt, rollout: Rollout, concerned: Collection[str]
) -> Iterable[str]:
    refused = receipt.refused
    if (
        refused is not None
        and refused.sequence is not None
        and refused.sequence > rollout.after
        and refused.code not in OUT_OF_REACH
    ):
        yield f"the runtime `{name}` refuses number {refused.sequence} ({refused.code}): {refused.message}"
    for trouble in receipt.troubles:
        known = f"{trouble.tenant} {trouble.code}" in rollout.known
        if trouble.tenant in concerned and not known:
            yield f"`{trouble.tenant}` has trouble on `{name}` ({trouble.code}): {trouble.message}"
