"""A mail's picture from the repository to a browser: published with the release, served as what it is."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from market import Market, Running

from handbill_runtime.links_server import LinksServer

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NAME = f"{hashlib.sha256(PIXEL).hexdigest()}.png"
MAIL = """
<p><a href="{{ view_url }}">View</a> <img src="assets/hero.png" alt="Cheese"></p>
<p>{{ brand.postal_address }} <a href="{{ unsubscribe_url }}">Stop</a></p>
"""


@pytest.fixture
def here(market: Market, tmp_path: Path) -> Iterator[str]:
    server = LinksServer("127.0.0.1:0", f"sqlite://{tmp_path}/ledger.db", {}, market.store)
    yield f"http://127.0.0.1:{server.port}"
    server.close()


def show_a_picture(market: Market) -> None:
    market.write("tenants/corner/templates/mail.html", MAIL)
    picture = market.root / "repository/tenants/corner/assets/hero.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(PIXEL)
    market.publish()


def test_a_picture_travels_with_the_release(market: Market, running: Running, here: str) -> None:
    show_a_picture(market)
    running.tick(market.active())
    (message,) = running.ledger.db.execute(
        "SELECT id FROM messages WHERE customer = 'ann'"
    ).fetchone()
    page = running.ledger.view(message, running.clock.now())
    assert page is not None
    shown = re.search(r'src="https://assets\.corner\.example/([^"]+)"', page)
    assert shown is not None and shown[1] == NAME
    answer = httpx.get(f"{here}/assets/{NAME}")
    assert (answer.status_code, answer.content) == (200, PIXEL)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_who_has_it_is_told_so(market: Market, here: str) -> None:
    show_a_picture(market)
    first = httpx.get(f"{here}/assets/{NAME}")
    again = httpx.get(f"{here}/assets/{NAME}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/" + "0" * 64 + ".png",
        "/assets/" + "0" * 64 + ".svg",
        "/assets/hero.png",
        "/assets/..%2Fenvironments%2Ftest%2Fpointer",
        "/assets/%2e%2e/packs",
        "/assets/" + NAME + "%00",
        "/assets/" + NAME.upper(),
    ],
)
def test_nothing_else_can_be_asked_for(market: Market, here: str, path: str) -> None:
    show_a_picture(market)
    answer = httpx.get(here + path)
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


def test_a_damaged_picture_is_not_served(market: Market, here: str) -> None:
    show_a_picture(market)
    (market.root / "store" / "assets" / NAME).write_bytes(PIXEL + b"x")
    assert httpx.get(f"{here}/assets/{NAME}").status_code == 404
    market.publish()  # the same release: what is damaged is written anew
    assert httpx.get(f"{here}/assets/{NAME}").status_code == 200
