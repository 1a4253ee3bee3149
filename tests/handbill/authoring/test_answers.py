from __future__ import annotations

import pytest

from handbill.authoring.answers import TenantAnswers, currency_of, sender_of, site_of, title_of
from handbill.authoring.senders import STARTER


@pytest.mark.parametrize(
    ("name", "title"),
    [("corner-shop", "Corner Shop"), ("fresh_fields", "Fresh Fields"), ("a--b", "A B"), ("", "")],
)
def test_a_title_from_the_short_name(name: str, title: str) -> None:
    assert title_of(name) == title


@pytest.mark.parametrize(
    ("locale", "currency"),
    [("en-US", "USD"), ("fr-CA", "CAD"), ("de-AT", "EUR"), ("de", "USD"), ("no such", "USD")],
)
def test_the_regions_currency(locale: str, currency: str) -> None:
    assert currency_of(locale) == currency


def test_a_site_and_a_sender_that_are_nobodys() -> None:
    assert site_of("corner_shop") == "https://corner-shop.example"
    assert sender_of("Corner Shop", "https://www.corner.example/a") == (
        "Corner Shop <hello@corner.example>"
    )
    assert sender_of("<>@", "") == "hello@shop.example"


def test_what_follows_from_the_answers() -> None:
    answers = TenantAnswers(
        "corner-shop", "Corner Shop", "fr-CA", "America/Toronto", "CAD", "a@b.example",
        "https://www.corner.example", "1 Main Street", (STARTER["sms"], STARTER["email"]),
    )  # fmt: skip
    assert (answers.channels, answers.domain) == (("sms", "email"), "corner.example")
    assert answers.language == "fr"
