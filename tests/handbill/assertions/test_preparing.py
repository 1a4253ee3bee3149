"""Tests that could never hold are refused, each name at its place."""

from __future__ import annotations

import pytest
from tested_shop import Shop


@pytest.mark.parametrize(
    ("expect", "code", "hint"),
    [
        ("a: {because: no_adress}", "HB478", "did you mean `no_address`?"),
        ("a: {because: audience.exclude.staff}", "HB478", "it has: "),
        ("a: {variant: plain}", "HB478", "it has: only"),
        ("a: {offer: ten}", "HB478", "it has: none"),
        ("a: {channel: emial}", "HB478", "did you mean `email`?"),
        ("a: {channel: [email, sms]}", "HB478", "it has: email"),
        ("a: {locale: fr-CA}", "HB478", "it has: en-US"),
        ("a: {segments: 1}", "HB478", "it has: email"),
        ("a: {contains: {subjet: x}}", "HB478", "did you mean `subject`?"),
        ("a: {lacks: {sms.body: x}}", "HB478", "it has:"),
        ("a: {text: {email.subjct: x}}", "HB478", "did you mean `email.subject`?"),
    ],
)
def test_names_in_an_expectation(shop: Shop, expect: str, code: str, hint: str) -> None:
    shop.test("a: {lifetime_orders: 1}", expect)
    ready, (finding,) = shop.prepared()
    assert ready is None
    assert (finding.code, finding.tenant) == (code, "fresh-fields")
    assert finding.hint is not None and finding.hint.startswith(hint)
    assert finding.range is not None and finding.range.line == 6


def test_everything_that_may_be_named(shop: Shop) -> None:
    shop.test(
        "a: {lifetime_orders: 1}",
        "a: {channel: [email], variant: only, offer: none, locale: en-US, "
        "contains: {subject: x, email.html: [x, y]}, lacks: [z], text: {text: x}}",
        "sent: {a: [{campaign: hello, channel: email, at: 2026-12-01T10:00}]}\nstopped: {a: [sms]}",
    )
    ready, found = shop.prepared()
    assert found == () and ready is not None
    assert ready.plan.campaign == "hello"


def test_names_in_what_happened_before(shop: Shop) -> None:
    shop.test(
        "a: {lifetime_orders: 1}",
        more="""
        sent: {a: [{campaign: helo, channel: emial, at: 2026-12-01T10:00}]}
        stopped: {a: [fax]}
        """,
    )
    assert shop.findings() == [("HB473", 7, 23), ("HB478", 7, 38), ("HB478", 8, 15)]


def test_a_campaign_that_is_not_there(shop: Shop) -> None:
    shop.write(
        "tenants/fresh-fields/tests/x.yaml",
        "campaign: helo\nnow: 2026-12-05T10:00\n"
        "customers: {a: {lifetime_orders: 1}}\nexpect: {a: {selected: true}}\n",
    )
    ready, (finding,) = shop.prepared()
    assert ready is None
    assert (finding.code, finding.hint) == ("HB473", "did you mean `hello`?")
