"""An HTTP proxy that counts the requests to a store and spoils those it is told to.

    proxy.spoil(Fault("PUT", "pointer", "lose"))      the next such request: written, never answered

`cut`: the connection ends before the request gets there · `lose`: the server did it, the answer is
lost · `halve`: half of the body arrives · `hang`: no answer for longer than the client waits · a
number: the server answers so, and does nothing.
"""

from __future__ import annotations

import http.client
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Fault:
    method: str
    path: str
    """A part of the path and query."""
    what: str | int
    times: int = 1


class FaultProxy:
    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream)
        self.requests: list[str] = []
        """`METHOD /path` of each, in the order of arrival."""
        self.bytes_sent = 0
        """Of bodies that went to the client."""
        self._faults: list[Fault] = []
        self._death: tuple[int, str | int] | None = None
        self._lock = threading.Lock()
        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def spoil(self, *faults: Fault) -> None:
        with self._lock:
            self._faults.extend(faults)

    def forget(self) -> None:
        """The faults that were not met."""
        with self._lock:
            self._faults.clear()

    def die_at(self, number: int, what: str | int) -> None:
        """Spoils the request of this number (from 0) by `what`; the later ones get nowhere."""
        self._death = (number, what)

    def live(self) -> None:
        self._death = None

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def fault_for(self, method: str, path: str) -> str | int | None:
        with self._lock:
            self.requests.append(f"{method} {path}")
            if self._death is not None and len(self.requests) > self._death[0]:
                return self._death[1] if len(self.requests) == self._death[0] + 1 else "cut"
            for at, fault in enumerate(self._faults):
                if fault.method == method and fault.path in path:
                    self._faults[at : at + 1] = (
                        [Fault(method, fault.path, fault.what, fault.times - 1)]
                        if fault.times > 1
                        else []
                    )
                    return fault.what
        return None

    def count(self, method: str, path: str = "") -> int:
        return sum(each.startswith(f"{method} ") and path in each for each in self.requests)


def _handler(proxy: FaultProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = proxy.fault_for(self.command, self.path)
            match fault:
                case "cut":
                    return self._drop()
                case "hang":
                    proxy.released.wait()
                    return self._drop()
                case int():
                    return self._answer(fault, {}, b"<Error><Code>Spoilt</Code></Error>")
            upstream = http.client.HTTPConnection(proxy.upstream.hostname, proxy.upstream.port)
            headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
            upstream.request(self.command, self.path, body, headers)
            answer = upstream.getresponse()
            data = answer.read()
            if fault == "lose":
                return self._drop()
            proxy.bytes_sent += len(data)
            self._answer(answer.status, dict(answer.getheaders()), data, halve=fault == "halve")
            upstream.close()
            return None

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_PATCH = _serve

        def _answer(
            self, status: int, headers: dict[str, str], data: bytes, halve: bool = False
        ) -> None:
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    self.send_header(name, value)
            length = headers.get("Content-Length") if self.command == "HEAD" else None
            if status != 304:
                self.send_header("Content-Length", length or str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if halve else data)
            if halve:
                self._drop()

        def _drop(self) -> None:
            self.close_connection = True
            self.wfile.flush()
            self.connection.close()

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
