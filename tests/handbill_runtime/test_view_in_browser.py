"""A mail's link to itself, followed over real HTTP: the very message, for a while, and nothing else."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from market import Market, Running

from handbill_runtime.ledger.file import to_ms
from handbill_runtime.ledger.views import KEPT
from handbill_runtime.links_server import LinksServer

MAIL = """
<p><a href="{{ view_url }}">In your browser</a></p>
<p>Hello {{ customer.first_name | default('you') }}, café</p>
<p>{{ brand.postal_address }} <a href="{{ unsubscribe_url }}">Stop</a></p>
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[str]:
    server = LinksServer("127.0.0.1:0", f"sqlite://{tmp_path}/ledger.db", {})
    yield f"http://127.0.0.1:{server.port}"
    server.close()


def links_of(market: Market, running: Running) -> dict[str, str]:
    """Customer → the path of the link in the page that the ledger keeps."""
    rows = running.ledger.db.execute(
        "SELECT m.customer, m.id FROM messages m JOIN views v ON v.message = m.n"
    ).fetchall()
    found = {}
    for customer, message in rows:
        page = running.ledger.view(message, running.clock.now())
        assert page is not None
        link = re.search(r'href="https://go\.corner\.example(/v/[^"]+)"', page)
        assert link is not None
        found[customer] = link[1]
    return found


def test_the_link_shows_what_was_sent(market: Market, running: Running, here: str) -> None:
    market.write("tenants/corner/templates/mail.html", MAIL)
    market.publish()
    running.tick(market.active())
    link = links_of(market, running)["ann"]
    market.write("tenants/corner/templates/mail.html", MAIL.replace("Hello", "Goodbye"))
    market.publish()
    running.restart()
    answer = httpx.get(here + link)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Hello Ann, café" in answer.text and "Stop" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script" not in policy
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert answer.headers["cache-control"] == "no-store"
    assert httpx.head(here + link).status_code == 200


def test_the_address_holds_nothing_about_the_customer(market: Market, running: Running) -> None:
    market.write("tenants/corner/templates/mail.html", MAIL)
    market.publish()
    running.tick(market.active())
    for customer, link in links_of(market, running).items():
        assert re.fullmatch(r"/v/[0-9a-f]{64}\.[A-Za-z0-9_-]{22}", link)
        assert customer not in link


def test_a_link_that_is_none_and_one_that_is_over(
    market: Market, running: Running, here: str
) -> None:
    market.write("tenants/corner/templates/mail.html", MAIL)
    market.publish()
    running.tick(market.active())
    link = links_of(market, running)["ann"]
    forged = httpx.get(here + link[:-1])
    assert (forged.status_code, "not valid" in forged.text) == (404, True)
    assert "Hello" not in forged.text
    with sqlite3.connect(market.ledger) as database:
        over = to_ms(running.clock.now() - KEPT)
        database.execute("UPDATE views SET until = ?", (over,))
    gone = httpx.get(here + link)
    assert (gone.status_code, "no longer kept" in gone.text) == (410, True)


def test_a_mail_without_such_a_link_is_not_kept(market: Market, running: Running) -> None:
    market.publish()
    running.tick(market.active())
    assert running.states() == {"accepted": 2}
    assert links_of(market, running) == {}
