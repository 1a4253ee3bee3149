"""Hints from a NATS key-value bucket: the value under the environment's name has changed.

The value is not looked at, since the pointer is signed and the bucket is not.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handbill_runtime.follow.hints import keep_listening

if TYPE_CHECKING:
    from nats.aio.client import Client

_CONNECT_SECONDS = 10
_PING_SECONDS, _PINGS_OUTSTANDING = 10, 3
"""A server that answers no ping this often is taken for gone."""
LONGEST_MESSAGE = 4 * 1024 * 1024
"""More than this is never held of one message: a hint is a few bytes."""


@dataclass(frozen=True, slots=True)
class NatsBucket:
    server: str
    bucket: str
    key: str

    async def listen(self, hint: Callable[[], None]) -> None:
        what = f"the bucket `{self.bucket}` of a NATS server"
        await keep_listening(what, lambda: self._connect(hint))

    async def _connect(self, hint: Callable[[], None]) -> None:
        gone = asyncio.Event()

        async def over(*_: object) -> None:
            gone.set()

        connection = _bounded_client()
        await connection.connect(
            self.server,
            allow_reconnect=False,
            connect_timeout=_CONNECT_SECONDS,
            ping_interval=_PING_SECONDS,
            max_outstanding_pings=_PINGS_OUTSTANDING,
            closed_cb=over,
            disconnected_cb=over,
            error_cb=over,
        )
        watching: asyncio.Task[None] | None = None
        ending = asyncio.create_task(gone.wait())
        try:
            bucket = await connection.jetstream().key_value(self.bucket)
            watcher = await bucket.watch(self.key)
            hint()  # what happened while nobody listened

            async def watch() -> None:
                async for entry in watcher:
                    if entry is not None:  # None: all that was there has been told
                        hint()

            watching = asyncio.create_task(watch())
            await asyncio.wait([watching, ending], return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                watching.result()
        finally:
            for task in (watching, ending):
                if task is not None:
                    task.cancel()
            with contextlib.suppress(Exception):
                await asyncio.wait_for(connection.close(), _CONNECT_SECONDS)


def _bounded_client() -> Client:
    """A client that disconnects from a server which promises a message without end: nats-py's own
    gathers all of it."""
    from nats.aio.client import Client
    from nats.errors import ProtocolError
    from nats.protocol.parser import Parser

    class BoundedParser(Parser):
        async def parse(self, data: bytes = b"") -> None:
            await super().parse(data)
            if len(self.buf) > LONGEST_MESSAGE:
                raise ProtocolError

    client = Client()
    client._ps = BoundedParser(client)
    return client
