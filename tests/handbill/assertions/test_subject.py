"""What tests run on: every plan of a tenant, also of what is not released yet."""

from __future__ import annotations

from tested_shop import Shop

CAMPAIGN = """
category: promotions
status: {status}
trigger: {{at: 2026-12-05T10:00}}
audience: everyone
message: {{email: {{subject: "Hi", template: hello.html}}}}
"""


def test_drafts_and_paused_campaigns_are_there(shop: Shop) -> None:
    for status in ("draft", "paused"):
        shop.write(f"tenants/fresh-fields/campaigns/{status}.yaml", CAMPAIGN.format(status=status))
    subject = shop.subjects()["fresh-fields"]
    assert set(subject.plans) == {"hello", "draft", "paused"}
    assert "draft" not in subject.tenant.plans
    besides = subject.released_besides("hello")
    assert [plan.campaign for plan in besides] == ["paused"]
    assert set(subject.channels) == {"email", "sms"}
    assert len(subject.tables) == 1


def test_what_to_type_for_a_campaign_that_is_not_there(shop: Shop) -> None:
    subject = shop.subjects()["fresh-fields"]
    assert subject.unknown_campaign("helo") == "did you mean `hello`?"
    assert subject.unknown_campaign("xyz") == "campaigns: hello"


def test_a_tenant_with_errors_is_not_there(shop: Shop) -> None:
    shop.write("tenants/fresh-fields/campaigns/bad.yaml", "category: nothing\n")
    assert shop.subjects() == {}
