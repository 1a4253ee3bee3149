from __future__ import annotations

import datetime

from policy_world import PLATFORM, campaign, plan, platform

from handbill.policy.plan_values import READ_AT_ONCE, READINGS, plan_values
from handbill.policy.vocabulary import PLAN, PLAN_RECORD

EVERYTHING = [(PLAN, name) for name in PLAN_RECORD.fields]
HELLO = "tenants/fresh-fields/campaigns/hello.yaml"


def values(text: str, **files: str) -> dict[str, object]:
    found = plan_values(plan({HELLO: text, **files}), EVERYTHING)
    return {path[1]: value for path, value in found.items()}


def test_every_field_of_the_record_has_a_value() -> None:
    assert set(READINGS) | READ_AT_ONCE == set(PLAN_RECORD.fields)
    assert set(values(campaign())) == set(PLAN_RECORD.fields)


def test_a_mail_to_some() -> None:
    found = values(campaign(more="priority: 70\nends: 2026-12-20T00:00\n"))
    assert (found["tenant"], found["campaign"], found["status"]) == (
        "fresh-fields",
        "hello",
        "active",
    )
    assert (found["category"], found["class"], found["priority"]) == ("promotions", "marketing", 70)
    assert (found["channels"], found["locales"], found["variants"]) == (("email",), ("en-US",), 1)
    assert found["subject_length"] == len("Double points this weekend")
    assert (found["sms_segments"], found["push_bytes"]) == (0, 0)
    assert isinstance(found["html_kb"], int) and found["html_kb"] >= 1
    assert (found["everyone"], found["exclusions"], found["limit"]) == (False, (), None)
    assert (found["trigger"], found["recurring"], found["timezone"]) == ("at", False, "customer")
    assert found["sends_on"] == datetime.date(2026, 12, 5)
    assert (found["starts"], found["ends"]) == (None, datetime.date(2026, 12, 20))
    assert "lifetime_orders" in found["fields"]  # type: ignore[operator]
    assert (found["deliver"], found["expires_hours"], found["reentry"]) == ("first", 24, "never")


def test_texts_on_a_schedule() -> None:
    text = campaign(
        audience="everyone",
        trigger='{cron: "0 10 * * WED", timezone: tenant, missed: skip}',
        more="reentry: {after: 30 days}\nlimits: {per_customer: 1 per 2 days}\nholdout: 5%\n"
        "expires: 90 minutes\n",
        message='  sms: {body: "' + "a text that takes more than one segment " * 5 + '"}\n',
    )
    holdout = platform(more="holdout: 2.5%\n")
    found = values(text, **{PLATFORM: holdout})
    assert (found["sms_segments"], found["subject_length"], found["html_kb"]) == (2, 0, 0)
    assert (found["trigger"], found["recurring"], found["timezone"]) == ("cron", True, "tenant")
    assert (found["missed"], found["reentry"], found["sends_on"]) == ("skip", "after", None)
    assert (found["holdout"], found["campaign_holdout"]) == (25_000, 50_000)  # 4 decimals
    assert (found["caps"], found["expires_hours"]) == (1, 2)
    assert found["everyone"] is True


def test_an_exclusion_or_a_limit_leaves_somebody_out() -> None:
    excluded = "\n  include: everyone\n  exclude: {few: customer.lifetime_orders < 3}"
    assert values(campaign(audience=excluded))["everyone"] is False
    assert values(campaign(audience=excluded))["exclusions"] == ("few",)
    limited = values(campaign(audience="\n  include: everyone\n  limit: 100"))
    assert (limited["everyone"], limited["limit"]) == (False, 100)


def test_offers_and_publish() -> None:
    offer = 'reward: {percent: 10}\nvalid: {for: 7 days}\nsummary: "10%"\nterms: "In all stores"\n'
    files = {"tenants/fresh-fields/offers/ten.yaml": offer}
    found = values(campaign(trigger="{at: publish}", more="offer: ten\n"), **files)
    assert (found["offers"], found["trigger"], found["missed"]) == (("ten",), "publish", "late")


def test_drafts_have_a_status_of_their_own() -> None:
    assert values(campaign(status="draft"))["status"] == "draft"
    assert values(campaign(status="paused"))["status"] == "paused"
