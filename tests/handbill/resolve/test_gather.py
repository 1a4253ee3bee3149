from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.model import ResolvedRepository

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
WINBACK = "tenants/green/campaigns/winback.yaml"
GROUP = "groups/harvest/group.yaml"


def test_a_blueprint_that_is_not_there_is_refused_at_its_name(resolve: Resolve) -> None:
    _, (found,) = resolve({WINBACK: "uses: winbck"})
    assert (found.code, str(found.range)) == ("HB430", f"{WINBACK}:1:7")
    assert found.hint == "did you mean `winback`?"


def test_a_groups_defaults_obey_the_blueprint_too(resolve: Resolve) -> None:
    _, (found,) = resolve({GROUP: "name: Harvest\nblueprints: {winback: {window: '09:00-20:00'}}"})
    assert (found.code, str(found.range)) == ("HB410", f"{GROUP}:2:24")


def test_a_group_cannot_set_what_only_blueprints_and_campaigns_may(resolve: Resolve) -> None:
    _, (found,) = resolve({GROUP: "name: Harvest\nblueprints: {winback: {category: service}}"})
    assert (found.code, str(found.range)) == ("HB418", f"{GROUP}:2:24")
    assert found.message == "a group cannot set `category`"


def test_a_groups_lock_closes_its_members_campaigns(resolve: Resolve) -> None:
    _, (found,) = resolve(
        {
            GROUP: "name: Harvest\nlock: [audience.exclude]",
            WINBACK: "uses: winback\naudience: {exclude: {a: customer.b}}",
        }
    )
    assert (found.code, str(found.range)) == ("HB411", f"{WINBACK}:2:22")
    assert str(found.related[0].range) == f"{GROUP}:2:8"


def test_defaults_of_another_blueprint_are_not_this_campaigns(resolve: Resolve) -> None:
    repository, found = resolve(
        {
            GROUP: "name: Harvest\n"
            "blueprints: {other: {with: {discount: 20}}, winback: {with: {discount: 12}}}",
            "blueprints/other/blueprint.yaml": "category: promotions",
            WINBACK: "uses: winback",
        }
    )
    assert not found
    assert repository.tenants["green"].campaigns["winback"].params["discount"] == 12


def test_a_tenants_defaults_lie_over_its_groups(resolve: Resolve, tenant: str) -> None:
    defaults = "blueprints: {winback: {with: {discount: 20}, owner: crm}}\n"
    repository, found = resolve(
        {"tenants/green/tenant.yaml": tenant + defaults, WINBACK: "uses: winback"}
    )
    assert not found
    campaign = repository.tenants["green"].campaigns["winback"]
    assert (campaign.params["discount"], campaign.effective.owner) == (20, "crm")
    assert [str(each.layer) for each in campaign.traced.history(("with", "discount"))] == [
        "blueprint",
        "group",
        "tenant",
    ]
    assert "minors" in campaign.effective.audience.exclude


def test_defaults_for_a_blueprint_that_is_not_there_are_refused(resolve: Resolve) -> None:
    _, (found,) = resolve({GROUP: "name: Harvest\nblueprints: {winbak: {with: {discount: 12}}}"})
    assert (found.code, str(found.range)) == ("HB430", f"{GROUP}:2:14")
    assert found.hint == "did you mean `winback`?"


def test_a_trigger_is_the_blueprints_or_the_campaigns(resolve: Resolve) -> None:
    text = "name: Harvest\nblueprints: {winback: {trigger: {at: 2026-12-05T10:00}}}"
    _, (found,) = resolve({GROUP: text})
    assert (found.code, str(found.range)) == ("HB418", f"{GROUP}:2:24")
