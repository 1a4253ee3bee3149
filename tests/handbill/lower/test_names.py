"""The names that rules and messages may use, and what each stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Configuration


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tenant.id", "fresh-fields"),
        ("tenant.name", "Fresh Fields Market"),
        ("tenant.locale", "en-US"),
        ("tenant.timezone", "America/New_York"),
        ("tenant.currency", "USD"),
        ("brand.site", "https://freshfields.example"),
        ("brand.postal_address", "12 Orchard Way, Albany NY 12207"),
        ("brand.colors.primary", "#0a7f3c"),
        ("campaign.name", "hello"),
        ("campaign.category", "promotions"),
        ("campaign.tags | join('+')", "news+fall"),
        ("channel", "sms"),
        ("variant", "only"),
        ("params.word", "cider"),
        ("run.date | date('medium')", "Dec 1, 2026"),
        ("unsubscribe_url", "https://u.example/x"),
    ],
)
def test_in_a_message(configuration: Configuration, name: str, value: str) -> None:
    configuration.replace("channels/sms/channel.yaml", "max: 480, ", "")
    outcome = configuration.campaign(
        tags="[news, fall]", with_="{word: cider}", message=f'{{sms: {{body: "{{{{ {name} }}}}"}}}}'
    ).compile()
    assert outcome.rendered("sms")["body"] == value


@pytest.mark.parametrize(
    "name", ["unsubscribe_url", "offer.name", "channel", "variant", "preheader"]
)
def test_a_rule_sees_nothing_that_only_a_message_has(
    configuration: Configuration, name: str
) -> None:
    outcome = configuration.campaign(audience=f"{name} == 'x'").compile()
    assert outcome.only().code == "HB504"


def test_a_site_that_is_not_set_may_be_missing(configuration: Configuration) -> None:
    configuration.replace(
        "tenants/fresh-fields/tenant.yaml", "  site: https://freshfields.example\n", ""
    )
    message = '{sms: {body: "{{ brand.site }}"}}'
    assert configuration.campaign(message=message).compile().only().code == "HB501"
    message = "{sms: {body: \"{{ brand.site | default('-') }}\"}}"
    assert configuration.campaign(message=message).compile().rendered("sms")["body"] == "-"


def test_named_audiences_with_their_exclusions(configuration: Configuration) -> None:
    configuration.lay(
        {
            "tenants/fresh-fields/audiences/loyal.yaml": """\
                include: customer.lifetime_orders >= 10
                exclude: {staff: customer.is_employee | default(false)}
                """
        }
    )
    plan = configuration.campaign(audience="audiences.loyal").compile().plan()
    assert {need.path[0] for need in plan.fields} >= {"lifetime_orders", "is_employee"}


def test_dates_and_money_follow_locale_and_currency(configuration: Configuration) -> None:
    configuration.replace("tenants/fresh-fields/tenant.yaml", "locale: en-US", "locale: fr-CA")
    configuration.replace("tenants/fresh-fields/tenant.yaml", "currency: USD", "currency: CAD")
    message = '{sms: {body: "{{ run.date | date }} {{ 1234.5 | money }}"}}'
    body = configuration.campaign(message=message).compile().rendered("sms", locale="fr-CA")["body"]
    assert body == "1 décembre 2026 1 234,50 $".replace(" 234", "\xa0234").replace(" $", "\xa0$")
