from __future__ import annotations

import asyncio
from datetime import timedelta

from corner_shop import NOON, VirtualClock

from handbill_runtime.stages.clock import Clock


def test_sleeping_moves_the_clock_that_the_stages_are_given() -> None:
    clock: Clock = VirtualClock()
    asyncio.run(clock.sleep(90))
    assert clock.now() == NOON + timedelta(seconds=90)
