from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.model import ResolvedRepository

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
SALE = "tenants/green/campaigns/sale.yaml"
OFFER = "reward: {points: 100}\nvalid: {for: 7 days}\nsummary: 'Points'\nterms: 'All.'"


def refused(outcome: Outcome) -> list[tuple[str, str]]:
    return [(each.code, str(each.range)) for each in outcome[1]]


def test_categories_of_all_layers_may_be_used(resolve: Resolve, sale: str, tenant: str) -> None:
    added = {"tenants/green/tenant.yaml": tenant + "categories: {tastings: {class: marketing}}\n"}
    text = sale.replace("promotions", "tastings")
    repository, found = resolve({**added, SALE: text})
    assert not found
    category = repository.tenants["green"].campaigns["sale"].category
    assert category.class_ == "marketing"
    assert refused(resolve({SALE: text})) == [("HB431", f"{SALE}:1:11")]


def test_a_transactional_campaign_carries_no_offer(resolve: Resolve, sale: str) -> None:
    files = {"tenants/green/offers/points.yaml": OFFER}
    text = sale + "offer: points\n"
    assert not resolve({**files, SALE: text})[1]
    service = text.replace("promotions", "service")
    assert refused(resolve({**files, SALE: service})) == [("HB437", f"{SALE}:7:1")]


def test_each_offer_of_a_choice_must_be_there(resolve: Resolve, sale: str) -> None:
    text = sale + "offer: [{when: customer.b, use: points}, {use: nothing}]\n"
    outcome = resolve({"tenants/green/offers/points.yaml": OFFER, SALE: text})
    assert refused(outcome) == [("HB433", f"{SALE}:7:48")]


def test_offers_are_looked_for_nearest_first(resolve: Resolve, sale: str) -> None:
    text = sale + "offer: points\n"
    group = {"groups/harvest/offers/points.yaml": OFFER}
    own = {"tenants/green/offers/points.yaml": OFFER}

    def root(files: dict[str, str]) -> str:
        repository, found = resolve({**files, SALE: text})
        assert not found
        variants = repository.tenants["green"].campaigns["sale"].variants
        return variants["only"].offers["points"].root

    assert root(group) == "groups/harvest"
    assert root({**group, **own}) == "tenants/green"


def test_a_blueprints_offers_are_for_its_instances(resolve: Resolve, sale: str) -> None:
    outcome = resolve({SALE: sale + "offer: comeback\n"})
    assert refused(outcome) == [("HB433", f"{SALE}:7:8")]


def test_audiences_are_followed_through_the_files_they_lead_to(resolve: Resolve, sale: str) -> None:
    text = sale.replace("audience: everyone", "audience: audiences.lapsed")
    outcome = resolve({"audiences/new.yaml": "include: audiences.newest", SALE: text})
    assert refused(outcome) == [("HB432", "audiences/new.yaml:1:20")]


def test_audiences_that_lead_to_each_other_end(resolve: Resolve, sale: str) -> None:
    text = sale.replace("audience: everyone", "audience: audiences.lapsed")
    assert not resolve({"audiences/new.yaml": "include: audiences.lapsed", SALE: text})[1]


def test_every_rule_of_a_campaign_is_looked_through(resolve: Resolve, sale: str) -> None:
    text = sale.replace(
        "audience: everyone",
        "audience: {include: everyone, exclude: {a: audiences.x}, rank: audiences.y, limit: 5}",
    )
    text += "offer: [{when: audiences.z, use: points}, {use: points}]\n"
    outcome = resolve({"tenants/green/offers/points.yaml": OFFER, SALE: text})
    names = {each.message for each in outcome[1]}
    assert names == {f"there is no audience `{name}`" for name in "xyz"}
