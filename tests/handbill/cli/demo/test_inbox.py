"""The inbox shows what arrived, newest first, and shows hostile text without running it."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from handbill.cli.demo.inbox import MOST, inbox_page, inbox_routes
from handbill.cli.demo.receipt_book import ReceiptBook, Received

HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    for name, messages in (
        ("http.db", [Received("1", "sms", "+1518", HOSTILE, HOSTILE)]),
        ("mail.db", [Received("2", "email", HOSTILE, "", "Subject: Hi\r\n\r\nfirst"),
                     Received("3", "email", "b", "second", "Subject: Hi\r\n\r\nsecond")]),
    ):  # fmt: skip
        book = ReceiptBook(tmp_path / name)
        for message in messages:
            book.write(message)
        book.close()
    return TestClient(Starlette(routes=inbox_routes([tmp_path / "http.db", tmp_path / "mail.db"])))


def test_a_list_with_links_newest_first(client: TestClient) -> None:
    page = client.get("/").text
    assert page.index('href="/inbox/0/1"') < page.index('href="/inbox/1/2"')
    assert page.index('href="/inbox/1/2"') < page.index('href="/inbox/1/1"')
    assert "(no subject)" in page
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;" in page


def test_one_message_cannot_run_anything(client: TestClient) -> None:
    one = client.get("/inbox/1/2")
    assert one.text == "second"
    assert one.headers["Content-Security-Policy"] == "sandbox; script-src 'none'"
    assert "<script>" not in client.get("/inbox/0/1").text


@pytest.mark.parametrize("path", ["/inbox/0/9", "/inbox/7/1"])
def test_no_such_message(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_new_message_is_there_at_once(client: TestClient, tmp_path: Path) -> None:
    book = ReceiptBook(tmp_path / "mail.db")
    book.write(Received("4", "email", "c", "just now", ""))
    book.close()
    assert "just now" in client.get("/").text


def test_the_list_is_bounded(tmp_path: Path) -> None:
    book = ReceiptBook(tmp_path / "many.db")
    for number in range(MOST + 5):
        book.write(Received(str(number), "sms", "a", f"number {number}.", ""))
    book.close()
    page = TestClient(Starlette(routes=inbox_routes([tmp_path / "many.db"]))).get("/").text
    assert page.count("<tr><td>") == MOST
    assert "number 4." not in page


def test_nothing_has_arrived() -> None:
    assert "<table>" in inbox_page([[], []])
