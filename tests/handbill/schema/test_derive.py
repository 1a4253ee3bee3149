"""Hints keep what was written: the right form of the same value, or a form without a value."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Hints = Callable[[str, str], list[str | None]]
CAMPAIGN = "tenants/ff/campaigns/a.yaml"
OFFER = "tenants/ff/offers/a.yaml"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("reentry: 30 days", "reentry: {after: 30 days}"),
        ("reentry: 30", "reentry: {after: 30 days}"),
        ("expires: 7 jours", "expires: 7 days"),
        ("expires: 7", "expires: 7 days"),
        ("experiment: {variants: {a: {weight: 50%}, b: {weight: 1}}}", "weight: 50"),
        ("experiment: {variants: {a: {weight: half}, b: {weight: 1}}}", "weight: NUMBER"),
        ("limits: {per_customer: 2/week}", "per_customer: 2 per 7 days"),
        ("limits: {per_customer: 2}", "per_customer: 2 per N days"),
        ("limits: {per_customer: often}", "per_customer: N per N days"),
        ('limits: {quiet_hours: "21:00-08:00"}', 'quiet_hours: {sms: "21:00-08:00"}'),
        ("locales: en-CA", "locales: [en-CA]"),
        ("priority: high", "priority: NUMBER"),
        ("holdout: 5", "holdout: 5%"),
    ],
)
def test_campaign_hints(hints: Hints, text: str, hint: str) -> None:
    assert hints(CAMPAIGN, text) == [hint]


@pytest.mark.parametrize(
    ("written", "hint"),
    [("$5", "amount: 5"), ("5 $", "amount: 5"), ("4,50 €", "amount: 4.50"), ("some", "amount: NUMBER")],
)  # fmt: skip
def test_amounts(hints: Hints, written: str, hint: str) -> None:
    text = f'reward: {{amount: "{written}"}}\nvalid: {{for: 7 days}}\nsummary: "a"\nterms: "b"\n'
    assert hints(OFFER, text) == [hint]


def test_reentry_is_not_only_never_or_always(findings: Callable[[str, str], list[object]]) -> None:
    (found,) = findings(CAMPAIGN, "reentry: 30 days")
    assert "never, always or a block with after" in str(found)


def test_a_priority_says_its_range(findings: Callable[[str, str], list[object]]) -> None:
    (found,) = findings(CAMPAIGN, "priority: high")
    assert "a whole number from " in str(found)
