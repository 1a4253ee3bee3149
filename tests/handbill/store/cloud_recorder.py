"""Stands where Google's or Azure's service would, and writes down what it is asked.

It holds one object, which never changes: what is asked for on condition of having changed, has not;
what is written on condition of another version is refused. No more than what a request says is shown
by this: it is not their service.
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONDITIONS = ("if-match", "if-none-match", "x-goog-if-generation-match")


class CloudRecorder:
    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        """Method → the conditions of each request."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(recorder: CloudRecorder) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = {name.lower(): value for name, value in self.headers.items()}
            conditions = {name: said[name] for name in CONDITIONS if name in said}
            recorder.asked.append((self.command, conditions))
            status = 412 if self.command == "PUT" else 304 if conditions else 200
            self.send_response(status)
            self.send_header("ETag", '"one"')
            self.send_header("x-goog-generation", "77")
            self.send_header("Last-Modified", "Tue, 01 Dec 2026 10:00:00 GMT")
            self.send_header("Content-Length", "5" if status == 200 else "0")
            self.end_headers()
            self.wfile.write(b"bytes" if status == 200 else b"")

        do_GET = do_PUT = _serve

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
