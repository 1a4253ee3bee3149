"""Mails as bytes: read back by Python's parser they are what was meant, whatever is in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill_runtime.drivers import mime
from handbill_runtime.drivers.driver import Envelope
from handbill_runtime.drivers.mime import UnsafeMail, is_address, mail_bytes

LETTER = Envelope(
    id="ab" * 32,
    tenant="fresh-fields",
    campaign="winback",
    address="ann@shop.example",
    sender="Fresh Fields <hello@mail.freshfields.example>",
    workspace="",
    parts={"subject": "We miss you", "html": "<p>Hi</p>", "text": "Hi"},
    unsubscribe_url="https://go.handbill.example/u/" + "t" * 87,
    date=datetime(2026, 12, 5, 15, 0, tzinfo=UTC),
)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
    "MIME-Version", "Content-Type",
]  # fmt: skip


def read(letter: Envelope) -> EmailMessage:
    _, data = mail_bytes(letter)
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert [defect for part in mail.walk() for defect in part.defects] == []
    return mail


def with_parts(**parts: str) -> Envelope:
    return replace(LETTER, parts={**LETTER.parts, **parts})


def test_headers_are_those_and_no_others() -> None:
    sender, data = mail_bytes(LETTER)
    assert sender == "hello@mail.freshfields.example"
    assert list(read(LETTER).keys()) == HEADERS
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert mail_bytes(LETTER)[1] == data  # the same message, the same bytes


def test_a_long_unsubscribe_link_is_not_broken_into_words() -> None:
    _, data = mail_bytes(LETTER)
    assert f"List-Unsubscribe: <{LETTER.unsubscribe_url}>\r\n".encode() in data


def test_mail_of_a_category_without_unsubscribe_has_no_such_header() -> None:
    assert read(replace(LETTER, unsubscribe_url=""))["List-Unsubscribe"] is None


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_subject_is_one_line_or_refused(subject: str) -> None:
    try:
        mail = read(with_parts(subject=subject))
    except UnsafeMail:
        assert any(ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029" for c in subject)
        return
    assert list(mail.keys()) == HEADERS
    if subject == subject.strip():
        assert str(mail["Subject"]) == subject


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_body_comes_back(body: str) -> None:
    mail = read(with_parts(text=body, html=body))
    expected = body.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        text = content.decode().replace("\r\n", "\n")
        assert text.removesuffix("\n") + "\n" == expected


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("hello@shop.example", ""),
        ("Fresh Fields <hello@shop.example>", "Fresh Fields"),
        ('"Fields, Fresh" <hello@shop.example>', "Fields, Fresh"),
        ("Fields, Inc. <hello@shop.example>", "Fields, Inc."),
        ('The "Best" Shop <hello@shop.example>', 'The "Best" Shop'),
        ("Épicerie Boréale <hello@shop.example>", "Épicerie Boréale"),
    ],
)
def test_senders(sender: str, name: str) -> None:
    mail = read(replace(LETTER, sender=sender))
    (address,) = mail["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "hello@shop.example")


@pytest.mark.parametrize(
    "letter",
    [
        replace(LETTER, sender="nobody"),
        replace(LETTER, sender="A\nB <a@shop.example>"),
        replace(LETTER, sender="<>"),
        replace(LETTER, address="ann"),
        replace(LETTER, address="ann@shop.example\r\nBcc: x@y.example"),
        replace(LETTER, address="ännchen@shop.example"),
        replace(LETTER, unsubscribe_url="https://x.example/\r\nBcc: x"),
        replace(LETTER, unsubscribe_url="javascript:alert(1)"),
        with_parts(subject="Hi\nBcc: x@y.example"),
        with_parts(subject="Hi\x0b"),
        with_parts(subject="Hi\u2028there"),
        with_parts(subject="x" * 999),
        with_parts(reply_to="x@y.example\r\nBcc: z@y.example"),
        with_parts(reply_to="not a mailbox"),
        with_parts(text="\ud800"),
        replace(LETTER, parts={"subject": "Hi"}),
    ],
)
def test_what_is_not_safe_is_refused(letter: Envelope) -> None:
    with pytest.raises(UnsafeMail):
        mail_bytes(letter)


def test_text_or_html_alone_is_one_part() -> None:
    plain = read(replace(LETTER, parts={"subject": "Hi", "text": "Hello"}))
    assert plain.get_content_type() == "text/plain"
    html = read(replace(LETTER, parts={"subject": "Hi", "html": "<p>é</p>"}))
    assert html.get_content_type() == "text/html"
    assert html.get_content().strip() == "<p>é</p>"


def test_reply_to_and_lookalike_words() -> None:
    mail = read(with_parts(reply_to="Help <help@shop.example>", subject="=?utf-8?b?SGk=?="))
    assert str(mail["Reply-To"]) == "Help <help@shop.example>"
    assert str(mail["Subject"]) == "=?utf-8?b?SGk=?="  # as written, not decoded


def test_addresses() -> None:
    assert is_address("a.b+c@mail.shop.example")
    assert not is_address("a@" + "x" * 250 + ".example")
    assert not is_address("a b@shop.example")
    assert not is_address("<a@shop.example>")


@pytest.mark.parametrize(
    "subject",
    [
        "Hi\r\nBcc: all@shop.example", "Hi\r\n\r\nbody", "Hi\r\n \r\n folded", "Hi\nBcc: x",
        "Hi\x00", "h\xe9",
    ],
)  # fmt: skip
def test_headers_that_read_back_otherwise_are_refused_whatever_was_checked_before(
    subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second look does not rely on the first."""
    monkeypatch.setattr(mime, "_one_line", lambda what, value: value)
    monkeypatch.setattr(mime, "_needs_words", lambda value: False)
    with pytest.raises(UnsafeMail, match="would not be those"):
        mail_bytes(with_parts(subject=subject))
