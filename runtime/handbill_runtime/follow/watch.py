"""When to look at the pointer: at once when its folder changes, and from time to time anyway.

File events are only a hint. A poll lies always beneath them, for stores without events, for network
folders that deliver none, and for a machine that has run out of watches.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from handbill.store.store import Store

log = logging.getLogger("handbill.follow")

STEP_MS, DEBOUNCE_MS = 5, 20
POLL_SECONDS = 0.5


async def pointer_hints(
    store: Store, environment: str, stop: asyncio.Event, poll_seconds: float = POLL_SECONDS
) -> AsyncIterator[None]:
    """Yields whenever the pointer may have changed, until `stop` is set."""
    noticed = asyncio.Event()
    watcher = asyncio.create_task(_watch(store, environment, noticed, stop))
    try:
        while not stop.is_set():
            yield None
            await _first_of(noticed, stop, poll_seconds)
            noticed.clear()
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)


async def _first_of(one: asyncio.Event, other: asyncio.Event, seconds: float) -> None:
    """Returns when either is set, at the latest after `seconds`."""
    waits = [asyncio.create_task(event.wait()) for event in (one, other)]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def _watch(
    store: Store, environment: str, noticed: asyncio.Event, stop: asyncio.Event
) -> None:
    """Turns file events into hints while the folder is there; gives up quietly, once, if it may not."""
    from watchfiles import awatch

    while not stop.is_set():
        folder = store.watched_folder(environment)
        if folder is None:
            return
        if not folder.is_dir():
            await asyncio.sleep(POLL_SECONDS)
            continue
        try:
            async for _ in awatch(
                folder,
                watch_filter=None,  # the default one skips whatever lies below a `.git` or `.venv`
                step=STEP_MS,
                debounce=DEBOUNCE_MS,
                stop_event=stop,
                recursive=False,
            ):
                noticed.set()
        except (OSError, RuntimeError) as error:
            _give_up(folder, error)
            return


def _give_up(folder: Path, error: Exception) -> None:
    log.warning("%s cannot be watched (%s): looking every %s s", folder, error, POLL_SECONDS)
