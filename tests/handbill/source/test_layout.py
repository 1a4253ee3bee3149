"""The folder decides what a file is and whose it is."""

from __future__ import annotations

import pytest

from handbill.source.layout import (
    DocumentKind,
    classify,
    is_readable_root,
    misspelt_folder,
    tenant_of,
)


@pytest.mark.parametrize(
    ("path", "kind", "name", "root"),
    [
        ("handbill.yaml", "platform", "platform", ""),
        ("environments/staging.yaml", "environment", "staging", ""),
        ("channels/sms/channel.yaml", "channel", "sms", "channels/sms"),
        ("channels/sms/twilio.yaml", "vendor", "twilio", "channels/sms"),
        ("channels/email/templates/base.html", "template", "base.html", "channels/email"),
        ("blueprints/winback/blueprint.yaml", "blueprint", "winback", "blueprints/winback"),
        ("blueprints/winback/offers/comeback.yaml", "offer", "comeback", "blueprints/winback"),
        ("groups/harvest/group.yaml", "group", "harvest", "groups/harvest"),
        ("groups/harvest/campaigns/recall.yaml", "campaign", "recall", "groups/harvest"),
        ("tenants/ff/tenant.yaml", "tenant", "ff", "tenants/ff"),
        ("tenants/ff/campaigns/winback.yaml", "campaign", "winback", "tenants/ff"),
        ("tenants/ff/offers/ten_off.yaml", "offer", "ten_off", "tenants/ff"),
        ("tenants/ff/audiences/lapsed.yaml", "audience", "lapsed", "tenants/ff"),
        ("tenants/ff/templates/a/b.es-US.html", "template", "a/b.es-US.html", "tenants/ff"),
        ("tenants/ff/assets/logo.png", "asset", "logo.png", "tenants/ff"),
        ("tenants/ff/data/stores.csv", "table", "stores.csv", "tenants/ff"),
        ("tenants/ff/schemas/customer.schema.json", "vocabulary", "customer", "tenants/ff"),
        ("schemas/data/stores.schema.json", "vocabulary", "data/stores", ""),
        ("schemas/events/order.placed.schema.json", "vocabulary", "events/order.placed", ""),
        ("tenants/ff/tests/sale.yaml", "test", "sale", "tenants/ff"),
        ("tenants/ff/tests/snapshots/sale/ann.txt", "snapshot", "sale/ann.txt", "tenants/ff"),
        ("personas/newcomer.yaml", "persona", "newcomer", ""),
        ("fields.yaml", "fields", "fields", ""),
        ("groups/harvest/fields.yaml", "fields", "fields", "groups/harvest"),
        ("tenants/ff/fields.yaml", "fields", "fields", "tenants/ff"),
        ("templates/footer.html", "template", "footer.html", ""),
        ("assets/logo.svg", "asset", "logo.svg", ""),
        ("audiences/everyone_else.yaml", "audience", "everyone_else", ""),
    ],
)
def test_known_places(path: str, kind: str, name: str, root: str) -> None:
    place = classify(path)
    assert place is not None
    assert (place.kind, place.name, place.root) == (DocumentKind(kind), name, root)


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "pyproject.yaml",
        "tenants/ff/README.md",
        "tenants/ff/campaigns/Sale.yaml",
        "tenants/ff/campaigns/deep/sale.yaml",
        "tenants/Fresh Fields/tenant.yaml",
        "tenants/ff/.hidden/x.yaml",
        "tenants/ff/tests/deep/sale.yaml",
        "tenants/ff/tests/snapshots/sale.txt",
        "groups/harvest/tests/sale.yaml",
        "blueprints/winback/fields.yaml",
        "tenants/ff",
        "schemas/events/order..placed.schema.json",
        "schemas/documents/campaign.schema.json",
        "schemas/plan.schema.json",
        "schemas/diff.schema.json",
        "groups/harvest/data/stores.csv",
        "blueprints/winback/campaigns/x.yaml",
        "a//b.yaml",
    ],
)
def test_other_files_are_not_read(path: str) -> None:
    assert classify(path) is None


def test_a_place_knows_its_one_owner() -> None:
    owners = {
        path: classify(path)
        for path in ("tenants/a/tenant.yaml", "groups/a/group.yaml", "channels/a/channel.yaml")
    }
    found = {
        path: (place.tenant, place.group, place.channel, place.blueprint)
        for path, place in owners.items()
        if place
    }
    assert found == {
        "tenants/a/tenant.yaml": ("a", None, None, None),
        "groups/a/group.yaml": (None, "a", None, None),
        "channels/a/channel.yaml": (None, None, "a", None),
    }


def test_which_kinds_are_yaml() -> None:
    assert {kind for kind in DocumentKind if not kind.is_yaml} == {
        DocumentKind.VOCABULARY,
        DocumentKind.TEMPLATE,
        DocumentKind.ASSET,
        DocumentKind.TABLE,
        DocumentKind.SNAPSHOT,
    }


def test_which_kinds_reach_no_customer() -> None:
    assert {kind for kind in DocumentKind if not kind.is_released} == {
        DocumentKind.TEST,
        DocumentKind.PERSONA,
        DocumentKind.SNAPSHOT,
    }


def test_the_tenant_of_a_path() -> None:
    assert tenant_of("tenants/ff/campaigns/sale.yaml") == "ff"
    assert tenant_of("tenants/ff") is None
    assert tenant_of("groups/ff/group.yaml") is None


def test_where_odd_files_matter() -> None:
    assert is_readable_root("tenants/x") and is_readable_root("handbill.yaml")
    assert not is_readable_root("docs/x.yaml")
    assert misspelt_folder("tenant") == "tenants"
    assert misspelt_folder("tests") is None
    assert misspelt_folder("tenants") is None
