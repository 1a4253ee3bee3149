"""The publisher's server over real HTTP: webhooks, health, metrics and the stream."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish import listening, stream
from handbill.publish.condition import Condition
from handbill.publish.deliveries import Deliveries
from handbill.publish.listening import Parts, PublisherServer, listen
from handbill.publish.metrics import Metrics
from handbill.publish.secrets import Secrets
from handbill.publish.stream import Announcement, EventStream
from handbill.publish.webhook import Answer, Webhook

SECRET = b"a secret of a test, which is long"
PUSH = b'{"ref":"refs/heads/main"}'


@dataclass
class World:
    url: str
    parts: Parts
    hints: list[str] = field(default_factory=list)
    told: list[Answer] = field(default_factory=list)

    def deliver(self, delivery: str, body: bytes = PUSH, secret: bytes = SECRET) -> httpx.Response:
        signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
        headers = {
            "X-GitHub-Event": "push",
            "X-GitHub-Delivery": delivery,
            "X-Hub-Signature-256": f"sha256={signature}",
            "Content-Type": "application/json",
        }
        return httpx.post(f"{self.url}/webhooks/github", content=body, headers=headers)

    def announce(self, sequence: int) -> None:
        self.parts.stream.announce(Announcement("production", sequence, f"sha256:{sequence}"))


@pytest.fixture
def world() -> Iterator[World]:
    hints: list[str] = []
    told: list[Answer] = []
    hook = Webhook("github", Secrets((SECRET,)), "main", Deliveries(None))
    parts = Parts(
        "production",
        Condition(60),
        Metrics("production"),
        EventStream(max_clients=3, keep_alive=0.1),
        {"github": hook},
        lambda: hints.append("hint"),
        lambda service, answer: told.append(answer),
    )
    opened = listen("127.0.0.1:0")
    assert isinstance(opened, socket.socket)
    server = PublisherServer(opened, parts)
    yield World(f"http://127.0.0.1:{server.port}", parts, hints, told)
    server.close()


def test_a_webhook_is_a_hint_once(world: World) -> None:
    taken = world.deliver("d1")
    assert (taken.status_code, taken.json()["result"]) == (202, "accepted")
    assert world.deliver("d1").status_code == 409
    assert world.deliver("d2", secret=b"somebody else's").status_code == 401
    assert world.hints == ["hint"] and len(world.told) == 3
    text = httpx.get(f"{world.url}/metrics").text
    assert 'webhooks_total{result="accepted",service="github"} 1.0' in text
    assert 'webhooks_total{result="refused",service="github"} 1.0' in text


def test_what_is_not_served(world: World) -> None:
    assert httpx.post(f"{world.url}/webhooks/gitlab", content=PUSH).status_code == 404
    assert httpx.get(f"{world.url}/webhooks/github").status_code == 405
    assert httpx.get(f"{world.url}/environments/staging/events").status_code == 404
    assert httpx.get(f"{world.url}/").status_code == 404
    assert world.hints == []


def test_a_body_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MAX_BODY", 100)
    assert world.deliver("d1", b"x" * 101).status_code == 413

    def chunks() -> Iterator[bytes]:
        for _ in range(50):
            yield b"x" * 10

    chunked = httpx.post(f"{world.url}/webhooks/github", content=chunks())
    assert chunked.status_code == 413 and world.hints == []


def test_a_body_that_does_not_come_is_not_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "BODY_SECONDS", 0.2)
    port = int(world.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
        slow.sendall(b"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        assert b" 413 " in slow.recv(1000)


def test_a_push_does_not_wait_for_bodies_that_come_slowly(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "BODY_SECONDS", 600.0)
    port = int(world.url.rpartition(":")[2])
    slow = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(24)]
    for number, each in enumerate(slow):
        length = "10" if number % 2 else str(listening.SMALL_BODY + 1)
        head = f"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{{"
        each.sendall(head.encode())
    time.sleep(0.2)
    assert world.deliver("d1").status_code == 202
    for each in slow:
        each.close()


def test_webhooks_that_come_too_fast_are_turned_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "PER_SECOND", 0.0)
    codes = [world.deliver(f"d{number}").status_code for number in range(int(listening.BURST) + 2)]
    assert codes[0] == 202 and codes[-1] == 429
    assert httpx.get(f"{world.url}/healthz").status_code == 200, "others are served"


def test_health(world: World) -> None:
    assert httpx.get(f"{world.url}/healthz").text == "alive\n"
    unready = httpx.get(f"{world.url}/readyz")
    assert unready.status_code == 503
    assert "no commit was handled yet" in unready.json()["problems"]


class Listener:
    """Reads the stream in a thread."""

    def __init__(self, world: World, **headers: str) -> None:
        self.lines: list[str] = []
        self.status = 0
        self._url, self._headers = f"{world.url}/environments/production/events", headers
        self._opened = threading.Event()
        self.ended = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        assert self._opened.wait(30)

    def _read(self) -> None:
        with httpx.stream("GET", self._url, headers=self._headers, timeout=30) as answer:
            self.status = answer.status_code
            self._opened.set()
            for line in answer.iter_lines():
                self.lines.append(line)
        self.ended.set()

    def wait(self, text: str) -> None:
        give_up = time.monotonic() + 30
        while text not in "\n".join(self.lines):
            assert time.monotonic() < give_up, self.lines
            time.sleep(0.005)

    def sequences(self) -> list[int]:
        data = [line[6:] for line in self.lines if line.startswith("data: ")]
        return [json.loads(each)["sequence"] for each in data]


def test_the_stream_tells_what_is_active_and_what_comes(world: World) -> None:
    early = Listener(world)
    early.wait("retry: ")
    world.announce(4)
    early.wait('"sequence": 4')
    late = Listener(world)
    late.wait("id: 4")
    knows = Listener(world, **{"Last-Event-ID": "4"})
    world.announce(3)
    world.announce(5)
    for listener in (early, late, knows):
        listener.wait('"sequence": 5')
    assert early.sequences() == [4, 5] == late.sequences()
    assert knows.sequences() == [5], "what it had seen is not told again, and nothing older"
    body = json.loads(early.lines[early.lines.index("id: 5") + 1][6:])
    assert body == {"environment": "production", "sequence": 5, "release": "sha256:5"}
    early.wait(": still here")
    assert "event_stream_clients 3.0" in httpx.get(f"{world.url}/metrics").text


def test_listeners_are_bounded_and_make_room(world: World) -> None:
    url = f"{world.url}/environments/production/events"
    opened = [httpx.Client() for _ in range(3)]
    streams = [client.stream("GET", url) for client in opened]
    for each in streams:
        assert each.__enter__().status_code == 200
    refused = httpx.get(url)
    assert refused.status_code == 503 and refused.headers["retry-after"] == "5"
    streams[0].__exit__(None, None, None)
    opened[0].close()
    give_up = time.monotonic() + 30
    while world.parts.stream.clients > 2:
        assert time.monotonic() < give_up
        time.sleep(0.01)
    for each, client in zip(streams[1:], opened[1:], strict=True):
        each.__exit__(None, None, None)
        client.close()


def test_many_announcements_are_one_for_a_slow_listener(world: World) -> None:
    listener = Listener(world)
    for sequence in range(1, 2001):
        world.announce(sequence)
    listener.wait('"sequence": 2000')
    seen = listener.sequences()
    assert seen == sorted(set(seen)) and len(seen) < 2000


def test_who_does_not_read_is_dropped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's and the server's buffers are filled by announcements with very long names."""
    monkeypatch.setattr(stream, "SEND_SECONDS", 0.3)
    port = int(world.url.rpartition(":")[2])
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", port))
        deaf.sendall(b"GET /environments/production/events HTTP/1.1\r\nHost: x\r\n\r\n")
        give_up = time.monotonic() + 30
        while world.parts.stream.clients == 0:
            assert time.monotonic() < give_up
            time.sleep(0.01)
        sequence = 0
        while world.parts.stream.clients:
            assert time.monotonic() < give_up, "it was never dropped"
            sequence += 1
            world.parts.stream.announce(Announcement("production", sequence, "x" * 500_000))
            time.sleep(0.01)


def test_closing_ends_the_streams(world: World) -> None:
    listener = Listener(world)
    world.parts.stream.close()
    assert listener.ended.wait(30)
    assert httpx.get(f"{world.url}/environments/production/events").status_code == 503


@pytest.mark.parametrize("address", ["", "8027", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:99999"])
def test_an_address_that_is_none(address: str) -> None:
    refused = listen(address)
    assert isinstance(refused, Diagnostic) and refused.code == "HB890"


def test_an_address_that_is_taken() -> None:
    first = listen("[::1]:0")
    if isinstance(first, Diagnostic):
        first = listen("127.0.0.1:0")
    assert isinstance(first, socket.socket)
    host, port = first.getsockname()[:2]
    taken = listen(f"{host}:{port}")
    assert isinstance(taken, Diagnostic) and "cannot be listened on" in taken.message
    first.close()
