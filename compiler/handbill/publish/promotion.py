"""Promotion: the release that one environment runs is published to another, by its digest.

Nothing is compiled. What is read out of the source's store is proved object by object, and written into
the other store as any publish writes it; rings, freezes and contracts of the target hold as always.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.release import CompiledRelease
from handbill.plan.model import Digest, Environment
from handbill.plan.pointer import Pointer
from handbill.publish.advance import read_standing
from handbill.publish.attempt import Contains
from handbill.publish.health import live_runtimes
from handbill.publish.history import read_entry
from handbill.publish.notices import never_published
from handbill.publish.orders import Orders
from handbill.publish.publication import Outcome, Publication
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rings import is_step
from handbill.store.assets import read_asset
from handbill.store.errors import NotInStore
from handbill.store.pack import read_pack
from handbill.store.receipts import Receipt
from handbill.store.release import StoredRelease, read_release
from handbill.store.store import Store
from handbill.store.trust import Trust


@dataclass(frozen=True, slots=True)
class Source:
    """Where a release is taken from: `sequence` of the environment's history, else what it runs."""

    store: Store
    environment: str
    trust: Trust
    sequence: int | None = None


def promote(
    publisher: Publisher,
    source: Source,
    environment: Environment,
    orders: Orders,
    *,
    contains: Contains | None = None,
    despite_health: bool = False,
) -> Publication:
    """Publishes the source's release to `publisher`'s environment. Raises a StoreError.

    Refused where the source is in the middle of a rollout and, unless `despite_health`, where its
    runtimes do not all run that release without trouble.
    """
    active = read_standing(source.store, source.environment, source.trust).pointer
    if active is None:
        return _refused(never_published(source.environment))
    pointer = active
    if source.sequence is not None:
        pointer = read_entry(source.store, source.environment, source.sequence, source.trust)
    if is_step(pointer):
        return _refused(_in_rings(pointer))
    if not despite_health:
        live = live_runtimes(source.store, source.environment, source.trust, publisher.clock())
        if (reason := unhealthy(pointer, active, live)) is not None:
            return _refused(_unwell(pointer, reason))
    stored = read_release(source.store, pointer.release)
    why = orders.why or f"promoted from {pointer.environment}, number {pointer.sequence}"
    return publish(
        publisher,
        taken(source.store, pointer, stored),
        environment,
        contains=contains,
        orders=replace(orders, source=pointer, why=why),
    )


def unhealthy(pointer: Pointer, active: Pointer, live: Mapping[str, Receipt]) -> str | None:
    """Why the source's runtimes do not stand for the release; None where they do."""
    if pointer.release != active.release:
        return f"`{active.environment}` runs number {active.sequence} now, another release"
    if not live:
        return f"no runtime of `{pointer.environment}` is there"
    for name, receipt in sorted(live.items()):
        if receipt.active is None or receipt.active.release != pointer.release:
            return f"the runtime `{name}` does not run it"
        if receipt.refused is not None and receipt.refused.sequence == receipt.active.sequence:
            return f"the runtime `{name}` refused a part of it: {receipt.refused.message}"
        if receipt.troubles:
            trouble = receipt.troubles[0]
            return f"`{trouble.tenant}` has trouble on `{name}`: {trouble.message}"
    return None


def taken(store: Store, pointer: Pointer, stored: StoredRelease) -> CompiledRelease:
    """The stored release as publishing takes one; packs and pictures are read when they are asked
    for, and proved."""
    return CompiledRelease(
        release=stored.release,
        digest=stored.digest,
        packs=_Packs(store, stored),
        failed=(),
        commit=pointer.commit,
        assets=_Assets(store),
    )


class _Packs(Mapping[Digest, Mapping[Digest, bytes]]):
    """Root → objects."""

    def __init__(self, store: Store, stored: StoredRelease) -> None:
        self._store, self._stored = store, stored
        self._roots = frozenset(stored.release.tenants.values())

    def __getitem__(self, root: Digest) -> Mapping[Digest, bytes]:
        if root == self._stored.digest:
            return self._stored.objects
        if root not in self._roots:
            raise KeyError(root)
        return read_pack(self._store, root)

    def __contains__(self, root: object) -> bool:
        return root == self._stored.digest or root in self._roots

    def __iter__(self) -> Iterator[Digest]:
        yield from self._roots
        yield self._stored.digest

    def __len__(self) -> int:
        return len(self._roots) + 1


class _Assets(Mapping[str, bytes]):
    """Name → bytes. It is only ever asked for the pictures of tenants that it has."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getitem__(self, name: str) -> bytes:
        data = read_asset(self._store, name)
        if data is None:
            raise NotInStore(f"the picture {name} is missing from {self._store.url}")
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _in_rings(pointer: Pointer) -> Diagnostic:
    return Diagnostic(
        "HB897",
        f"number {pointer.sequence} of `{pointer.environment}` is a step of a rollout: only some of its "
        "tenants have the change",
        hint="promote it when the rollout has reached everybody, or name an earlier one with --sequence",
    )


def _unwell(pointer: Pointer, reason: str) -> Diagnostic:
    return Diagnostic(
        "HB896",
        f"`{pointer.environment}` does not run number {pointer.sequence} healthily: {reason}",
        notes=("nothing was published",),
        hint=f"handbill status --env {pointer.environment} says more; to promote it all the same: "
        "--despite-health --reason TEXT",
    )


def _refused(diagnostic: Diagnostic) -> Publication:
    return Publication(Outcome.REFUSED, None, diagnostics=(diagnostic,))
