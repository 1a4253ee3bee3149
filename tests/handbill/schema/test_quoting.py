"""Unquoted texts that say less than was written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.schema.quoting import key_of, read_as

Findings = Callable[[str, str], list[Diagnostic]]
CAMPAIGN = "tenants/ff/campaigns/a.yaml"


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("message:\n  sms:\n    body: Deal #1 ends", "HB214", 'body: "Deal #1 ends"'),
        ("description: Deal  #1", "HB214", 'description: "Deal  #1"'),
        ("with:\n  theme: Soup #5", "HB214", 'theme: "Soup #5"'),
        ("message:\n  sms:\n    body:\n      en-US: Deal #1", "HB214", 'en-US: "Deal #1"'),
        ("message: {sms: {body: Hi there}}", "HB215", 'body: "Hi there"'),
        ("message: {sms: {body: {en-US: Hi}}}", "HB215", 'en-US: "Hi"'),
        ("message: {sms: {body: {en-US: “Hi”}}}", "HB215", 'en-US: "Hi"'),
        ("message:\n  sms:\n    body: “Hi there”", "HB225", 'body: "Hi there"'),
        ("message:\n  sms:\n    body:\n      en-US: ‘Hi’", "HB225", 'en-US: "Hi"'),
        ("with: {store: 0142}", "HB219", 'store: "0142"'),
        ("with: {stores: [007]}", "HB219", '"007"'),
        ("message:\n  sms: {body: 5}", "HB219", 'body: "5"'),
    ],
)
def test_refused(findings: Findings, text: str, code: str, hint: str) -> None:
    (found,) = findings(CAMPAIGN, text)
    assert (found.code, found.hint) == (code, hint)


@pytest.mark.parametrize(
    "text",
    [
        "uses: winback   # the shared one",
        "expires: 2 days # enough",
        "audience: everyone # all of them",
        "message: {sms: {body: 'Hi'}} # later",
        'message: {sms: {body: "Hi #1"}}',
        "message:\n  sms:\n    body: Hi, there",
        "audience: {exclude: {staff: customer.is_employee}}",
        "with: {discount: 15, theme: Soup, zero: 0, minus: -5}",
        "tags: [spring, sale]",
    ],
)
def test_fine(findings: Findings, text: str) -> None:
    assert findings(CAMPAIGN, text) == []


def test_quotes_that_would_be_sent_are_a_warning(findings: Findings) -> None:
    (found,) = findings(CAMPAIGN, "message:\n  sms:\n    body: “Hi”")
    assert found.severity is Severity.WARNING
    kept = ["'“Hi”'", "“Hi” or “Bye”", "He said “Hi”"]
    for text in kept:
        assert findings(CAMPAIGN, f"message:\n  sms:\n    body: {text}") == []


def test_a_cut_text_is_shown_with_its_comment(findings: Findings) -> None:
    (found,) = findings(CAMPAIGN, "description: Deal #1 ends today")
    assert found.message == 'this description ends at "Deal": ` #` starts a YAML comment'
    assert found.range and (found.range.column, found.range.end_column) == (14, 32)


def test_words() -> None:
    from decimal import Decimal

    assert key_of(("a", 0, "b", 1)) == "b"
    assert key_of(()) == ""
    assert [read_as(value) for value in (True, 142, Decimal("12E+3"))] == [
        "true",
        "the number 142",
        "the number 12000",
    ]
