"""A tenant is released whole or not at all, as one object that links its plans and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbill.plan.canonical import canonical_bytes, decode_object, digest_of

if TYPE_CHECKING:
    from conftest import Configuration

OWN = "tenants/fresh-fields/schemas/customer.schema.json"


def test_the_tenant_object(configuration: Configuration) -> None:
    outcome = configuration.campaign("second", status="paused").compile()
    tenant = outcome.tenant()
    assert (tenant.name, tenant.display_name) == ("fresh-fields", "Fresh Fields Market")
    assert (tenant.locale, tenant.timezone) == ("en-US", "America/New_York")
    assert tenant.postal_address == "12 Orchard Way, Albany NY 12207"
    assert tenant.seeds == ("email:qa@handbill.example",)
    assert tenant.channels == tuple(sorted(outcome.compiled.release.release.channels))
    assert "promotions" in tenant.categories
    assert list(tenant.plans) == ["hello", "second"]
    assert list(tenant.datasets) == ["customers", "stores"]
    assert outcome.table().rows[0] == ("ff-albany-1", "Madison Avenue", "Albany")


def test_categories_of_every_layer(configuration: Configuration) -> None:
    before = configuration.compile().tenant().categories
    path = configuration.folder / "tenants/fresh-fields/tenant.yaml"
    own = path.read_text(encoding="utf-8") + "categories: {wine_club: {class: marketing}}\n"
    tenant = configuration.lay({"tenants/fresh-fields/tenant.yaml": own}).compile().tenant()
    assert tenant.categories == tuple(sorted({*before, "wine_club"}))


def test_a_pack_is_exactly_what_its_root_links(configuration: Configuration) -> None:
    compiled = configuration.compile().compiled
    assert compiled.release is not None
    root = compiled.release.release.tenants["fresh-fields"]
    pack = compiled.release.packs[root]
    tenant = decode_object(pack[root])
    linked = {root, *tenant.plans.values()}  # type: ignore[union-attr]
    linked |= {each.table for each in tenant.datasets.values() if each.table}  # type: ignore[union-attr]
    assert pack.keys() == linked
    for digest, data in pack.items():
        assert digest_of(data) == digest
        assert canonical_bytes(decode_object(data)) == data


def test_one_mistake_anywhere_leaves_the_tenant_out(configuration: Configuration) -> None:
    for files in (
        {"tenants/fresh-fields/data/stores.csv": "id,name\na\n"},
        {OWN: "{"},
        {"tenants/fresh-fields/templates/hello.html": b"\xff"},
        {"tenants/fresh-fields/campaigns/other.yaml": "status: draft\n"},
    ):
        before = {
            path: (configuration.folder / path).read_bytes()
            if (configuration.folder / path).exists()
            else None
            for path in files
        }
        outcome = configuration.lay(files).compile()
        assert outcome.findings
        assert {each.tenant for each in outcome.findings if each.code != "HB302"} <= {
            "fresh-fields"
        }
        assert outcome.compiled.release.failed == ("fresh-fields",)
        configuration.lay(before)
    assert configuration.compile().findings == ()


def test_a_field_that_the_tenant_adds(configuration: Configuration) -> None:
    configuration.lay({OWN: '{"type": "object", "properties": {"club": {"type": "boolean"}}}'})
    plan = configuration.campaign(audience="customer.club | default(false)").compile().plan()
    assert ("club",) in [need.path for need in plan.fields]


def test_a_tenant_without_campaigns_is_released(configuration: Configuration) -> None:
    outcome = configuration.lay({"tenants/fresh-fields/campaigns/hello.yaml": None}).compile()
    assert outcome.tenant().plans == {}
