"""What an author reads: code, place, words, and what to type next."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handbill.diagnostics.diagnostic import Diagnostic

Findings = Callable[[str, str], list[Diagnostic]]
CAMPAIGN = "tenants/ff/campaigns/a.yaml"


@pytest.mark.parametrize(
    ("text", "code", "place", "hint"),
    [
        ("stauts: active", "HB301", (1, 1), "did you mean `status`?"),
        ("subject: 'x'", "HB301", (1, 1), "it belongs below `message.email` or `experiment.variants.NAME.message.email`"),
        ("trigger: {at: publish, why: 1}", "HB301", (1, 24), "fields here: at, timezone, missed and cron"),
        ("trigger: {timezone: tenant}", "HB308", (1, 1), 'trigger: {at: 2026-12-05T10:00} or {cron: "0 8 * * WED"}'),
        ("trigger: {at: publish, cron: '0 8 * * *'}", "HB308", (1, 24), "keep one of them"),
        ("trigger: daily", "HB303", (1, 10), "trigger: {at: 2026-12-05T10:00}"),
        ("status: actve", "HB304", (1, 9), "status: active"),
        ("status: live", "HB304", (1, 9), None),
        ("expires: 3d", "HB305", (1, 10), "expires: 3 days"),
        ("audience: 5", "HB303", (1, 11), "audience: customer.lifetime_orders >= 2"),
        ("audience: ''", "HB307", (1, 11), "write a text, or delete the line"),
        ("audience: {limit: 0}", "HB306", (1, 19), "limit: 1"),
        ("audience: {limit: '5'}", "HB303", (1, 19), "limit: 5"),
        ("audience: {limit: 5.5}", "HB303", (1, 19), "limit: NUMBER"),
        ("tags: [a, 5]", "HB219", (1, 11), '"5"'),
        ("owner: 0123", "HB219", (1, 8), 'owner: "0123"'),
        ("owner: true", "HB219", (1, 8), 'owner: "true"'),
        ("owner: " + "x" * 2_001, "HB307", (1, 8), "shorten it"),
        ("locales: []", "HB307", (1, 10), "locales: [en-US]"),
        ("experiment: {variants: {a: {weight: 1}}}", "HB307", (1, 24), "add one, or delete the field"),
        ("was: [Old Name]", "HB305", (1, 7), "old-name"),
        ("audience: {exclude: {Not These: 'x'}}", "HB309", (1, 22), "not-these:"),
        ("offer: [{when: customer.x}]", "HB302", (1, 9), "use: spring-sale"),
        ("message: {email: 5}", "HB303", (1, 18), 'email: {subject: "Double points this weekend"}'),
        ("message: {fax: {body: 'x'}}", "HB301", (1, 11), "fields here: email, push and sms"),
        ("message: {push: {priority: low}}", "HB304", (1, 28), None),
        ("message: {push: {ttl: 99999999}}", "HB306", (1, 23), "ttl: 86400"),
    ],
)  # fmt: skip
def test_one_mistake(
    findings: Findings, text: str, code: str, place: tuple[int, int], hint: str
) -> None:
    (found,) = findings(CAMPAIGN, text)
    assert found.range
    assert (found.code, (found.range.line, found.range.column), found.hint) == (code, place, hint)
    assert found.tenant == "ff"


def test_several_mistakes_in_the_order_of_the_text(findings: Findings) -> None:
    found = findings(CAMPAIGN, "stats: active\nexpires: 3d\nmessage: {sms: {text: 'x'}}\n")
    assert [one.code for one in found] == ["HB301", "HB305", "HB301"]


def test_a_misspelt_field_is_not_also_missing(findings: Findings) -> None:
    found = findings("tenants/ff/audiences/a.yaml", "inclde: customer.x")
    assert [(one.code, one.hint) for one in found] == [("HB301", "did you mean `include`?")]


def test_a_missing_field_is_told_at_the_head(findings: Findings) -> None:
    (found,) = findings("tenants/ff/audiences/a.yaml", "description: Some")
    assert (found.code, str(found.range)) == ("HB302", "tenants/ff/audiences/a.yaml:1:1")
    assert found.message == "this file needs `include`: an expression"


def test_a_name_without_a_parser_still_says_its_rule(findings: Findings) -> None:
    text = 'reward: {points: 5}\nvalid: {for: 1 day}\nsummary: {english: "x"}\nterms: "y"'
    (found,) = findings("tenants/ff/offers/a.yaml", text)
    assert (found.code, found.hint) == ("HB309", "LANGUAGE-REGION:")
