"""The inbox: one list over all books, found by words, and hostile messages shown without running."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from handbill.cli.demo.inbox import MOST, inbox_routes
from handbill.cli.demo.receipt_book import ReceiptBook, Received

HOSTILE = "<script>alert(1)</script>\"'&"
MAIL = (
    'From: "Fresh </dd><script>" <hello@fresh.example>\r\nSubject: x\r\n'
    "Content-Type: text/html; charset=utf-8\r\n\r\n"
    "<html><HEAD><title>t</title></HEAD><body onload=alert(1)><script>alert(2)</script></body></html>"
)
PLACES = re.compile(r'href="(/inbox/\d+/\d+)"')


def at(path: Path, *received: tuple[str, Received]) -> Path:
    """A book whose messages arrived at these times of one day."""
    book = ReceiptBook(path)
    for clock, each in received:
        book.write(each)
        with sqlite3.connect(path) as connection:
            when = f"2026-12-05T{clock}:00.000Z"
            connection.execute(
                "UPDATE received SET received_at = ? WHERE place = (SELECT max(place) FROM received)",
                (when,),
            )
    book.close()
    return path


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    http = at(
        tmp_path / "http.db",
        ("10:00", Received("1", "sms", "+1518", HOSTILE, HOSTILE)),
        ("12:00", Received("4", "webhook", "card", "Say hello", '{"body": "b"}', "corner-shop")),
    )
    mail = at(
        tmp_path / "mail.db",
        ("11:00", Received("2", "email", HOSTILE, "", MAIL, "Fresh Fields")),
        ("13:00", Received("3", "email", "b@x", "Straße", "Subject: Hi\r\n\r\n1 < 2", "Corner")),
    )
    return TestClient(Starlette(routes=inbox_routes([http, mail])))


def places(client: TestClient, query: str = "") -> list[str]:
    return PLACES.findall(client.get("/", params={"q": query} if query else {}).text)


def test_one_list_over_all_books_newest_first(client: TestClient) -> None:
    assert places(client) == ["/inbox/1/2", "/inbox/0/2", "/inbox/1/1", "/inbox/0/1"]


def test_whose_and_when(client: TestClient) -> None:
    page = client.get("/").text
    assert "<td>Fresh Fields · email</td>" in page
    assert "<td>corner-shop · webhook</td>" in page
    assert "<td>sms</td>" in page
    assert re.search(r'<time datetime="2026-12-05T13:00:00.000Z">\d\d:\d\d:00</time>', page)
    assert "(no subject)" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("FRESH", ["/inbox/1/1"]),
        ("corner", ["/inbox/1/2", "/inbox/0/2"]),
        ("corner webhook", ["/inbox/0/2"]),
        ("strasse", ["/inbox/1/2"]),
        ("+1518", ["/inbox/0/1"]),
        ("say hello", ["/inbox/0/2"]),
        ("2026-12-05T11", ["/inbox/1/1"]),
        ("%", []),
        (" ", ["/inbox/1/2", "/inbox/0/2", "/inbox/1/1", "/inbox/0/1"]),
    ],
)
def test_words_are_looked_for_in_every_column(
    client: TestClient, words: str, found: list[str]
) -> None:
    assert places(client, words) == found


def test_hostile_text_is_text(client: TestClient) -> None:
    for path in ("/", "/inbox/0/1", "/inbox/0/1/body", "/inbox/1/1"):
        page = client.get(path, params={"q": HOSTILE} if path == "/" else {}).text
        assert "<script" not in page
    shown = client.get("/", params={"q": HOSTILE})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;" in shown.text
    assert places(client, HOSTILE) == ["/inbox/1/1", "/inbox/0/1"]
    assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_mail_has_its_headers_and_a_frame_without_rights(client: TestClient) -> None:
    page = client.get("/inbox/1/1")
    assert (
        "<dt>From</dt><dd>&quot;Fresh &lt;/dd&gt;&lt;script&gt;&quot; &lt;hello@fresh.example&gt;</dd>"
        in page.text
    )
    assert "<dt>Received</dt><dd>2026-12-05T11:00:00.000Z by email</dd>" in page.text
    (frame,) = re.findall(r"<iframe[^>]*>", page.text)
    assert 'src="/inbox/1/1/body"' in frame
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
    assert "onload" not in page.text


def test_the_mail_alone_may_run_nothing(client: TestClient) -> None:
    alone = client.get("/inbox/1/1/body")
    assert "<script>alert(2)</script>" in alone.text
    policy = alone.headers["Content-Security-Policy"].split("; ")
    assert policy[:2] == [
        "sandbox allow-popups allow-popups-to-escape-sandbox",
        "default-src 'none'",
    ]
    assert not any(each.startswith(("script-src", "connect-src", "frame-src")) for each in policy)
    assert '<HEAD><base target="_blank">' in alone.text


def test_a_mail_of_plain_text_is_escaped(client: TestClient) -> None:
    assert client.get("/inbox/1/2/body").text.endswith("1 &lt; 2")


@pytest.mark.parametrize("path", ["/inbox/0/9", "/inbox/7/1", "/inbox/0/9/body", "/inbox/7/1/body"])
def test_no_such_message(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/inbox/1/1", "/inbox/1/1/body"])
def test_a_head_request_is_answered(client: TestClient, path: str) -> None:
    answer = client.head(path)
    assert (answer.status_code, answer.text) == (200, "")


def test_a_new_message_is_there_at_once(client: TestClient, tmp_path: Path) -> None:
    book = ReceiptBook(tmp_path / "mail.db")
    book.write(Received("4", "email", "c", "just now", ""))
    book.close()
    assert "just now" in client.get("/").text


def test_the_list_is_bounded_and_words_look_further(tmp_path: Path) -> None:
    book = ReceiptBook(tmp_path / "many.db")
    for number in range(MOST + 5):
        book.write(Received(str(number), "sms", "a", f"no-{number}.", ""))
    book.close()
    client = TestClient(Starlette(routes=inbox_routes([tmp_path / "many.db"])))
    assert len(places(client)) == MOST
    assert "no-4." not in client.get("/").text
    assert places(client, "no-4.") == ["/inbox/0/5"]


def test_nothing_has_arrived(tmp_path: Path) -> None:
    client = TestClient(Starlette(routes=inbox_routes([tmp_path / "empty.db"])))
    assert "Nothing." in client.get("/").text
