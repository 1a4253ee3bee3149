"""Where hints come from besides the store itself, by URL: a NATS bucket, or the publisher's stream.

A source is listened to for as long as the runtime follows. One that cannot be reached, ends or falls
silent is tried again, ever later, and stops nothing; what it says is never believed.
"""

from __future__ import annotations

import asyncio
import logging
import random
import urllib.parse
from collections.abc import Awaitable, Callable
from typing import Protocol

from handbill_runtime.errors import RuntimeFault

log = logging.getLogger("handbill.follow")

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
LONGEST_REASON = 200
"""Of what a library says, which may repeat what the other side sent."""
SILENCE_SECONDS = 60.0
"""A source that lets this much time pass without a sign of life is connected to anew."""


class HintSource(Protocol):
    async def listen(self, hint: Callable[[], None]) -> None:
        """Calls `hint` whenever the pointer may have moved, until cancelled. Raises nothing."""
        ...


def open_hints(url: str, environment: str) -> HintSource:
    """`nats://HOST[:PORT][/BUCKET]` or `http(s)://HOST[:PORT][/PATH]`; RuntimeFault HB933 otherwise.

    Nobody is asked yet.
    """
    from handbill_runtime.follow.event_stream import EventStream
    from handbill_runtime.follow.nats_bucket import NatsBucket

    try:
        parts = urllib.parse.urlsplit(url)
        known = bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if known and parts.scheme in ("nats", "tls"):
        bucket = parts.path.strip("/")
        if "/" not in bucket and not parts.query and not parts.fragment:
            server = urllib.parse.urlunsplit((parts.scheme, parts.netloc, "", "", ""))
            return NatsBucket(server, bucket or "handbill", environment)
    if known and parts.scheme in ("http", "https") and not parts.query and not parts.fragment:
        return EventStream(f"{url.rstrip('/')}/environments/{environment}/events")
    shown = url.partition("://")[0]
    raise RuntimeFault(
        "HB933",
        f"`{shown}://…` is no place that hints come from",
        "give --hints nats://HOST/BUCKET or the publisher's address, https://HOST",
    )


async def keep_listening(what: str, connect: Callable[[], Awaitable[None]]) -> None:
    """Connects again whenever it ends or fails: soon at first, then ever later. `connect` returns, or
    raises, when a connection is over; one that brought something starts the count anew."""
    pause = FIRST_PAUSE
    told = False
    while True:
        before = asyncio.get_running_loop().time()
        try:
            await connect()
            reason = "it ended"
        except asyncio.CancelledError:
            raise
        except Exception as error:  # a library's own, of many kinds: the poll goes on
            said = str(error)[:LONGEST_REASON] or type(error).__name__
            reason = "".join(each if each.isprintable() else " " for each in said)
        lasted = asyncio.get_running_loop().time() - before
        pause = FIRST_PAUSE if lasted > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
        if not told:
            log.warning(
                "no hints from %s just now (%s): looking at the store as ever", what, reason
            )
        told = lasted <= LONGEST_PAUSE
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))
