from __future__ import annotations

import asyncio
import datetime
from pathlib import Path

from handbill.cli.rehearsal.silent_driver import SilentDriver, silent_drivers
from handbill.diff.sides import open_folder
from handbill_runtime.drivers.driver import Accepted, Endpoint, Envelope

BASE = Path(__file__).parents[3] / "golden" / "base"
NOW = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)


def envelope(number: int) -> Envelope:
    return Envelope(
        id=str(number), tenant="ff", campaign="hello", address="a@b.example", sender="c@d.example",
        workspace="", parts={"subject": "Hi"}, unsubscribe_url="", date=NOW,
    )  # fmt: skip


def test_each_message_is_accepted_once() -> None:
    endpoint = Endpoint.__new__(Endpoint)  # nothing of it is looked at
    answers = asyncio.run(SilentDriver().deliver(endpoint, [envelope(1), envelope(2)]))
    assert answers == [Accepted(), Accepted()]
    asyncio.run(SilentDriver().close())


def test_every_driver_that_a_release_needs_is_a_silent_one() -> None:
    side = open_folder(BASE, "here")
    channels = {name: side.channel(name) for name in side.release.channels}
    made = silent_drivers({name: each for name, each in channels.items() if each is not None})
    assert set(made) == {"smtp", "http"}
    assert all(isinstance(make(), SilentDriver) for make in made.values())
