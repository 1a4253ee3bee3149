from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.model import ResolvedRepository
from handbill.resolve.named import Shelves, expressions_of

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]


def test_shelves_are_searched_nearest_first() -> None:
    assert Shelves("t", "g", "b").roots == ("tenants/t", "groups/g", "blueprints/b", "")
    assert Shelves("t", None).roots == ("tenants/t", "")


def test_the_nearest_audience_of_a_name_counts(resolve: Resolve) -> None:
    texts = {
        "audiences/lapsed.yaml": "include: customer.platform",
        "blueprints/winback/audiences/lapsed.yaml": "include: customer.blueprint",
        "groups/harvest/audiences/lapsed.yaml": "include: customer.harvest",
        "tenants/green/audiences/lapsed.yaml": "include: customer.green",
    }
    found = []
    for size in range(1, len(texts) + 1):
        repository, diagnostics = resolve(dict(list(texts.items())[:size]))
        assert not diagnostics
        campaign = repository.tenants["green"].campaigns["winback"]
        found.append(campaign.audiences["lapsed"].document.include)
    assert found == [
        "customer.platform",
        "customer.blueprint",
        "customer.harvest",
        "customer.green",
    ]


def test_a_blueprints_audiences_are_for_its_instances(resolve: Resolve) -> None:
    own = {"blueprints/winback/audiences/close.yaml": "include: customer.close"}
    tenant = resolve(own)[0].tenants["green"]
    assert "close" in tenant.campaigns["winback"].audiences
    assert "close" not in tenant.audiences


def test_an_audience_knows_where_its_expressions_stand(resolve: Resolve) -> None:
    file = "tenants/green/audiences/gold.yaml"
    text = "include: customer.gold\nexclude: {staff: customer.is_employee}"
    gold = resolve({file: text})[0].tenants["green"].audiences["gold"]
    assert [str(origin.range) for origin in expressions_of(gold)] == [
        f"{file}:1:10",
        f"{file}:2:18",
    ]
    assert str(gold.traced.text(("exclude", "staff")).range(9, 20)) == f"{file}:2:27"
