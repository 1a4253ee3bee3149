from __future__ import annotations

import threading
import time

from handbill.publish.bell import Bell


def test_any_number_of_rings_is_one_and_the_first_counts() -> None:
    bell = Bell()
    assert bell.heard() is None
    before = time.monotonic()
    for _ in range(3):
        bell.ring()
    heard = bell.heard()
    assert heard is not None and before <= heard <= time.monotonic()
    assert bell.heard() is None


def test_a_ring_ends_a_rest_and_is_still_heard() -> None:
    bell = Bell()
    threading.Timer(0.05, bell.ring).start()
    bell.wait(30)
    assert bell.heard() is not None


def test_without_a_ring_a_rest_ends_by_itself() -> None:
    bell = Bell()
    for seconds in (0.001, 0.12):
        bell.wait(seconds)
    assert bell.heard() is None
