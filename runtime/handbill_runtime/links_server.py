"""Serves the unsubscribe links of one ledger over HTTP, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from handbill_runtime.errors import RuntimeFault
from handbill_runtime.ledger.sqlite import open_ledger
from handbill_runtime.unsubscribe import unsubscribe_app

if TYPE_CHECKING:
    import uvicorn


class LinksServer:
    """`host:port`; started when made, ended by `close`. RuntimeFault HB960 where it cannot listen."""

    def __init__(self, address: str, ledger_url: str, names: Mapping[str, str]) -> None:
        import uvicorn

        host, _, port = address.rpartition(":")
        if not port.isdigit():
            raise RuntimeFault("HB960", f"`{address}` is not HOST:PORT", "127.0.0.1:8026")
        app = unsubscribe_app(lambda: open_ledger(ledger_url), lambda: datetime.now(UTC), names)
        config = uvicorn.Config(app, host=host, port=int(port), log_level="warning", workers=1)
        self._server: uvicorn.Server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="links", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
