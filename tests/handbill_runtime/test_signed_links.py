"""Links that name a message: only the ledger that signed one reads it, and only for its purpose."""

from __future__ import annotations

from handbill_runtime.signed_links import UnsubscribeLinks, ViewLinks

SECRET = b"s" * 32
MESSAGE = "ab" * 32


def test_a_link_is_its_purpose_the_message_and_a_signature() -> None:
    links = UnsubscribeLinks("https://go.shop.example/", SECRET)
    assert links.url(MESSAGE).startswith(f"https://go.shop.example/u/{MESSAGE}.")
    assert links.view.url(MESSAGE).startswith(f"https://go.shop.example/v/{MESSAGE}.")
    assert links.message(links.token(MESSAGE)) == MESSAGE
    assert links.view.message(links.view.token(MESSAGE)) == MESSAGE


def test_a_signature_is_good_for_one_purpose_and_one_ledger() -> None:
    links = UnsubscribeLinks("", SECRET)
    assert links.message(links.view.token(MESSAGE)) is None
    assert links.view.message(links.token(MESSAGE)) is None
    assert ViewLinks("", b"t" * 32).message(links.view.token(MESSAGE)) is None


def test_a_signature_is_of_one_message() -> None:
    token = UnsubscribeLinks("", SECRET).token(MESSAGE)
    other = "cd" * 32 + token[64:]
    assert UnsubscribeLinks("", SECRET).message(other) is None
    assert UnsubscribeLinks("", SECRET).message(token[:-1]) is None
    assert UnsubscribeLinks("", SECRET).message("") is None
