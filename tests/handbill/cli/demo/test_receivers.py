"""Stand-ins for providers: everything that arrives is written down before it is answered."""

from __future__ import annotations

import json
import smtplib
import sqlite3
import urllib.error
import urllib.request
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from handbill.cli.demo.receipt_book import ReceiptBook, Received
from handbill.cli.demo.receivers import http_application, received_mail

if TYPE_CHECKING:
    from conftest import Delivered

PUSH = {
    "message": {
        "token": "tok",
        "notification": {"title": "T", "body": "B"},
        "data": {"message_id": "m" * 64, "campaign": "c"},
    }
}


@pytest.fixture
def book(tmp_path: Path) -> ReceiptBook:
    return ReceiptBook(tmp_path / "book.db")


@pytest.fixture
def client(book: ReceiptBook, tmp_path: Path) -> TestClient:
    return TestClient(http_application(book, [tmp_path / "book.db"]), raise_server_exceptions=False)


def test_a_push(client: TestClient, book: ReceiptBook) -> None:
    done = client.post("/fcm/v1/projects/p/messages:send", json=PUSH)
    assert (done.status_code, done.json()) == (200, {"name": f"projects/demo/messages/{'m' * 24}"})
    (received,) = book.all()
    assert (received.message, received.channel, received.recipient, received.summary) == (
        "m" * 64, "push", "tok", "T",
    )  # fmt: skip
    assert json.loads(received.body) == PUSH


def test_a_text_message(client: TestClient, book: ReceiptBook) -> None:
    done = client.post(
        "/twilio/Accounts/AC/Messages.json",
        data={"To": "+1518", "From": "+1", "Body": "Grüße & <3 " + "x" * 80},
        headers={"X-Message-Id": "s" * 64},
    )
    assert (done.status_code, done.json()["sid"]) == (201, "SM" + "s" * 32)
    (received,) = book.all()
    assert received.body == "Grüße & <3 " + "x" * 80
    assert (received.message, received.summary) == ("s" * 64, received.body[:60])
    assert received.sender == "+1"


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_any_other_document(client: TestClient, book: ReceiptBook, method: str) -> None:
    document = {"id": "h", "to": "card", "title": "T", "body": "B"}
    done = client.request(method, "/counter/shop/campaign", json=document)
    assert (done.status_code, done.json()) == (202, {"id": "h"})
    body = done.request.content.decode()
    assert book.all() == [Received("h", "webhook", "card", "T", body, "shop")]


@pytest.mark.parametrize("path", ["/fcm/x", "/twilio/x", "/other"])
def test_what_it_cannot_read_is_neither_kept_nor_accepted(
    client: TestClient, book: ReceiptBook, path: str
) -> None:
    assert client.post(path, content=b"{}").status_code == 500
    assert book.all() == []


def test_its_inbox_is_at_the_root(client: TestClient) -> None:
    client.post("/counter", json={"id": "h", "to": "card", "title": "Seen", "body": "B"})
    assert "Seen" in client.get("/").text


@pytest.mark.parametrize(
    ("header", "identity"),
    [("<abc@shop.example>", "abc"), ("<abc>", "abc"), ("", ""), (None, "")],
)
def test_the_message_id_travels_in_its_header(header: str | None, identity: str) -> None:
    message = EmailMessage()
    if header is not None:
        message["Message-ID"] = header
    received = received_mail(message, "ann@shop.example", b"caf\xe9")
    assert (received.message, received.summary, received.body) == (identity, "", "caf\ufffd")


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("Fresh Fields <hello@fresh.example>", "Fresh Fields"),
        ("hello@fresh.example", "hello@fresh.example"),
        (None, ""),
    ],
)
def test_a_mail_says_whose_it_is(header: str | None, sender: str) -> None:
    message = EmailMessage()
    if header is not None:
        message["From"] = header
    assert received_mail(message, "ann@shop.example", b"").sender == sender


def test_a_mail_to_two_is_two_receipts(delivered: Delivered) -> None:
    """Another client than the product's; the receiver is a process of its own."""
    before = len(delivered.received())
    message = EmailMessage()
    message["Subject"], message["Message-ID"] = "Grüße", "<by-hand@x.example>"
    message.set_content("hello")
    with smtplib.SMTP("127.0.0.1", delivered.ports.smtp) as smtp:
        smtp.send_message(message, "me@x.example", ["a@x.example", "b@x.example"])
    mine = [each for each in delivered.received() if each.message == "by-hand"]
    try:
        assert [(each.recipient, each.summary) for each in mine] == [
            ("a@x.example", "Grüße"), ("b@x.example", "Grüße"),
        ]  # fmt: skip
        assert len(delivered.received()) == before + 2
    finally:
        forget(delivered, "by-hand")


def forget(delivered: Delivered, message: str) -> None:
    """Other tests compare the book with the ledger."""
    with sqlite3.connect(delivered.books[0]) as connection:
        connection.execute("DELETE FROM received WHERE message = ?", (message,))


def test_the_process_shows_both_books(delivered: Delivered) -> None:
    url = f"http://127.0.0.1:{delivered.ports.http}"
    with urllib.request.urlopen(f"{url}/") as answer:
        page = answer.read().decode()
    assert "ann@shop.example" in page and "tok-a" in page
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{url}/inbox/0/999")
