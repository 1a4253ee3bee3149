from __future__ import annotations

import asyncio
from datetime import timedelta

from corner_shop import VirtualClock

from handbill.plan.model import Rate
from handbill_runtime.stages.pace import Pace

TEN = Rate(count=10, seconds=60)


def test_no_more_than_the_rate_in_any_period() -> None:
    clock, pace = VirtualClock(), Pace()

    async def send(count: int) -> list[tuple[float, int]]:
        start, sent = clock.at, []
        while count:
            size = await pace.admit("mail", TEN, min(count, 4), clock)
            sent.append(((clock.at - start).total_seconds(), size))
            count -= size
            clock.at += timedelta(seconds=1)
        return sent

    sent = asyncio.run(send(25))
    assert sum(size for _, size in sent) == 25
    for moment, _ in sent:
        window = [size for other, size in sent if moment <= other < moment + 60]
        assert sum(window) <= 10
    assert clock.slept


def test_without_a_rate_nothing_waits_and_providers_do_not_share() -> None:
    clock, pace = VirtualClock(), Pace()

    async def run() -> None:
        assert await pace.admit("mail", None, 50, clock) == 50
        assert await pace.admit("mail", TEN, 50, clock) == 10
        assert await pace.admit("text", TEN, 5, clock) == 5
        assert await pace.admit("text", TEN, 0, clock) == 0

    asyncio.run(run())
    assert clock.slept == []


def test_an_interrupted_wait_ends_within_a_second_with_nothing() -> None:
    clock, pace = VirtualClock(), Pace()
    stop_at = clock.at + timedelta(seconds=5)

    async def run() -> int:
        assert await pace.admit("mail", TEN, 10, clock) == 10
        return await pace.admit("mail", TEN, 1, clock, lambda: clock.at >= stop_at)

    assert asyncio.run(run()) == 0
    assert clock.at == stop_at and max(clock.slept) <= 1
