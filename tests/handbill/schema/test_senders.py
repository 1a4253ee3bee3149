"""Who a message is from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handbill.diagnostics.diagnostic import Diagnostic

Findings = Callable[[str, str], list[Diagnostic]]
TENANT = """
name: Fresh Fields
locale: en-US
timezone: America/New_York
currency: USD
channels:
  {channel}: {{provider: mail{sender}}}
data:
  customers: {{key: id, address: {{{channel}: x}}}}
"""


def check(findings: Findings, channel: str, sender: str) -> list[str]:
    text = TENANT.format(channel=channel, sender=sender)
    return [one.code for one in findings("tenants/ff/tenant.yaml", text)]


@pytest.mark.parametrize(
    "sender",
    [
        "hello@mail.shop.example",
        "Fresh Fields <hello@mail.shop.example>",
        "Crème & Söhne <a@b.example>",
    ],
)
def test_mail(findings: Findings, sender: str) -> None:
    assert check(findings, "email", f', from: "{sender}"') == []


@pytest.mark.parametrize(
    "sender",
    ["Fresh Fields", "hello@", "a@b", "A <a@b.example> x", "A <a@b.example>, B <b@b.example>",
     "A <a@b.example>\\nBcc: x@y.example", "<a@b.example>", "a b@c.example", "a@b..example"],
)  # fmt: skip
def test_no_mailbox(findings: Findings, sender: str) -> None:
    assert check(findings, "email", f', from: "{sender}"') == ["HB305"]


@pytest.mark.parametrize(("sender", "wanted"), [("+15185550100", []), ("12345", []), ("0151 1234", ["HB305"]), ("+0", ["HB305"])])  # fmt: skip
def test_phones(findings: Findings, sender: str, wanted: list[str]) -> None:
    assert check(findings, "sms", f', from: "{sender}"') == wanted


def test_mail_and_phones_need_one_and_other_channels_do_not(findings: Findings) -> None:
    assert check(findings, "email", "") == ["HB302"]
    assert check(findings, "sms", "") == ["HB302"]
    assert check(findings, "push", "") == []
    assert check(findings, "push", ', from: "anyone"') == []
