"""The event stream: tells runtimes that listen which release an environment was given, as it happens.

Server-sent events (WHATWG HTML, 9.2) over ASGI. A hint and nothing more: a runtime that hears it reads
the pointer and verifies it as always. Only the newest release matters, so whoever is slow gets that one
and nothing piles up; whoever does not read at all is dropped by `SEND_SECONDS`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, TypeAlias

MAX_CLIENTS = 1_000
KEEP_ALIVE_SECONDS = 15.0
SEND_SECONDS = 10.0
RETRY_MILLISECONDS = 1_000
"""After which a client that lost the connection should come back."""

Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


@dataclass(frozen=True, slots=True)
class Announcement:
    environment: str
    sequence: int
    release: str

    def encoded(self) -> bytes:
        data = json.dumps(
            {"environment": self.environment, "sequence": self.sequence, "release": self.release}
        )
        return f"id: {self.sequence}\ndata: {data}\n\n".encode()


class EventStream:
    """`announce` may be called from any thread; `serve` belongs to one event loop."""

    def __init__(
        self, max_clients: int = MAX_CLIENTS, keep_alive: float = KEEP_ALIVE_SECONDS
    ) -> None:
        self._max, self._keep_alive = max_clients, keep_alive
        self._latest: Announcement | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listening: set[asyncio.Event] = set()
        self._closed = False

    @property
    def clients(self) -> int:
        return len(self._listening)

    def announce(self, announcement: Announcement) -> None:
        """What is older than the newest that was announced is nothing new."""
        if self._latest is not None and announcement.sequence <= self._latest.sequence:
            return
        self._latest = announcement
        self._wake()

    def close(self) -> None:
        """Ends every stream."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake_all)

    def _wake_all(self) -> None:
        for listening in self._listening:
            listening.set()

    async def serve(self, last_id: str, receive: Receive, send: Send) -> bool:
        """Until the client goes, or the stream is closed; False where there is no room for it.

        The newest announcement comes at once, but for a client whose `Last-Event-ID` names it.
        """
        if len(self._listening) >= self._max or self._closed:
            return False
        self._loop = asyncio.get_running_loop()
        changed = asyncio.Event()
        self._listening.add(changed)
        gone = asyncio.create_task(_gone(receive))
        gone.add_done_callback(lambda _: changed.set())
        told = int(last_id) if last_id.isascii() and last_id.isdigit() and len(last_id) < 20 else 0
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _send(send, f"retry: {RETRY_MILLISECONDS}\n\n".encode())
            while not (self._closed or gone.done()):
                changed.clear()
                latest = self._latest
                if latest is not None and latest.sequence != told:
                    await _send(send, latest.encoded())
                    told = latest.sequence
                await self._rest(changed, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            pass  # it does not read: what is still to be sent is given up
        finally:
            self._listening.discard(changed)
            gone.cancel()
        return True

    async def _rest(self, changed: asyncio.Event, send: Send) -> None:
        try:
            await asyncio.wait_for(changed.wait(), self._keep_alive)
        except TimeoutError:
            await _send(send, b": still here\n\n")


async def _send(send: Send, data: bytes) -> None:
    body = {"type": "http.response.body", "body": data, "more_body": True}
    await asyncio.wait_for(send(body), SEND_SECONDS)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
