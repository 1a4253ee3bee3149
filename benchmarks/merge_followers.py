"""Many followers in one process, each with its own state and its own way of being told.

    python -m benchmarks.merge_followers STORE ENVIRONMENT KEY STATE NAMES [HINT…]

They follow as `handbill run` does, and run nothing. Each prints `COMMIT NANOSECONDS` (monotonic) for
every commit that it activated.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handbill_runtime.follow.follower import Follower


async def follow_all(
    store: str, environment: str, key: str, state: Path, names: list[str], hints: list[str]
) -> None:
    from handbill.cli.run import open_follower

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(len(names)))
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    followers = [open_follower(store, environment, (key,), state / name, name) for name in names]
    await asyncio.gather(*(_follow(each, hints, stop) for each in followers))


async def _follow(follower: Follower, hints: list[str], stop: asyncio.Event) -> None:
    from handbill_runtime.follow.hints import open_hints
    from handbill_runtime.follow.watch import pointer_hints

    sources = [open_hints(url, follower.environment) for url in hints]
    await asyncio.to_thread(follower.start)
    _say(follower)
    async for _ in pointer_hints(follower.store, follower.environment, stop, sources=sources):
        if await asyncio.to_thread(follower.refresh):
            _say(follower)


def _say(follower: Follower) -> None:
    if follower.active is not None:
        print(follower.active.pointer.commit, time.monotonic_ns(), flush=True)


if __name__ == "__main__":
    _, store, environment, key, state, names, *hints = sys.argv
    asyncio.run(follow_all(store, environment, key, Path(state), names.split(","), hints))
