from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.resolve.model import ResolvedRepository

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
WINBACK = "tenants/green/campaigns/winback.yaml"
SALE = "tenants/green/campaigns/sale.yaml"
BLUE = "tenants/blue/tenant.yaml"


def mail_only(tenant: str) -> str:
    return (
        tenant.replace("Green", "Blue")
        .replace('  sms: {provider: text, from: "+15185550100"}\n', "")
        .replace(", sms: phone", "")
    )


def test_a_shared_message_on_a_channel_that_the_tenant_lacks_is_left_out_with_a_note(
    resolve: Resolve, tenant: str
) -> None:
    repository, (note,) = resolve(
        {BLUE: mail_only(tenant), "tenants/blue/campaigns/winback.yaml": "uses: winback"}
    )
    assert (note.code, note.severity, note.tenant) == ("HB434", Severity.NOTE, "blue")
    assert str(note.range) == "blueprints/winback/blueprint.yaml:14:3"
    campaign = repository.tenants["blue"].campaigns["winback"]
    assert list(campaign.effective.messages["main"]) == ["email"]
    assert set(campaign.rules) == {"email"}
    assert "sms" in repository.tenants["green"].campaigns["winback"].rules


def test_a_groups_campaign_is_a_shared_file_as_well(
    resolve: Resolve, tenant: str, sale: str
) -> None:
    text = sale + "  sms: {body: 'Sale'}\n"
    _, (note,) = resolve({BLUE: mail_only(tenant), "groups/harvest/campaigns/sale.yaml": text})
    assert (note.severity, note.tenant) == (Severity.NOTE, "blue")


def test_one_that_the_tenants_own_file_writes_is_an_error(resolve: Resolve, tenant: str) -> None:
    own = "tenants/blue/campaigns/winback.yaml"
    repository, (error,) = resolve(
        {BLUE: mail_only(tenant), own: "uses: winback\nmessage: {sms: {body: 'Hi'}}"}
    )
    assert (error.code, error.is_error, str(error.range)) == ("HB434", True, f"{own}:2:11")
    assert repository.failed == {"blue"}


def test_a_null_takes_the_message_out_without_a_word(resolve: Resolve, tenant: str) -> None:
    _, found = resolve(
        {
            BLUE: mail_only(tenant),
            "tenants/blue/campaigns/winback.yaml": "uses: winback\nmessage: {sms: null}",
        }
    )
    assert not found


def test_a_campaign_of_which_nothing_is_left_is_an_error(
    resolve: Resolve, tenant: str, sale: str
) -> None:
    text = sale[: sale.index("  email:")] + "  sms: {body: 'Sale'}\n"
    _, (error,) = resolve({BLUE: mail_only(tenant), "groups/harvest/campaigns/sale.yaml": text})
    assert (error.code, error.tenant) == ("HB435", "blue")
    assert str(error.related[0].range) == f"{BLUE}:7:1"


def test_a_value_of_a_missing_parameter_is_reported_as_missing_only(resolve: Resolve) -> None:
    _, (found,) = resolve(
        {
            "blueprints/winback/blueprint.yaml": """\
                params: {pause: {type: string, maxLength: 20}}
                category: promotions
                trigger: {cron: "0 10 * * TUE"}
                audience: everyone
                reentry: {after: {param: pause}}
                message: {sms: {body: "We miss you"}}
                """,
            "groups/harvest/group.yaml": "name: Harvest",
            WINBACK: "uses: winback",
        }
    )
    assert found.code == "HB442"


def test_a_lock_on_a_field_that_a_channel_sets_is_told_once(resolve: Resolve, sale: str) -> None:
    _, found = resolve(
        {
            "handbill.yaml": "categories: {promotions: {class: marketing}}\nlock: [expires]",
            WINBACK: None,
            SALE: sale,
        }
    )
    assert [(each.code, str(each.range)) for each in found] == [
        ("HB411", "channels/sms/channel.yaml:6:3")
    ]


def test_a_tenants_lock_closes_its_own_campaigns(resolve: Resolve, tenant: str, sale: str) -> None:
    _, found = resolve(
        {"tenants/green/tenant.yaml": tenant + "lock: [holdout]\n", SALE: sale + "holdout: 10%\n"}
    )
    assert [(each.code, str(each.range)) for each in found] == [("HB411", f"{SALE}:7:1")]
