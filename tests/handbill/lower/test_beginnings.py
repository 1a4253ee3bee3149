"""Variants that nobody can tell apart on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.diagnostics.diagnostic import Severity

if TYPE_CHECKING:
    from conftest import Configuration

CONTRACT = """
address: email
parts:
  subject: {kind: text, max: 150, lead: 10, required: true}
  html: {kind: html, required: true}
"""


def experiment(configuration: Configuration, first: str, second: str) -> Configuration:
    configuration.lay({"channels/email/channel.yaml": CONTRACT})
    return configuration.campaign(
        message=f'{{email: {{subject: "{first}", template: hello.html}}}}',
        experiment=f'{{variants: {{a: {{weight: 1}}, b: {{weight: 1, message: {{email: {{subject: "{second}"}}}}}}}}}}',
    )


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        ("Double points on all bread", "Double points on all wine", ["HB626"]),
        ("Double points on all bread", "Bread: double points", []),
        ("Double points on all bread", "Double points on all bread", []),
        ("Hello {{ customer.lifetime_orders }} x", "Hello {{ customer.lifetime_orders }} y", []),
        ("Today only: {{ customer.lifetime_orders }}", "Today only: 10% off", ["HB625", "HB626"]),
        ("Short", "Shorter", []),
    ],
)
def test_codes(configuration: Configuration, first: str, second: str, codes: list[str]) -> None:
    assert sorted(experiment(configuration, first, second).compile().codes) == codes


def test_it_names_both_and_points_at_the_second(configuration: Configuration) -> None:
    finding = (
        experiment(configuration, "Double points: bread", "Double points: wine").compile().only()
    )
    assert finding.severity is Severity.WARNING
    assert (
        "the variants `a` and `b` begin with the same 10 characters of their subject"
        in finding.message
    )
    assert finding.range is not None and finding.range.line == 6
