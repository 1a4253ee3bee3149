"""Logging in to a registry: a stand-in of a few lines asks for a name and a password, or a token."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from handbill.store.errors import StoreUnavailable
from handbill.store.registry import Registry

LOGIN = "Basic " + base64.b64encode(b"me:secret").decode()


def _handler(way: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = self.headers.get("Authorization", "")
            if self.path.startswith("/token"):
                right = said == LOGIN and "scope=repository" in self.path
                return self._answer(200, json.dumps({"token": "the-token"} if right else {}))
            if said == {"basic": LOGIN, "bearer": "Bearer the-token"}[way]:
                return self._answer(200, '{"tags": ["yes"]}')
            realm = (
                f'realm="http://{self.headers["Host"]}/token",service="s",scope="repository:a:pull"'
            )
            challenge = {"basic": 'Basic realm="r"', "bearer": f"Bearer {realm}"}[way]
            return self._answer(401, "{}", challenge)

        def _answer(self, status: int, body: str, challenge: str = "") -> None:
            self.send_response(status)
            if challenge:
                self.send_header("WWW-Authenticate", challenge)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@pytest.fixture(params=["basic", "bearer"])
def host(request: pytest.FixtureRequest) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(request.param))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_login_out_of_the_environment_is_used(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCI_USERNAME", "me")
    monkeypatch.setenv("OCI_PASSWORD", "secret")
    registry = Registry(host, "a")
    assert registry.tags() == ("yes",) and registry.tags() == ("yes",)


def test_without_one_it_says_what_to_set(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OCI_USERNAME", raising=False)
    with pytest.raises(StoreUnavailable, match="401") as refusal:
        Registry(host, "a").tags()
    assert "OCI_USERNAME" in (refusal.value.hint or "")
    monkeypatch.setenv("OCI_USERNAME", "me")
    monkeypatch.setenv("OCI_PASSWORD", "wrong")
    with pytest.raises(StoreUnavailable, match="401") as refusal:
        Registry(host, "a").tags()
    assert "wrong" not in str(refusal.value)
