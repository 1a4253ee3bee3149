from __future__ import annotations

from policy_world import (
    HELLO,
    PLATFORM,
    TENANT,
    Change,
    another_shop,
    campaign,
    codes,
    platform,
    tenant_file,
)

from handbill.policy.scope import effects_of, shared_paths

GROUP = "groups/harvest-co/group.yaml"
BLUEPRINT = "blueprints/hi/blueprint.yaml"
HI = (
    "open: [with]\ncategory: promotions\ntrigger: {at: 2026-12-05T10:00}\naudience: everyone\n"
    'message:\n  email: {subject: "Hi", body: "<p>Hi</p>"}\n'
)
USES = {
    BLUEPRINT: HI,
    GROUP: "name: Harvest Co\n",
    TENANT: tenant_file("group: harvest-co\n"),
    HELLO: "uses: hi\nstatus: active\n",
    **another_shop(),
}
WORDS = {HELLO: campaign(subject="Triple points")}


def reached(change: Change) -> dict[str, tuple[str, ...]]:
    return {each.path: each.tenants for each in change.judged().reach}


def test_a_tenants_folder_is_its_own() -> None:
    change = Change(another_shop(), WORDS)
    assert codes(change.judged()) == []
    review = change.judged(changed=["tenants/corner-shop/campaigns/news.yaml"])
    assert codes(review) == [("HB706", "error")]
    assert review.diagnostics[0].tenant == "fresh-fields"
    assert codes(change.judged(changed=[])) == [("HB706", "error")]


def test_nothing_is_said_where_the_files_are_not_known() -> None:
    from handbill.policy.review import judge

    change = Change({}, WORDS)
    assert judge(change.diff, change.base, change.head).diagnostics == ()


def test_shared_edits_list_whom_they_reach() -> None:
    more = HI.replace("Hi", "Hello")
    assert reached(Change(USES, {BLUEPRINT: more})) == {BLUEPRINT: ("fresh-fields",)}
    limits = "name: Harvest Co\nlimits: {per_customer: 1 per 7 days}\n"
    assert reached(Change(USES, {GROUP: limits})) == {GROUP: ("fresh-fields",)}
    tight = platform(more="limits: {per_customer: 1 per 7 days}\n")
    assert reached(Change(USES, {PLATFORM: tight})) == {PLATFORM: ("corner-shop", "fresh-fields")}


def test_a_shared_file_that_cannot_be_the_reason_excuses_nothing() -> None:
    change = Change({**USES, HELLO: campaign()}, WORDS)
    assert codes(change.judged(changed=[BLUEPRINT, "environments/staging.yaml"])) == [
        ("HB706", "error")
    ]
    assert codes(change.judged(changed=["channels/email/channel.yaml"])) == []


def test_only_what_is_released_is_shared() -> None:
    paths = [HELLO, "README.md", PLATFORM, "personas/ann.yaml", BLUEPRINT, BLUEPRINT]
    assert shared_paths(paths) == (BLUEPRINT, PLATFORM)


def test_effects_name_campaigns_and_tenants() -> None:
    seeds = tenant_file().replace("qa@handbill", "test@handbill")
    found = effects_of(Change({}, {TENANT: seeds}).diff)
    assert (dict(found.campaigns), found.tenants) == ({}, ("fresh-fields",))
    found = effects_of(Change({}, WORDS).diff)
    assert dict(found.campaigns) == {"fresh-fields": ("hello",)}


def test_the_tenant_itself_can_be_out_of_reach() -> None:
    seeds = tenant_file().replace("qa@handbill", "test@handbill")
    review = Change({}, {TENANT: seeds}).judged(changed=["tenants/other/tenant.yaml"])
    assert codes(review) == [("HB706", "error")]
    assert "the tenant `fresh-fields`" in review.diagnostics[0].message
