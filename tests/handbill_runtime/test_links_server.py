"""Unsubscribe links over real HTTP, while a runtime holds the ledger's lease."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from market import Market, Running

from handbill.store.folder import FolderStore
from handbill_runtime.errors import RuntimeFault
from handbill_runtime.links_server import LinksServer, listen
from handbill_runtime.signed_links import UnsubscribeLinks


@pytest.fixture
def names() -> dict[str, str]:
    return {}


@pytest.fixture
def server(tmp_path: Path, names: dict[str, str]) -> Iterator[LinksServer]:
    store = FolderStore(tmp_path / "store")
    opened = LinksServer("127.0.0.1:0", f"sqlite://{tmp_path}/ledger.db", names, store)
    yield opened
    opened.close()


def test_a_link_out_of_a_mail_stops_the_next_one(
    market: Market, running: Running, server: LinksServer, names: dict[str, str]
) -> None:
    market.publish()
    running.tick(market.active())
    (message,) = running.ledger.db.execute(
        "SELECT id FROM messages WHERE customer = 'ann'"
    ).fetchone()
    here = f"http://127.0.0.1:{server.port}"
    link = UnsubscribeLinks(here, running.ledger.secret()).url(message)
    assert "from corner?" in httpx.get(link).text
    names["corner"] = "Corner Shop"  # learned with a later release
    assert "from Corner Shop?" in httpx.get(link).text
    assert httpx.post(link).status_code == 200
    assert httpx.get(f"{here}/u/{message}.forged").status_code == 404
    market.points("trigger: {at: 2026-12-05T12:00}\nreentry: always\n", "next")
    market.publish()
    running.tick(market.active())
    rows = running.ledger.db.execute(
        "SELECT customer, reason FROM selections WHERE verdict = 'suppressed'"
    )
    assert rows.fetchall() == [("ann", "unsubscribed")]


@pytest.mark.parametrize(
    "address",
    ["8026", "127.0.0.1", "127.0.0.1:", ":8026", "127.0.0.1:http", "127.0.0.1:70000", "", "::"],
)
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(RuntimeFault, match="is not HOST:PORT"):
        listen(address)


def test_a_taken_port_is_told_before_anything_is_served(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(RuntimeFault, match=f"HB960.*{address}"):
            LinksServer(address, f"sqlite://{tmp_path}/ledger.db", {})


def test_a_host_that_is_not_here_is_told() -> None:
    with pytest.raises(RuntimeFault, match="HB960"):
        listen("203.0.113.7:0")


def test_ipv6_has_brackets() -> None:
    try:
        probe = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        with pytest.raises(RuntimeFault, match="HB960"):
            listen("[::1]:0")
        return
    probe.close()
    with listen("[::1]:0") as found:
        assert found.family is socket.AF_INET6


def test_it_lets_go_of_its_port(tmp_path: Path) -> None:
    server = LinksServer("127.0.0.1:0", f"sqlite://{tmp_path}/ledger.db", {})
    port = server.port
    server.close()
    socket.create_server(("127.0.0.1", port)).close()


def test_any_other_address_is_a_page_that_says_so(server: LinksServer) -> None:
    here = f"http://127.0.0.1:{server.port}"
    for path in ("/", "/u/", "/v/", "/assets/", "/admin", "/u/a/b", "/assets/../ledger.db"):
        answer = httpx.get(here + path)
        assert (answer.status_code, "nothing at this address" in answer.text) == (404, True), path
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert httpx.delete(f"{here}/u/x.y").status_code == 405


def test_without_a_store_no_pictures_are_served(tmp_path: Path) -> None:
    server = LinksServer("127.0.0.1:0", f"sqlite://{tmp_path}/ledger.db", {})
    try:
        path = f"/assets/{'a' * 64}.png"
        assert httpx.get(f"http://127.0.0.1:{server.port}{path}").status_code == 404
    finally:
        server.close()
