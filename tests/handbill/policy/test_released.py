from __future__ import annotations

from policy_world import HELLO, campaign, compiled

from handbill.policy.released import each_plan


def test_drafts_are_among_the_plans() -> None:
    files = {HELLO.replace("hello", "later"): campaign(subject="Later", status="draft")}
    release = compiled(files).release
    assert release is not None
    found = dict(each_plan(release))
    assert {key[1]: each.status for key, each in found.items()} == {
        "hello": "active",
        "later": "draft",
    }
    assert set(found["fresh-fields", "hello"].channels) == {"email", "sms"}
