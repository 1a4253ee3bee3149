"""Serves the unsubscribe links of one ledger over HTTP, in a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from datetime import UTC, datetime

from handbill_runtime.errors import RuntimeFault
from handbill_runtime.ledger.sqlite import open_ledger
from handbill_runtime.unsubscribe import unsubscribe_app


class LinksServer:
    """`HOST:PORT`; accepts connections once made, ended by `close`.

    RuntimeFault HB960 where it cannot listen. `names` maps a tenant to what shoppers call it, and
    may change meanwhile. A link works with or without the ledger's lease.
    """

    def __init__(self, address: str, ledger_url: str, names: Mapping[str, str]) -> None:
        import uvicorn

        self._socket = listen(address)
        app = unsubscribe_app(
            lambda: open_ledger(ledger_url, create=False), lambda: datetime.now(UTC), names
        )
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="links", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()


def listen(address: str) -> socket.socket:
    """A socket that listens on `HOST:PORT` (`[::1]:8026` for IPv6; port 0 is any free one)."""
    host, colon, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise RuntimeFault("HB960", f"`{address}` is not HOST:PORT", "--listen 127.0.0.1:8026")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, int(port)), family=family)
    except OSError as error:
        raise RuntimeFault(
            "HB960",
            f"unsubscribe links cannot be served at {address}: {error.strerror or error}",
            "choose another address with --listen, or stop what listens there",
        ) from error
