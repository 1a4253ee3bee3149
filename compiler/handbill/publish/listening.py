"""The publisher's own HTTP server: webhooks, health, metrics and the event stream, in a thread.

Meant to stand behind a proxy that speaks TLS. It says nothing secret, believes nothing of what it is
sent but a valid signature, and holds little: bodies are bounded, few are read at once, and requests that
come too fast are turned away.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish.condition import Condition
from handbill.publish.metrics import CONTENT_TYPE, Metrics
from handbill.publish.stream import EventStream
from handbill.publish.webhook import MAX_BODY, STATUS, Answer, Result, Service, Webhook

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

MAX_CONNECTIONS = 1_200
BODY_SECONDS = 10.0
PER_SECOND, BURST = 20.0, 60.0
"""Webhooks that are looked at."""
SMALL_BODY = 64 * 1024
SMALL_AT_ONCE, LARGE_AT_ONCE = 300, 4
"""Small bodies, which pushes mostly have, never wait for others that come slowly: there are places for
all that the pace lets in while one may take."""
_UNREAD_MILLISECONDS = 20_000
_UNKNOWN = float("inf")


@dataclass(frozen=True, slots=True)
class Parts:
    """What is served. `hint` is called for every webhook that is accepted."""

    environment: str
    condition: Condition
    metrics: Metrics
    stream: EventStream
    webhooks: Mapping[Service, Webhook]
    hint: Callable[[], None]
    told: Callable[[Service, Answer], None]


class PublisherServer:
    """Accepts connections once made; ended by `close`."""

    def __init__(self, listening: socket.socket, parts: Parts) -> None:
        import uvicorn

        self._socket, self._stream = listening, parts.stream
        config = uvicorn.Config(
            publisher_app(parts),
            log_config=None,
            access_log=False,
            lifespan="off",
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=2,
            server_header=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([listening],), name="listening", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    def close(self) -> None:
        self._server.should_exit = True
        self._stream.close()
        self._thread.join(timeout=10)
        self._socket.close()


def listen(address: str) -> socket.socket | Diagnostic:
    """A socket that listens on `HOST:PORT` (`[::1]:8027` for IPv6; port 0 is any free one)."""
    host, colon, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        return _cannot_listen(f"`{address}` is not HOST:PORT")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        opened = socket.create_server((host, int(port)), family=family)
    except OSError as error:
        return _cannot_listen(f"{address} cannot be listened on: {error.strerror or error}")
    with contextlib.suppress(OSError, AttributeError):  # Linux: drop who does not read
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNREAD_MILLISECONDS)
    return opened


def _cannot_listen(message: str) -> Diagnostic:
    return Diagnostic("HB890", message, hint="name a free address: --listen 127.0.0.1:8027")


class _Pace:
    """A bucket of tokens: so many a second, and some more at once."""

    def __init__(self) -> None:
        self._tokens, self._at = BURST, time.monotonic()

    def allows(self) -> bool:
        now = time.monotonic()
        self._tokens = min(BURST, self._tokens + PER_SECOND * (now - self._at))
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class _Stream:
    """The stream's place, as an ASGI app of its own: its answers have no end."""

    def __init__(self, stream: EventStream) -> None:
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.datastructures import Headers
        from starlette.responses import PlainTextResponse

        last = Headers(scope=scope).get("last-event-id", "")
        if not await self._stream.serve(last, receive, send):
            full = PlainTextResponse("too many are listening\n", 503, {"Retry-After": "5"})
            await full(scope, receive, send)


def publisher_app(parts: Parts) -> Starlette:
    """All of it as an ASGI app."""
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse, PlainTextResponse
    from starlette.responses import Response as Plain
    from starlette.routing import Route

    pace = _Pace()
    small, large = asyncio.Semaphore(SMALL_AT_ONCE), asyncio.Semaphore(LARGE_AT_ONCE)

    async def healthy(request: Request) -> Response:
        alive = parts.condition.is_alive
        return PlainTextResponse("alive\n" if alive else "stuck\n", 200 if alive else 503)

    async def ready(request: Request) -> Response:
        is_ready, body = parts.condition.report()
        return JSONResponse(body, 200 if is_ready else 503)

    async def metrics(request: Request) -> Response:
        return Plain(parts.metrics.text(parts.stream.clients), media_type=CONTENT_TYPE)

    async def webhook(request: Request) -> Response:
        hook = parts.webhooks.get(request.path_params["service"])
        if hook is None:
            return PlainTextResponse("this service is not listened to\n", 404)
        if not pace.allows():
            return PlainTextResponse("too many at once\n", 429, {"Retry-After": "5"})
        async with small if _declared(request) <= SMALL_BODY else large:
            body = await _body(request)
            if body is None:
                return PlainTextResponse("the body is too large, or comes too slowly\n", 413)
            headers = {name.lower(): value for name, value in request.headers.items()}
            answer = await asyncio.to_thread(hook.answer, headers, body)
        parts.metrics.webhook(hook.service, answer.result)
        if answer.result is Result.ACCEPTED:
            parts.hint()
        parts.told(hook.service, answer)
        body_text = json.dumps({"result": answer.result.value, "says": answer.says})
        return Plain(body_text, STATUS[answer.result], media_type="application/json")

    routes = [
        Route("/healthz", healthy),
        Route("/readyz", ready),
        Route("/metrics", metrics),
        Route("/webhooks/{service}", webhook, methods=["POST"]),
        Route(f"/environments/{parts.environment}/events", _Stream(parts.stream), methods=["GET"]),
    ]
    return Starlette(routes=routes)


def _declared(request: Request) -> float:
    """How many bytes the body is said to have; the server reads no more than that."""
    declared = request.headers.get("content-length", "")
    return float(declared) if declared.isdecimal() else _UNKNOWN


async def _body(request: Request) -> bytes | None:
    """None where it is larger than MAX_BODY, or not there in time."""
    if MAX_BODY < _declared(request) < _UNKNOWN:
        return None
    found = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                found += chunk
                if len(found) > MAX_BODY:
                    return None
    except TimeoutError:
        return None
    return bytes(found)
