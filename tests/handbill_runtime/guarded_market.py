"""A market whose runtimes go by one key, or by a root document; and what thieves do to its store."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from market import ENVIRONMENT, Market

sys.path.insert(0, str(Path(__file__).parents[1] / "handbill" / "store"))

from root_world import OPERATOR, PUBLISHER, STRANGER, Roots, first_root

from handbill.plan.pointer import Pointer
from handbill.publish.keys import SigningKey
from handbill.store.instant import utc_text
from handbill.store.pause import Pause, change_pause
from handbill.store.pointer import sign_pointer, verify_pointer
from handbill.store.trust import flat_trust


@dataclass
class Guarded:
    """`market` with `mode` "flat" or "root"."""

    market: Market
    mode: str
    roots: Roots | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.mode == "root":
            self.market.key = PUBLISHER
            self.roots = Roots(self.market.store, first_root(ENVIRONMENT))
            self.market.pinned = self.roots.trust

    @property
    def operator(self) -> SigningKey:
        return OPERATOR if self.roots else self.market.key

    @property
    def pointer(self) -> Pointer:
        trust = self.market.pinned or flat_trust(self.market.key.public)
        return verify_pointer(self.market.pointer_file.read_bytes(), ENVIRONMENT, trust)

    @property
    def pause_file(self) -> Path:
        return self.market.pointer_file.with_name("pause")

    def put(self, pointer: Pointer, *keys: SigningKey) -> None:
        """Signs it as a thief would, with whatever keys they have."""
        signed = sign_pointer(pointer, *(key.private for key in keys))
        self.market.pointer_file.write_bytes(signed)

    def next_pointer(self, **changes: object) -> Pointer:
        pointer = self.pointer
        later: datetime = self.market.clock.at + timedelta(days=20)
        values = {"sequence": pointer.sequence + 1, "expires": utc_text(later), **changes}
        return msgspec.structs.replace(pointer, **values)

    def pause(
        self,
        *tenants: str,
        everyone: bool | None = None,
        resume: tuple[str, ...] = (),
        key: SigningKey | None = None,
    ) -> Pause:
        signer = key or self.operator
        trust = (self.market.pinned or flat_trust()).including(signer.public)
        return change_pause(
            self.market.store,
            ENVIRONMENT,
            trust.updated(self.market.store),
            [signer.private],
            stop=tenants,
            resume=resume,
            everyone=everyone,
            by="olga",
            reason="wrong prices",
            now=self.market.clock.at,
        )


__all__ = ["OPERATOR", "PUBLISHER", "STRANGER", "Guarded"]
