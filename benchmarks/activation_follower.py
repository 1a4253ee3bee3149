"""A follower in a process of its own: prints each commit it activates and the monotonic time.

`python -m benchmarks.activation_follower STORE ENVIRONMENT KEY STATE`. It follows as `handbill run`
does, and runs nothing.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handbill_runtime.follow.follower import Follower


async def follow(store: str, environment: str, key: str, state: Path) -> None:
    from handbill.cli.run import open_follower
    from handbill_runtime.follow.watch import pointer_hints

    follower = open_follower(store, environment, (key,), state, "bench")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await asyncio.to_thread(follower.start)
    _say(follower)
    async for _ in pointer_hints(follower.store, environment, stop):
        if await asyncio.to_thread(follower.refresh):
            _say(follower)


def _say(follower: Follower) -> None:
    if follower.active is not None:
        print(follower.active.pointer.commit, time.monotonic_ns(), flush=True)


if __name__ == "__main__":
    _, store, environment, key, state = sys.argv
    asyncio.run(follow(store, environment, key, Path(state)))
