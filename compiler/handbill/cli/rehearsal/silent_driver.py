"""A driver that accepts everything and sends nothing, for every channel of a release."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from handbill.plan.model import Channel
from handbill_runtime.drivers.driver import Accepted, Answer, Driver, Endpoint, Envelope


class SilentDriver:
    """What is handed to it is accepted and forgotten."""

    async def deliver(self, endpoint: Endpoint, envelopes: Sequence[Envelope]) -> Sequence[Answer]:
        return [Accepted() for _ in envelopes]

    async def close(self) -> None:
        pass


def silent_drivers(channels: Mapping[str, Channel]) -> dict[str, Callable[[], Driver]]:
    """Driver name → a maker of silent ones."""
    names = {vendor.driver for each in channels.values() for vendor in each.vendors.values()}
    return dict.fromkeys(names, SilentDriver)
