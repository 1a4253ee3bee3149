from __future__ import annotations

import pytest
from diff_world import BASE, HELLO, campaign, changed, compared

from handbill.diff.model import SettingsChange

OFFERS = {
    f"tenants/fresh-fields/offers/{name}.yaml": (
        f"reward: {{percent: {percent}}}\nvalid: {{for: 7 days}}\n"
        f'summary: "{percent}% off"\nterms: "Once."\n'
    )
    for name, percent in (("big", 20), ("small", 10))
}
TENANT = "tenants/fresh-fields/tenant.yaml"
SMS = ("  email:", '  sms: {body: "Hello. Reply STOP to end"}\n  email:')


def told(text: str, before: str | None = None) -> dict[str, tuple[str, str]]:
    entry = changed(text) if before is None else changed(text, before)
    return {
        field.field: (field.before, field.after)
        for aspect in entry.aspects
        if isinstance(aspect, SettingsChange)
        for field in aspect.fields
    }


@pytest.mark.parametrize(
    ("text", "field", "before", "after"),
    [
        (campaign(("promotions", "service")), "category", "promotions", "service"),
        (campaign(("promotions", "service")), "categories.consent", "opt_in", "none"),
        (campaign(more="priority: 70\n"), "priority", "50", "70"),
        (campaign(more="holdout: 10%\n"), "holdout", "", "10%"),
        (campaign(more="reentry: {after: 30 days}\n"), "reentry", "never", "after 30 days"),
        (campaign(more='window: "09:00-20:00"\n'), "window of email", "", "09:00-20:00"),
        (campaign(more="expires: 90 minutes\n"), "expires of email", "1 day", "90 minutes"),
        (
            campaign(more="limits: {per_customer: 1 per day}\n"),
            "limits.per_customer",
            "4 per 7 days",
            "1 per day, 4 per 7 days",
        ),
        (
            campaign(more='limits: {quiet_hours: {email: "21:00-08:00"}}\n'),
            "limits.quiet_hours.email",
            "",
            "21:00-08:00",
        ),
        (campaign(SMS), "deliver.order", "email", "email, sms"),
        (campaign(SMS), "channels.sms.from", "", "+15185550100"),
        (campaign(SMS, more="deliver: {mode: all}\n"), "deliver.mode", "", "all"),
    ],
)
def test_a_value_in_the_words_of_the_configuration(
    text: str, field: str, before: str, after: str
) -> None:
    assert told(text)[field] == (before, after)


def test_offers_with_their_conditions() -> None:
    one = campaign(more="offer: small\n")
    choice = campaign(
        more="offer: [{when: customer.lifetime_orders > 9, use: big}, {use: small}]\n"
    )
    (entry,) = compared({**OFFERS, HELLO: one}, {**OFFERS, HELLO: choice}).entries
    (offer,) = entry.aspects
    assert isinstance(offer, SettingsChange) and offer.about == "offer"
    (field,) = offer.fields
    assert field.before == "small"
    assert field.after == "big when customer.lifetime_orders > 9, else small"


def test_an_experiment() -> None:
    variants = (
        "experiment:\n  name: warmth\n  variants:\n    plain: {weight: 3}\n"
        '    warm: {weight: 1, message: {email: {subject: "Friends!"}}}\n'
    )
    fields = told(campaign(more=variants))
    assert fields["experiment.name"] == ("", "warmth")
    assert fields["experiment.variants.warm.weight"] == ("", "1 of 4")


def test_a_provider_of_the_retailer() -> None:
    tenant = (BASE / TENANT).read_text("utf-8")
    (entry,) = compared({}, {TENANT: tenant.replace("Fresh Fields <hello@", "Fresh <hi@")}).entries
    (delivery,) = entry.aspects
    assert isinstance(delivery, SettingsChange) and delivery.about == "delivery"
    assert [each.field for each in delivery.fields] == ["channels.email.from"]
