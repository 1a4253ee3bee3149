from __future__ import annotations

from policy_world import PLATFORM, TENANT, another_shop, compiled, platform, tenant_file

from handbill.policy.owners import ownership_of

GROUP = "groups/harvest-co/group.yaml"
OWNED = {
    PLATFORM: platform(more='owners: ["@shop/platform"]\n'),
    GROUP: 'name: Harvest Co\nowners: ["@harvest/marketing"]\n',
    TENANT: tenant_file("group: harvest-co\n"),
    **another_shop('owners: ["@ann", "@corner/shop"]\n'),
}


def test_a_tenant_has_its_own_owners_or_its_groups() -> None:
    owners = ownership_of(compiled(OWNED).documents)
    assert owners.of_tenant("corner-shop").by == ("@ann", "@corner/shop")
    assert owners.of_tenant("fresh-fields").by == ("@harvest/marketing",)
    place = owners.of_tenant("fresh-fields").place
    assert place is not None and place.file == GROUP


def test_else_the_platforms() -> None:
    owners = ownership_of(compiled({**OWNED, TENANT: tenant_file()}).documents)
    assert owners.of_tenant("fresh-fields").by == ("@shop/platform",)
    assert owners.of_tenant("fresh-fields").name == "tenant fresh-fields"
    assert owners.of_tenant("nobody").by == ("@shop/platform",)


def test_paths_belong_to_folders_and_all_else_to_the_platform() -> None:
    owners = ownership_of(compiled(OWNED).documents)
    assert owners.of_path("tenants/corner-shop/data/stores.csv").name == "tenant corner-shop"
    assert owners.of_path("groups/harvest-co/campaigns/a.yaml").by == ("@harvest/marketing",)
    for path in ("README.md", "channels/email/channel.yaml", "tenants/new/tenant.yaml"):
        assert owners.of_path(path).name == "the platform"


def test_without_any_nobody_is_asked() -> None:
    owners = ownership_of(compiled({}).documents)
    assert owners.of_tenant("fresh-fields").by == () == owners.of_path("README.md").by
    assert ownership_of(None).platform.by == ()
