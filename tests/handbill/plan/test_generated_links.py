"""The longest link that can be made is as long as messages were counted with, in the same letters."""

from __future__ import annotations

import pytest

from handbill.plan.alphabets import is_within
from handbill.plan.decisions import message_id
from handbill.plan.generated_links import (
    GENERATED_LINK,
    LINK_MAXIMUM,
    PUBLIC_URL_MAXIMUM,
    is_fit_for_links,
)
from handbill_runtime.signed_links import UnsubscribeLinks

LONGEST = "https://go." + "x" * (PUBLIC_URL_MAXIMUM - 19) + ".example"


def test_the_longest_link_is_exactly_the_longest_that_is_counted() -> None:
    assert len(LONGEST) == PUBLIC_URL_MAXIMUM
    message = message_id("t", "c", "", "customer", "sms", "main:0")
    for secret in (b"a", b"another secret"):
        link = UnsubscribeLinks(LONGEST + "/", secret).url(message)
        assert len(link) == LINK_MAXIMUM == GENERATED_LINK.maximum
        assert is_within(link, GENERATED_LINK.alphabet)


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        (LONGEST, True),
        (LONGEST + "/", True),
        (LONGEST + "x", False),
        ("http://127.0.0.1:8026", True),
        ("https://go.shop.example/a-b_c", True),
        ("https://go.shop.example/~me", False),
        ("https://go.shop.example/?a=1&b=2", False),
        ("https://go.shöp.example", False),
    ],
)
def test_which_public_urls_fit(url: str, fits: bool) -> None:
    assert is_fit_for_links(url) is fits
