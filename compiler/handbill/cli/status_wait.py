"""`handbill status --wait`: until a share of the runtimes that are there runs what is published."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import rich_click as click

if TYPE_CHECKING:
    from handbill.cli.status import Status

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Between two looks: at first short, since most releases are active at once."""


class Share(click.ParamType[float]):
    """`99%`, above 0 and at most 100; as a fraction of 1."""

    name = "share"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        try:
            share = float(str(value).removesuffix("%")) / 100
        except ValueError:
            share = 0.0
        if not 0 < share <= 1:
            self.fail(f"`{value}` is no share of the runtimes; write 99%", param, ctx)
        return share


def wait_until(
    read: Callable[[], Status], share: float, sequence: int | None, seconds: float
) -> tuple[Status, bool]:
    """The last look, and whether by then `share` of the live runtimes ran `sequence` or a later one
    (None: exactly what is published). Where none is live, nothing is reached.

    Raises the StoreError of the last look where there was none that said anything.
    """
    from handbill.store.errors import StoreError

    deadline = time.monotonic() + seconds
    pause = FIRST_PAUSE
    found: Status | None = None
    while True:
        try:
            found = read()
            if is_reached(found, share, sequence):
                return found, True
        except StoreError:
            if found is None and time.monotonic() >= deadline:
                raise
        left = deadline - time.monotonic()
        if left <= 0 and found is not None:
            return found, False
        time.sleep(max(0.0, min(pause, left)))
        pause = min(pause * 1.5, LONGEST_PAUSE)


def is_reached(status: Status, share: float, sequence: int | None) -> bool:
    live = status.live
    if sequence is None:
        running = [each for each in live.values() if status.is_current(each)]
    else:
        running = [
            each for each in live.values() if each.active and each.active.sequence >= sequence
        ]
    return status.problem is None and bool(live) and len(running) >= share * len(live) - 1e-9


def waited_text(status: Status, reached: bool) -> str:
    """One line about the runtimes as a whole."""
    live = status.live
    current = sum(status.is_current(each) for each in live.values())
    word = "reached" if reached else "not reached"
    if not live:
        return f"{word}: no runtime is there"
    return f"{word}: {current} of {len(live)} runtimes run what is published"
