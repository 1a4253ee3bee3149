"""The drivers there are. A new way to talk is a new line here; a new vendor needs none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType

from handbill_runtime.drivers.driver import Driver
from handbill_runtime.drivers.http import HttpDriver
from handbill_runtime.drivers.smtp import SmtpDriver

ALL_DRIVERS: Mapping[str, Callable[[], Driver]] = {"smtp": SmtpDriver, "http": HttpDriver}


class Drivers:
    """One driver of each kind, opened at first use: `async with Drivers() as drivers`."""

    def __init__(self, table: Mapping[str, Callable[[], Driver]] = ALL_DRIVERS) -> None:
        self._table = table
        self._open: dict[str, Driver] = {}

    def __getitem__(self, name: str) -> Driver:
        if name not in self._open:
            self._open[name] = self._table[name]()
        return self._open[name]

    async def __aenter__(self) -> Drivers:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        for driver in self._open.values():
            await driver.close()
        self._open.clear()
