"""Serves what messages lead to over HTTP, in a thread of its own: unsubscribe links, messages as pages,
and, where there is a store, the pictures in them.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from handbill.store.store import Store
from handbill_runtime.asset_files import asset_routes
from handbill_runtime.errors import RuntimeFault
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.sqlite import open_ledger
from handbill_runtime.link_pages import NOT_FOUND, OWN_PAGE, page
from handbill_runtime.unsubscribe import unsubscribe_routes
from handbill_runtime.view_in_browser import view_routes

if TYPE_CHECKING:
    from starlette.applications import Starlette


class LinksServer:
    """`HOST:PORT`; accepts connections once made, ended by `close`.

    RuntimeFault HB960 where it cannot listen. `names` maps a tenant to what shoppers call it, and
    may change meanwhile. A link works with or without the ledger's lease.
    """

    def __init__(
        self, address: str, ledger_url: str, names: Mapping[str, str], store: Store | None = None
    ) -> None:
        import uvicorn

        self._socket = listen(address)
        app = links_app(
            lambda: open_ledger(ledger_url, create=False), lambda: datetime.now(UTC), names, store
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


def links_app(
    open_ledger: Callable[[], Ledger],
    now: Callable[[], datetime],
    names: Mapping[str, str] | None = None,
    store: Store | None = None,
) -> Starlette:
    """All of it as an ASGI app. `open_ledger` is called once, in the app's own thread."""
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, Response

    opened: list[Ledger] = []

    def ledger() -> Ledger:
        if not opened:
            opened.append(open_ledger())
        return opened[0]

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        shown = page(NOT_FOUND, title="Not found")
        return HTMLResponse(shown, error.status_code, {**OWN_PAGE, **(error.headers or {})})

    routes = [*unsubscribe_routes(ledger, now, names), *view_routes(ledger, now)]
    if store is not None:
        routes += asset_routes(store)
    return Starlette(routes=routes, exception_handlers={HTTPException: refused})


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
            f"links cannot be served at {address}: {error.strerror or error}",
            "choose another address with --listen, or stop what listens there",
        ) from error
