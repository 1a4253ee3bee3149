"""A new channel is a folder of data: nothing of Handbill knows it, and it delivers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import World

ROOT = Path(__file__).parents[2]
CHANNEL = "shelf-display"
FILES = {
    f"channels/{CHANNEL}/channel.yaml": """\
        address: display
        parts:
          headline: {kind: text, max: 60, required: true}
          colour: {kind: enum, values: [red, green]}
          seconds: {kind: int, max: 60}
          more: {kind: url}
        max_bytes: 2000
        defaults: {expires: 2 hours}
        """,
    f"channels/{CHANNEL}/acme.yaml": """\
        driver: http
        request:
          method: PUT
          path: "/displays/{{ message.address }}"
          headers: {X-Acme-Key: "{{ provider.secret }}", X-Shop: "{{ message.tenant }}"}
          body:
            slides:
              - {kind: headline, text: "{{ parts.headline | upper }}"}
              - {kind: link, url: "{{ parts.more }}"}
            style: {colour: "{{ parts.colour }}", for: "{{ parts.seconds }} s", loud: false}
            reference: "{{ message.id }}"
        responses: {accepted: [204], retry: [503], unreachable: [410]}
        idempotency: X-Once
        """,
    "tenants/fresh-fields/campaigns/hello.yaml": """\
        category: promotions
        status: active
        trigger: {at: 2026-12-05T10:00, timezone: tenant}
        audience: everyone
        message:
          shelf-display: {headline: "Hi {{ customer.first_name | default('you') }}", seconds: 12, colour: green}
        """,
}
CUSTOMERS = """\
    id,consent,lifetime_orders,first_name,phone
    a,shelf-display.promotions,3,Zoé,12/7
    b,shelf-display.promotions,3,Bo,gone
    c,shelf-display.promotions,3,Cy,busy
    """


@dataclass
class Displays:
    """A server that knows one display, refuses a second for good and a third at first."""

    requests: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    port: int = 0

    def answer(self, path: str) -> int:
        before = sum(1 for each in self.requests if each[1] == path)
        if path.endswith("gone"):
            return 410
        return 503 if path.endswith("busy") and before == 1 else 204


@pytest.fixture
def displays() -> Iterator[Displays]:
    known = Displays()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known.requests.append((self.command, self.path, dict(self.headers), body))
            self.send_response(known.answer(self.path))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield known
        server.shutdown()
        thread.join()


def test_it_delivers(
    make_world: Callable[[Path], World], tmp_path: Path, displays: Displays
) -> None:
    world = make_world(tmp_path)
    world.write(FILES)
    tenant = "tenants/fresh-fields/tenant.yaml"
    world.replace(tenant, "channel_order: ", f"  {CHANNEL}: {{provider: acme}}\nchannel_order: ")
    world.replace(tenant, "sms: phone", f"sms: phone, {CHANNEL}: phone")
    world.environment(
        f'{{acme: {{contract: acme, url: "http://127.0.0.1:{displays.port}/v2", secret: "env:TOKEN"}}}}'
    )
    world.customers("fresh-fields", CUSTOMERS)
    world.commit("A display at every shelf")
    assert world.publish()["added"] == ["fresh-fields"]
    channel = world.run("2026-12-05T15:00Z")["fresh-fields"]["channels"][CHANNEL]
    assert (channel["accepted"], channel["waiting"]) == (1, 1)
    assert sum(channel["failed"].values()) == 1
    later = world.run("2026-12-05T15:30Z")["fresh-fields"]["channels"][CHANNEL]
    assert (later["accepted"], later["waiting"]) == (2, 0)

    one = next(each for each in displays.requests if each[1] == "/v2/displays/12%2F7")
    method, _, headers, body = one
    identity = body["reference"]
    assert method == "PUT"
    assert (headers["X-Acme-Key"], headers["X-Shop"]) == ("t0ken", "fresh-fields")
    assert headers["X-Once"] == identity
    assert body == {
        "slides": [{"kind": "headline", "text": "HI ZOÉ"}, {"kind": "link"}],
        "style": {"colour": "green", "for": "12 s", "loud": False},
        "reference": identity,
    }
    paths = [path for _, path, _, _ in displays.requests]
    assert paths.count("/v2/displays/busy") == 2
    assert paths.count("/v2/displays/gone") == 1


def test_no_code_knows_a_channel_by_its_name() -> None:
    """The channels of the samples are data as well. What `init` writes is a sample too."""
    sources = [*(ROOT / "compiler").rglob("*.py"), *(ROOT / "runtime").rglob("*.py")]
    sources = [path for path in sources if not {"demo", "authoring"} & {*path.parts}]
    sources.remove(ROOT / "compiler/handbill/cli/init.py")
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in sources
        for name in ("webhook", "shelf-display", "twilio", "fcm")
        if f'"{name}"' in path.read_text(encoding="utf-8")
    }
    assert naming == set()
