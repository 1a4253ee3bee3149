from __future__ import annotations

from policy_world import HELLO, PLATFORM, another_shop, campaign, compiled, platform

from handbill.policy.check import check_policies, policies_of


def test_each_level_has_its_weight() -> None:
    policies = [
        "{name: a, when: plan.everyone, level: deny}",
        "{name: b, when: plan.everyone, level: warn}",
        '{name: c, when: plan.everyone, level: approve, by: ["@ann", "@bob"]}',
        "{name: d, when: not plan.everyone, level: deny}",
        "{name: e, when: change.kind == 'changed', level: deny}",
    ]
    made = compiled({PLATFORM: platform(*policies), HELLO: campaign("everyone")})
    found = check_policies(made)
    assert [(each.code, each.severity.value) for each in found] == [
        ("HB700", "error"),
        ("HB701", "warning"),
        ("HB702", "note"),
    ]
    assert {str(each.range) for each in found} == {f"{HELLO}:4:11"}
    assert found[2].hint == "a change of this campaign needs one of @ann, @bob"
    assert all(each.tenant == "fresh-fields" and each.related for each in found)


def test_nothing_is_asked_without_policies() -> None:
    assert check_policies(compiled({})) == ()


def test_a_broken_platform_is_told_elsewhere() -> None:
    made = compiled({PLATFORM: "categories: {}\n"})
    assert policies_of(made) == ((), ())
    assert check_policies(made) == ()


def test_every_tenant_is_asked() -> None:
    policies = platform("{name: a, when: plan.priority == 50, level: warn}")
    found = check_policies(compiled({PLATFORM: policies, **another_shop()}))
    assert [each.tenant for each in found] == ["corner-shop", "fresh-fields"]


def test_only_what_concerns_is_asked() -> None:
    policies = platform("{name: a, when: plan.priority == 50, level: warn}")
    made = compiled({PLATFORM: policies, **another_shop()})
    asked = check_policies(made, lambda file: file.startswith("tenants/corner-shop/"))
    assert [each.tenant for each in asked] == ["corner-shop"]
    assert len(check_policies(made, lambda file: file == PLATFORM)) == 2
