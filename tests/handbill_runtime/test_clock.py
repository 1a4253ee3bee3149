from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from handbill_runtime.clock import SystemClock, VirtualClock

NOON = datetime(2026, 12, 5, 12, tzinfo=UTC)


def test_the_machines_clock_is_in_utc_and_waits() -> None:
    clock = SystemClock()
    before = clock.now()
    asyncio.run(clock.sleep(0.01))
    assert before.tzinfo is UTC and clock.now() - before >= timedelta(milliseconds=9)
    asyncio.run(clock.sleep(-5))


def test_a_virtual_clock_moves_only_when_told_and_never_back() -> None:
    clock = VirtualClock(NOON)
    assert clock.now() == NOON == clock.now()
    asyncio.run(clock.sleep(90))
    asyncio.run(clock.sleep(-90))
    assert clock.now() == NOON + timedelta(seconds=90)
    clock.advance_to(NOON)
    assert clock.now() == NOON + timedelta(seconds=90)
    clock.advance_to(NOON + timedelta(hours=1))
    assert clock.now() == NOON + timedelta(hours=1)
