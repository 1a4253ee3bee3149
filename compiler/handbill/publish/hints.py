"""Hints over NATS: after each publish, the environment's number under its key in a KV bucket.

Runtimes that watch the key look at the store at once. It is only a hint: a NATS server that is away is
told about and changes nothing. A thread of its own talks to it, so publishing never waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
import urllib.parse
from collections.abc import Callable
from typing import TYPE_CHECKING

from handbill.diagnostics.diagnostic import Diagnostic, Severity

if TYPE_CHECKING:
    from nats.js.kv import KeyValue

BUCKET = "handbill"
"""Where the URL names no other one. Key: the environment. Value: the pointer's sequence in decimal digits."""
_CONNECT_SECONDS, _PUT_SECONDS = 3, 5
_SCHEMES = ("nats", "tls")
_BUCKET_NAME = re.compile(r"/?[A-Za-z0-9_-]{0,100}/?")


class NatsHints:
    """Call `send` from any thread; `trouble` hears what went wrong."""

    def __init__(self, url: str, environment: str, trouble: Callable[[Diagnostic], None]) -> None:
        parts = urllib.parse.urlsplit(url)
        self._url, self._bucket = (
            f"{parts.scheme}://{parts.netloc}",
            parts.path.strip("/") or BUCKET,
        )
        self._environment, self._trouble = environment, trouble
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._wanted, self._sent, self._closed = 0, 0, False
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self._thread.start()

    def send(self, sequence: int) -> None:
        """Of several in a row the newest is sent."""
        self._wanted = max(self._wanted, sequence)
        self._wake()

    def close(self) -> None:
        self._closed = True
        self._wake()
        self._thread.join(timeout=10)

    def _wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # closed already
            self._loop.call_soon_threadsafe(self._changed.set)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        import nats

        connection = None
        bucket: KeyValue | None = None
        while not self._closed:
            await self._changed.wait()
            self._changed.clear()
            sequence = self._wanted
            if sequence <= self._sent:
                continue
            try:
                if connection is None or connection.is_closed or bucket is None:
                    connecting = nats.connect(
                        self._url,
                        connect_timeout=_CONNECT_SECONDS,
                        max_reconnect_attempts=-1,
                        error_cb=_silent,
                    )
                    connection = await asyncio.wait_for(connecting, _CONNECT_SECONDS)
                    bucket = await _bucket(connection.jetstream(), self._bucket)
                put = bucket.put(self._environment, str(sequence).encode())
                await asyncio.wait_for(put, _PUT_SECONDS)
                self._sent = sequence
            except Exception as error:  # whatever NATS does, publishing goes on
                bucket = None
                self._trouble(_no_hint(self._url, error))
        if connection is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(connection.close(), _PUT_SECONDS)


async def _silent(error: Exception) -> None:
    """What fails is told where it fails; reconnecting is not worth a line each time."""


async def _bucket(jetstream: object, name: str) -> KeyValue:
    from nats.js import JetStreamContext
    from nats.js.api import KeyValueConfig
    from nats.js.errors import BadRequestError, BucketNotFoundError, NotFoundError

    assert isinstance(jetstream, JetStreamContext)
    try:
        return await jetstream.key_value(name)
    except (BucketNotFoundError, NotFoundError):
        with contextlib.suppress(BadRequestError):  # another publisher was faster
            return await jetstream.create_key_value(KeyValueConfig(bucket=name, history=1))
        return await jetstream.key_value(name)


def check_hints_url(url: str) -> Diagnostic | None:
    """HB891 for what is no NATS URL."""
    try:
        parts = urllib.parse.urlsplit(url)
        known = parts.scheme in _SCHEMES and parts.hostname and parts.password is None
        known = known and _BUCKET_NAME.fullmatch(parts.path) is not None
    except ValueError:
        known = False
    if known:
        return None
    return Diagnostic(
        "HB891",
        "--hints needs the URL of a NATS server, without a password in it",
        hint="--hints nats://nats.internal:4222; a user and a password belong into a NATS token or "
        "credentials file of the server's own network",
    )


def _no_hint(url: str, error: Exception) -> Diagnostic:
    reason = "no answer" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
    return Diagnostic(
        "HB892",
        f"no hint could be left at {url}: {reason[:200]}",
        severity=Severity.WARNING,
        notes=("it is published all the same: runtimes notice it by looking at the store",),
        hint="see that the NATS server runs, with JetStream",
    )
