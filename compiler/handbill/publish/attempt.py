"""One try to publish a release on top of what an environment's standing was: what every step of it reads.

Nothing is decided and nothing written here. Where somebody else was faster, the next try is another
value of this, with what that one left as its standing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.release import CompiledRelease
from handbill.plan.model import Digest, Environment
from handbill.publish.advance import Standing
from handbill.publish.health import live_runtimes
from handbill.publish.orders import Orders
from handbill.publish.origin import Origin
from handbill.publish.publication import Outcome, Publication
from handbill.publish.publisher import Publisher
from handbill.store.pack import read_pack
from handbill.store.receipts import Receipt
from handbill.store.store import Store

Contains: TypeAlias = Callable[[str, str], bool]
"""contains(later, earlier): whether commit `later` has `earlier` in its history."""


@dataclass(frozen=True, slots=True)
class Attempt:
    publisher: Publisher
    compiled: CompiledRelease
    environment: Environment
    standing: Standing
    contains: Contains | None
    origin: Origin
    orders: Orders
    leave_withdrawn: bool
    """What a rollback took back is not brought back."""

    @property
    def store(self) -> Store:
        return self.publisher.store

    def read_tenant(self, root: Digest) -> Mapping[Digest, bytes]:
        """A tenant's pack, of this commit or out of the store. Raises a StoreError."""
        packs = self.compiled.packs
        return packs[root] if root in packs else read_pack(self.store, root)

    def live(self) -> Mapping[str, Receipt]:
        """What the runtimes that are there say, by their names."""
        publisher = self.publisher
        return live_runtimes(self.store, publisher.environment, publisher.trust, publisher.clock())

    def is_superseded(self) -> bool:
        """Whether what is active is of a later commit."""
        active, commit = self.standing.pointer, self.compiled.commit
        if active is None or self.contains is None or active.commit == commit:
            return False
        return self.contains(active.commit, commit)

    def refused(self, *diagnostics: Diagnostic) -> Publication:
        return Publication(Outcome.REFUSED, self.standing.pointer, diagnostics=diagnostics)
