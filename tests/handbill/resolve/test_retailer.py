from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.model import ResolvedRepository

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
GROUP = "groups/harvest/group.yaml"
TENANT = "tenants/green/tenant.yaml"


def refused(outcome: Outcome) -> list[tuple[str, str]]:
    return [(each.code, str(each.range)) for each in outcome[1]]


def test_brand_and_categories_come_from_every_layer(resolve: Resolve, tenant: str) -> None:
    group = (
        "name: Harvest\nbrand: {colors: {primary: '#111', text: '#222'}, link_domains: [a.example]}"
    )
    text = tenant.replace("brand: {", "brand: {colors: {primary: '#333'}, ")
    repository, found = resolve({GROUP: group, TENANT: text})
    assert not found
    green = repository.tenants["green"]
    brand = green.document.brand
    assert brand is not None
    assert brand.colors == {"primary": "#333", "text": "#222"}
    assert brand.link_domains == ["green.example"]
    assert str(green.traced.range(("brand", "colors", "text"))) == f"{GROUP}:2:41"
    assert [str(each.layer) for each in green.traced.history(("brand", "link_domains"))] == [
        "group",
        "tenant",
    ]


def test_a_categorys_sender_may_be_the_tenants(resolve: Resolve, tenant: str, sale: str) -> None:
    repository, found = resolve(
        {
            TENANT: tenant + "categories: {service: {channels: {email: {provider: mail-tx}}}}\n",
            "tenants/green/campaigns/sale.yaml": sale.replace("promotions", "service"),
        }
    )
    assert not found
    category = repository.tenants["green"].campaigns["sale"].category
    assert category.class_ == "transactional"
    assert category.channels is not None
    sender = category.channels["email"]
    assert sender is not None and sender.provider == "mail-tx"
    assert category.quiet_hours is None


def test_the_class_of_a_platforms_category_stays(resolve: Resolve, tenant: str) -> None:
    outcome = resolve({TENANT: tenant + "categories: {service: {class: marketing}}\n"})
    assert refused(outcome) == [("HB417", f"{TENANT}:12:24")]
    assert str(outcome[1][0].related[0].range) == "handbill.yaml:4:13"


def test_a_category_that_nobody_declared_needs_a_class(resolve: Resolve, tenant: str) -> None:
    text = tenant + "categories: {servise: {channels: {email: {provider: mail-tx}}}}\n"
    outcome = resolve({TENANT: text})
    assert refused(outcome) == [("HB431", f"{TENANT}:12:14")]
    assert outcome[1][0].hint == "did you mean `service`?"


def test_what_the_law_asks_for_may_stand_in_either_file(resolve: Resolve, tenant: str) -> None:
    start, end = tenant.index("brand:"), tenant.index("channels:")
    bare = tenant[:start] + tenant[end:]
    outcome = resolve({TENANT: bare})
    assert refused(outcome) == [("HB436", f"{TENANT}:1:1")] * 2
    brand = "brand: {postal_address: '1 Plaza', link_domains: [a.example]}"
    assert not resolve({TENANT: bare, GROUP: f"name: Harvest\n{brand}"})[1]


def test_a_groups_lock_closes_the_tenants_file(resolve: Resolve) -> None:
    lock = "name: Harvest\nlock: [brand.link_domains, holdout]\n"
    outcome = resolve({GROUP: lock})
    assert refused(outcome) == [("HB411", f"{TENANT}:6:59")]
    assert outcome[0].failed == {"green"}


def test_a_tenant_without_a_group_has_two_layers(resolve: Resolve, tenant: str) -> None:
    text = tenant.replace("group: harvest\n", "")
    repository, _ = resolve({TENANT: text, "tenants/green/campaigns/winback.yaml": "uses: winback"})
    green = repository.tenants["green"]
    assert green.group is None
    assert green.campaigns["winback"].params["discount"] == 5
