"""How a campaign sends on a channel: the category's word before the tenant's, limits of every layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handbill.plan.model import Rate, Sender, Window

if TYPE_CHECKING:
    from conftest import Configuration


def test_the_tenants_own(configuration: Configuration) -> None:
    senders = configuration.compile().plan().senders
    assert senders == {
        "email": Sender(
            providers=("mail",),
            sender="Fresh Fields <hello@mail.freshfields.example>",
            expires_seconds=86_400,
        )
    }


def test_a_list_of_providers_and_the_channels_defaults(configuration: Configuration) -> None:
    configuration.replace(
        "tenants/fresh-fields/tenant.yaml", "sms: {provider: text", "sms: {provider: [text, other]"
    )
    configuration.replace(
        "channels/sms/channel.yaml",
        "address: phone",
        'address: phone\ndefaults: {window: "08:00-21:00", expires: 6 hours, '
        'limits: {per_customer: 1 per day, quiet_hours: {sms: "22:00-06:00"}}}',
    )
    configuration.replace("handbill.yaml", "limits: {per_customer: 4 per 7 days}",
                          'limits: {quiet_hours: {sms: "21:00-08:00"}}')  # fmt: skip
    sender = configuration.campaign(message='{sms: {body: "Hi"}}').compile().plan().senders["sms"]
    assert sender == Sender(
        providers=("text", "other"),
        sender="+15185550100",
        workspace="AC-fresh-fields",
        windows=(Window(start=480, end=1260),),
        quiet_hours=(Window(start=1260, end=480), Window(start=1320, end=360)),
        expires_seconds=21_600,
        caps=(Rate(count=1, seconds=86_400),),
    )


def test_the_categorys_own_provider_and_sender(configuration: Configuration) -> None:
    configuration.replace(
        "tenants/fresh-fields/tenant.yaml",
        "channel_order:",
        'categories: {promotions: {channels: {email: {provider: bulk, from: "Deals <d@x.example>"}}}}\n'
        "channel_order:",
    )
    sender = configuration.campaign().compile().plan().senders["email"]
    assert (sender.providers, sender.sender) == (("bulk",), "Deals <d@x.example>")
