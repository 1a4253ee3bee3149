"""Real receivers on real sockets: a mail server and an HTTP server, each in its own thread."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

sys.path.insert(0, str(Path(__file__).parent))

from market import Market, Running
from occurrences import MORNING


class MailServer:
    """Accepts everything, unless `on_rcpt` or `on_data` answers otherwise for an address.

    An answer of None hangs up without a word.
    """

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.connections = 0
        self.options: dict[str, Any] = {}
        """Further options of the protocol: a login, an encryption."""
        self.on_mail: Callable[[], str | None] = lambda: "250 OK"
        self.on_rcpt: Callable[[str], str | None] = lambda address: "250 OK"
        self.on_data: Callable[[str], str | None] = lambda address: "250 queued"
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            self._loop.create_server(self._protocol, "127.0.0.1", 0)
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def mails(self) -> list[EmailMessage]:
        return [
            message_from_bytes(data, policy=policy.default)  # type: ignore[misc]
            for _, data in self.received
        ]

    def encrypt(self, context: Any) -> None:
        """Speak TLS from the first byte, at another port."""
        encrypted = asyncio.run_coroutine_threadsafe(
            self._loop.create_server(self._protocol, "127.0.0.1", 0, ssl=context), self._loop
        ).result()
        self._server.close()
        self._server = encrypted
        self.port = encrypted.sockets[0].getsockname()[1]

    def close(self) -> None:
        def stop() -> None:
            self._server.close()
            self._loop.stop()

        self._loop.call_soon_threadsafe(stop)
        self._thread.join()
        self._loop.close()

    def _protocol(self) -> SMTP:
        self.connections += 1
        return SMTP(self, loop=self._loop, data_size_limit=None, **self.options)

    # aiosmtpd's hooks
    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        return self._or_hang_up(server, self.on_mail())

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._or_hang_up(server, self.on_rcpt(address))

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        address = envelope.rcpt_tos[-1]
        answer = self.on_data(address)
        if answer is None or answer.startswith("2"):
            self.received.append((address, envelope.content))
        return self._or_hang_up(server, answer)

    def _or_hang_up(self, server: Any, answer: str | None) -> str:
        if answer is None:
            server.transport.abort()
            return "421 bye"
        return answer


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """`status` None hangs up after reading the request."""

    status: int | None = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)


class HttpServer:
    """Remembers every request; `reply` decides the answer."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.reply: Callable[[Received], Reply] = lambda request: Reply()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = Received(self.command, self.path, dict(self.headers.items()), body)
                owner.received.append(request)
                reply = owner.reply(request)
                if reply.status is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_PUT = do_POST

            def log_message(self, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def http_server() -> Iterator[HttpServer]:
    server = HttpServer()
    yield server
    server.close()


@pytest.fixture
def market(tmp_path: Path, mail_server: MailServer, http_server: HttpServer) -> Market:
    """Retailers bound to these receivers; nothing is published yet."""
    return Market(tmp_path, mail_server.url, http_server.url)


@pytest.fixture
def running(market: Market) -> Iterator[Running]:
    """An engine for the market, at noon in New York."""
    opened = Running(market)
    yield opened
    opened.close()


@pytest.fixture
def early(market: Market, mail_server: Any) -> Iterator[Running]:
    """An engine that starts on Friday at nine."""
    market.clock.at = MORNING
    opened = Running(market, MORNING)
    yield opened
    opened.close()
