"""Who publishes: one key, into one environment of one store.

Both ways to move the pointer, `publishing.publish` and `rollback.rollback`, act through this.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from handbill.plan.model import Digest, Held, Pointer
from handbill.publish.advance import Standing, swap_pointer
from handbill.publish.keys import SigningKey
from handbill.store.errors import PublishConflict
from handbill.store.instant import utc_text
from handbill.store.keys import PublicKey
from handbill.store.store import Store

Clock: TypeAlias = Callable[[], datetime]

LIFETIME = timedelta(days=30)
"""How long a pointer may be activated; it is renewed after half of that."""
ATTEMPTS = 100
"""How often a publisher that loses the race decides anew before it gives up."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """`trusted` are further keys whose pointers may be replaced, such as the key before this one."""

    store: Store
    environment: str
    key: SigningKey
    clock: Clock
    trusted: tuple[PublicKey, ...] = ()
    lifetime: timedelta = LIFETIME
    compiler: str = importlib.metadata.version("handbill")

    @property
    def keys(self) -> tuple[PublicKey, ...]:
        return (self.key.public, *self.trusted)

    def move_pointer(
        self,
        standing: Standing,
        release: Digest,
        environment: Digest,
        commit: str,
        held: tuple[Held, ...],
        restores: int = 0,
    ) -> Pointer | None:
        """Makes stored objects active, signed now; None where somebody else was faster."""
        now = self.clock()
        pointer = Pointer(
            environment=self.environment,
            environment_digest=environment,
            sequence=1,
            release=release,
            commit=commit,
            compiler=self.compiler,
            issued=utc_text(now),
            expires=utc_text(now + self.lifetime),
            previous=standing.pointer.release if standing.pointer else None,
            held=held,
            restores=restores,
        )
        return swap_pointer(self.store, standing, pointer, self.key)

    def conflict(self) -> PublishConflict:
        return PublishConflict(
            f"other publishers changed the pointer of `{self.environment}` {ATTEMPTS} times meanwhile",
            "see who else publishes here, then try again",
        )
