"""Hints from the publisher's event stream (server-sent events, WHATWG HTML 9.2).

Any event is a hint: what it says is not looked at, since the pointer is signed and the stream is not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from handbill_runtime.follow.hints import SILENCE_SECONDS, keep_listening

LONGEST_LINE = 64 * 1024
BREATH_SECONDS = 0.02
"""Between two reads: a server that sends without end is slowed down, and nothing else is."""
_CONNECT_SECONDS = 10.0


@dataclass(slots=True)
class EventStream:
    url: str
    silence_seconds: float = SILENCE_SECONDS
    _last_id: str = field(default="", repr=False)

    async def listen(self, hint: Callable[[], None]) -> None:
        await keep_listening(
            f"the stream of {urlsplit(self.url).hostname}", lambda: self._connect(hint)
        )

    async def _connect(self, hint: Callable[[], None]) -> None:
        import httpx

        headers = {"accept": "text/event-stream"}
        if self._last_id:
            headers["last-event-id"] = self._last_id
        timeout = httpx.Timeout(_CONNECT_SECONDS, read=self.silence_seconds)
        async with (
            httpx.AsyncClient(timeout=timeout, trust_env=False) as client,
            client.stream("GET", self.url, headers=headers) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise ConnectionError(f"it answered {answer.status_code}")
            hint()  # what happened while nobody listened
            rest = b""
            async for data in answer.aiter_raw():
                *lines, rest = (rest + data).replace(b"\r", b"\n").split(b"\n")
                if len(rest) > LONGEST_LINE:
                    raise ConnectionError("it sends lines without end")
                if self._heard(lines):
                    hint()
                await asyncio.sleep(BREATH_SECONDS)

    def _heard(self, lines: list[bytes]) -> bool:
        """Whether there was an event; notes how far the stream says it is."""
        for line in lines:
            name, _, value = line.partition(b":")
            text = value.strip().decode("ascii", "replace")
            if name == b"id" and len(text) < 64 and text.isascii() and text.isprintable():
                self._last_id = text
        return any(line.startswith(b"data") for line in lines)
