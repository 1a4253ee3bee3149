"""A received message as a page: its own HTML, or as a phone would show it, with nothing run."""

from __future__ import annotations

import json

import pytest

from handbill.cli.demo.receipt_book import Received
from handbill.cli.demo.show import from_line, message_page

MAIL = (
    "Subject: Hi\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplain\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Grüße</p>\r\n--b--\r\n"
)


def page(channel: str, body: str, summary: str = "summary") -> str:
    return message_page(Received("id", channel, "to", summary, body))


def test_a_mail_is_its_html_or_else_its_text() -> None:
    assert page("email", MAIL).strip() == "<p>Grüße</p>"
    assert page("email", "Subject: Hi\r\n\r\n1 < 2").endswith(">1 &lt; 2")
    assert page("email", "Content-Type: image/png\r\n\r\n") == ""


def test_whose_it_is() -> None:
    mail = Received("id", "email", "to", "", "From: A B <a@b.example>\r\n\r\n", "A B")
    assert from_line(mail) == "A B <a@b.example>"
    assert from_line(Received("id", "sms", "to", "", "", "+1518")) == "+1518"


def test_a_text_message_is_escaped() -> None:
    assert "1 &lt; 2 &amp; 3" in page("sms", "1 < 2 & 3")


@pytest.mark.parametrize(
    ("channel", "document"),
    [
        ("push", {"message": {"notification": {"title": "<b>T</b>", "body": "B & C"}}}),
        ("webhook", {"id": "1", "title": "<b>T</b>", "body": "B & C"}),
    ],
)
def test_a_title_and_a_body(channel: str, document: object) -> None:
    shown = page(channel, json.dumps(document))
    assert "<strong>&lt;b&gt;T&lt;/b&gt;</strong><br>B &amp; C" in shown
    assert f"<b>{channel}</b>" in shown


def test_a_document_of_another_shape_shows_its_summary() -> None:
    assert "<strong>a &lt; b</strong>" in page("display", '{"text": "x"}', "a < b")
