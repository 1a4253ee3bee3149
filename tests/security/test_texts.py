"""Subjects, SMS and text parts of hostile customers: one line where one is meant, no other headers."""

from __future__ import annotations

import datetime
import email
import email.policy
import re
import unicodedata

import pytest
from browser_addresses import read_address
from corpus_files import FAMILIES
from read_back import HARMLESS, TURNING, on_one_line, text_with
from retailer import HOST, UNSUBSCRIBE, Retailer

from handbill_runtime.drivers.driver import Envelope
from handbill_runtime.drivers.mime import mail_bytes

TEXTS = [
    ("hello", "email", "subject"),
    ("hello", "email", "preheader"),
    ("hello", "sms", "body"),
    ("hello", "push", "title"),
    ("hello", "push", "body"),
    ("hello", "email", "text"),
    ("mjml", "email", "text"),
]


@pytest.mark.parametrize("part", TEXTS, ids=".".join)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_text_says_the_name_and_nothing_else(
    retailer: Retailer, family: str, part: tuple[str, str, str]
) -> None:
    harmless = retailer.parts[part](HARMLESS)
    for value in FAMILIES[family]:
        text = retailer.parts[part](value)
        assert text == text_with(harmless, on_one_line(value), value), repr(value)
        assert not TURNING.search(text)
        controls = {each for each in text if unicodedata.category(each) == "Cc"}
        assert controls <= {"\n"}
        assert text.count("\n") == harmless.count("\n")


@pytest.mark.parametrize("family", FAMILIES)
def test_links_in_a_text_lead_where_they_should(retailer: Retailer, family: str) -> None:
    for value in FAMILIES[family]:
        text = retailer.parts["hello", "sms", "body"](value)
        link = re.search(r"https://\S+", text[len(f"Hi {on_one_line(value)}: ") :])
        assert link is not None
        address = read_address(link[0])
        assert (address.host, len(address.path), address.path[0]) == (HOST, 2, "p")
        assert address.query is not None and address.query.startswith("a=")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_mail_has_the_headers_that_it_should(retailer: Retailer, family: str) -> None:
    names = list(mail(retailer, HARMLESS).keys())
    for value in FAMILIES[family]:
        message = mail(retailer, value)
        assert list(message.keys()) == names, repr(value)
        assert subject_of(message) == f"For {on_one_line(value)}"
        kinds = [part.get_content_type() for part in message.walk()]
        assert kinds == ["multipart/alternative", "text/plain", "text/html"]
        page = message.get_body(("html",))
        assert page is not None
        html = retailer.parts["hello", "email", "html"](value)
        assert page.get_content().replace("\r\n", "\n").rstrip("\n") == html.rstrip("\n")


def subject_of(message: email.message.EmailMessage) -> str:
    return str(email.header.make_header(email.header.decode_header(raw_subject(message))))


def raw_subject(message: email.message.EmailMessage) -> str:
    (raw,) = (value for name, value in message.raw_items() if name == "Subject")
    return re.sub(r"\r?\n(?=[ \t])", "", str(raw))


def mail(retailer: Retailer, value: str) -> email.message.EmailMessage:
    parts = {
        part: render(value)
        for (campaign, channel, part), render in retailer.parts.items()
        if (campaign, channel) == ("hello", "email")
    }
    envelope = Envelope(
        id="0" * 64,
        address="ann@shop.example",
        tenant="fresh-fields",
        campaign="hello",
        parts=parts,
        sender="Fresh Fields <hello@freshfields.example>",
        workspace="",
        unsubscribe_url=UNSUBSCRIBE,
        date=datetime.datetime(2026, 12, 5, 10, tzinfo=datetime.UTC),
    )
    _, data = mail_bytes(envelope)
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message
