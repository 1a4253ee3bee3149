from __future__ import annotations

import asyncio
from collections.abc import Sequence

from handbill_runtime.drivers.driver import Answer, Driver, Endpoint, Envelope
from handbill_runtime.drivers.http import HttpDriver
from handbill_runtime.drivers.smtp import SmtpDriver
from handbill_runtime.drivers.table import ALL_DRIVERS, Drivers


class Counting:
    opened = closed = 0

    def __init__(self) -> None:
        Counting.opened += 1

    async def deliver(self, endpoint: Endpoint, envelopes: Sequence[Envelope]) -> Sequence[Answer]:
        return []

    async def close(self) -> None:
        Counting.closed += 1


def test_a_driver_is_opened_at_first_use_and_closed_with_the_rest() -> None:
    async def run() -> None:
        async with Drivers({"count": Counting}) as drivers:
            assert Counting.opened == 0
            first: Driver = drivers["count"]
            assert drivers["count"] is first
        assert (Counting.opened, Counting.closed) == (1, 1)

    asyncio.run(run())


def test_the_table_is_the_contracts() -> None:
    assert {"smtp": SmtpDriver, "http": HttpDriver} == ALL_DRIVERS
