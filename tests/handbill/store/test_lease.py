from __future__ import annotations

import pytest

from handbill.store.errors import StoreBusy, StoreLeased
from handbill.store.lease import LEASE_SECONDS, WAIT_SECONDS, Leaseholder


class Place:
    """Where the lease lies, and a clock that sleeping moves."""

    def __init__(self) -> None:
        self.data: bytes | None = None
        self.now = 1000.0
        self.writes = 0
        self.slowness = 0.0

    def write(self, data: bytes) -> None:
        self.data, self.writes = data, self.writes + 1
        self.now += self.slowness

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def holder(self) -> Leaseholder:
        return Leaseholder("oci://x/y", lambda: self.data, self.write, lambda: self.now, self.sleep)


def test_a_lease_is_held_renewed_and_left_to_run_out() -> None:
    place = Place()
    one, other = place.holder(), place.holder()
    one.hold()
    one.hold()
    assert place.writes == 1 and place.now == 1000 + WAIT_SECONDS
    with pytest.raises(StoreLeased, match="for 59 s"):
        other.hold()
    place.now += LEASE_SECONDS / 2 + 15
    one.hold()
    assert place.writes == 2, "renewed in time, and no wait"
    place.now += LEASE_SECONDS + 1
    other.hold()
    with pytest.raises(StoreLeased):
        one.hold()


def test_both_look_before_either_writes() -> None:
    """The later writer has it; the earlier one sees so after its wait."""
    place = Place()
    one, other = place.holder(), place.holder()
    one._sleep = lambda _: other.hold()

    def look_late() -> bytes | None:
        other._read = lambda: place.data
        return None

    other._read = look_late
    with pytest.raises(StoreLeased):
        one.hold()
    other.hold()


def test_a_store_that_is_slower_than_the_lease_is_refused() -> None:
    place = Place()
    place.slowness = 30.0
    with pytest.raises(StoreBusy, match="too slowly"):
        place.holder().hold()


def test_a_lease_that_cannot_be_read_is_nobodys() -> None:
    place = Place()
    place.data = b"rubbish"
    place.holder().hold()
