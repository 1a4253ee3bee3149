"""Who publishes: with one key or several, into one environment of one store.

Both ways to move the pointer, `publishing.publish` and `rollback.rollback`, act through this.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from handbill.plan.model import Digest
from handbill.plan.pointer import Held, Pointer, Reviewed, Rollout
from handbill.publish.advance import Standing, swap_pointer
from handbill.publish.keys import SigningKey
from handbill.publish.provenance import attested
from handbill.publish.stopwatch import Stopwatch
from handbill.store.errors import KeyNotDelegated, PublishConflict
from handbill.store.instant import utc_text
from handbill.store.store import Store
from handbill.store.trust import NOBODY, Trust

Clock: TypeAlias = Callable[[], datetime]

LIFETIME = timedelta(days=30)
"""How long a pointer may be activated; it is renewed after half of that."""
ATTEMPTS = 100
"""How often a publisher that loses the race decides anew before it gives up."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """`trusted` says whose pointers may be replaced: this key's own and further ones, such as the key
    before it; or, where a root document rules, whom that names. `cosigners` sign too."""

    store: Store
    environment: str
    key: SigningKey
    clock: Clock
    trusted: Trust = NOBODY
    lifetime: timedelta = LIFETIME
    compiler: str = importlib.metadata.version("handbill")
    cosigners: tuple[SigningKey, ...] = ()
    stopwatch: Stopwatch = field(default_factory=Stopwatch, compare=False, repr=False)

    @property
    def keys(self) -> tuple[SigningKey, ...]:
        """All that sign, the first one first."""
        return (self.key, *self.cosigners)

    @property
    def trust(self) -> Trust:
        return self.trusted.including(*(key.public for key in self.keys))

    def move_pointer(
        self,
        standing: Standing,
        release: Digest,
        environment: Digest,
        commit: str,
        held: tuple[Held, ...],
        restores: int = 0,
        *,
        by: str = "",
        why: str = "",
        skipped: tuple[str, ...] = (),
        reviewed: Reviewed | None = None,
        rollout: Rollout | None = None,
        statement: Digest | None = None,
        made: bool = False,
        promoted: str = "",
    ) -> Pointer | None:
        """Makes stored objects active, signed now; None where somebody else was faster.

        `made`: they were compiled just now, which a signed statement says; else `statement` is that
        of whoever did.
        """
        now = self.clock()
        self.refuse_undelegated(now)
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
            statement=statement,
            by=by,
            why=why,
            skipped=skipped,
            reviewed=reviewed,
            rollout=rollout,
            promoted=promoted,
        )
        if made:
            pointer = attested(self.store, pointer, self.keys)
        return swap_pointer(self.store, standing, pointer, self.keys, self.stopwatch)

    def refuse_undelegated(self, now: datetime) -> None:
        """Raises KeyNotDelegated or RootExpired where no runtime would follow what is signed here."""
        self.trust.refuse_expired(now)
        quorum = self.trust.publishers(self.environment)
        mine = {key.public for key in self.keys} & set(quorum.keys)
        if len(mine) < quorum.threshold:
            needed = f"{quorum.threshold} of {len(quorum.keys)} keys"
            raise KeyNotDelegated(
                f"version {self.trust.version} of the root document lets {needed} publish to "
                f"`{self.environment}`, and {len(mine)} of them sign here",
                "sign with those (--key, and --cosign for each further one), or add this key: "
                "handbill root add",
            )

    def conflict(self) -> PublishConflict:
        return PublishConflict(
            f"other publishers changed the pointer of `{self.environment}` {ATTEMPTS} times meanwhile",
            "see who else publishes here, then try again",
        )
