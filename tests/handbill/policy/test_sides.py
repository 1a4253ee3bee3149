from __future__ import annotations

from policy_world import HELLO, PLATFORM, Change, campaign, platform

from handbill.diff.sides import OpenSide
from handbill.policy.sides import Sides

OLD = "{name: a, when: plan.everyone, level: deny}"
LOOSE = "{name: a, when: plan.everyone and plan.priority > 90, level: warn}"
NEW = "{name: b, when: plan.priority > 90, level: warn}"


def sides(before: str, after: str) -> Sides:
    change = Change({PLATFORM: before}, {PLATFORM: after})
    return Sides(change.base, change.head)


def test_a_change_is_not_judged_by_what_it_loosens() -> None:
    found = sides(platform(OLD), platform(NEW, LOOSE)).policies
    assert [(each.name, each.level) for each in found] == [("a", "deny"), ("b", "warn")]
    assert found[0].when == "plan.everyone"
    assert found[0].range.line == 6, "shown where head has it"


def test_limits_are_the_bases() -> None:
    loose = "review: {audience_growth: 900, removals: 0}\n"
    limits = sides(platform(more="review: {removals: 0}\n"), platform(more=loose)).limits
    assert (limits.growth, limits.removals, limits.strict) == (100, 0, False)


def test_approvers_are_the_platforms_where_none_are_named() -> None:
    owners = 'owners: ["@shop/platform"]\n'
    assert sides(platform(more=owners), platform()).limits.by == ("@shop/platform",)
    named = owners + 'review: {by: ["@ann"]}\n'
    assert sides(platform(more=named), platform()).limits.by == ("@ann",)


def test_of_a_store_only_plans_are_known() -> None:
    change = Change(
        {}, {PLATFORM: platform(OLD, more='owners: ["@ann"]\n'), HELLO: campaign("everyone")}
    )
    base = change.base
    stored = OpenSide(base.about, base.release, base.packs)
    found = Sides(stored, change.head)
    assert [each.name for each in found.policies] == ["a"]
    assert found.ownership.platform.by == ("@ann",)
    assert found.plan("fresh-fields", "hello") is not None
    assert found.plan("fresh-fields", "unknown") is None
    assert len(found.repositories) == 1


def test_a_plan_is_heads_then_bases() -> None:
    second = HELLO.replace("hello", "second")
    change = Change(
        {second: campaign(subject="Again")},
        {second: None, HELLO: campaign("everyone", status="draft")},
    )
    found = Sides(change.base, change.head)
    draft = found.plan("fresh-fields", "hello")
    assert draft is not None and draft.status == "draft"
    gone = found.plan("fresh-fields", "second")
    assert gone is not None and gone.status == "active"
