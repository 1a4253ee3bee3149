"""One publisher at a time, for a store that cannot compare and set.

A publisher writes that it is the one, waits, and looks whether it still says so: who wrote in between
stands there instead. That is safe as long as nobody takes longer than the wait from looking to
writing, which is the strongest that a registry's tags allow. A lease runs out, so that a publisher
that was killed is in nobody's way for long.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import msgspec

from handbill.plan.canonical import canonical_bytes
from handbill.plan.model import PlanStruct
from handbill.store.errors import StoreBusy, StoreLeased

WAIT_SECONDS = 1.0
LEASE_SECONDS = 60.0
MARGIN_SECONDS = 20.0
"""A lease with less left than this is renewed first: longer than any one write takes to give up."""


class Lease(PlanStruct, frozen=True, kw_only=True):
    """`until` is in Unix seconds, by the holder's clock."""

    holder: str
    until: int


_decoder = msgspec.json.Decoder(Lease)


class Leaseholder:
    """`read` gives the lease's bytes or None, `write` replaces them."""

    def __init__(
        self,
        url: str,
        read: Callable[[], bytes | None],
        write: Callable[[bytes], object],
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._read, self._write = read, write
        self._clock, self._sleep = clock, sleep
        self._holder = secrets.token_hex(8)
        self._until = 0.0

    def hold(self) -> None:
        """Returns once this publisher is the only one; raises StoreLeased where another is."""
        now = self._clock()
        if now < self._until - MARGIN_SECONDS:
            return
        current = self._current()
        if current is not None and current.holder != self._holder and now < current.until:
            raise self._leased(current, now)
        mine = Lease(holder=self._holder, until=int(now + LEASE_SECONDS))
        self._write(canonical_bytes(mine))
        if current is None or current.holder != self._holder or now >= current.until:
            self._sleep(WAIT_SECONDS)
        found = self._current()
        if found != mine:
            self._until = 0.0
            raise self._leased(found, now)
        if self._clock() > now + MARGIN_SECONDS:
            raise StoreBusy(f"the store {self._url} answers too slowly to be published to")
        self._until = float(mine.until)

    def _current(self) -> Lease | None:
        data = self._read()
        try:
            return _decoder.decode(data) if data is not None else None
        except msgspec.DecodeError:
            return None

    def _leased(self, lease: Lease | None, now: float) -> StoreLeased:
        left = max(1, int(lease.until - now)) if lease else int(LEASE_SECONDS)
        return StoreLeased(
            f"another publisher holds the store {self._url}, for {left} s at least",
            "a registry takes one publisher at a time: stop the other one, or wait",
        )
