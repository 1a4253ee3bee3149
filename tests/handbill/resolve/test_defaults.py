"""Limits and rules that a campaign's author does not write."""

from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.resolve.defaults import strays
from handbill.resolve.model import ChannelRules, ResolvedCampaign, ResolvedRepository
from handbill.source.located import LocatedDocument

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
Parse = Callable[[str, str], LocatedDocument]
SALE = "tenants/green/campaigns/sale.yaml"


def resolved(outcome: Outcome) -> ResolvedCampaign:
    repository, diagnostics = outcome
    assert not has_errors(diagnostics), diagnostics
    return repository.tenants["green"].campaigns["sale"]


def test_every_layers_limits_reach_the_campaign(resolve: Resolve, sale: str, tenant: str) -> None:
    campaign = resolved(
        resolve(
            {
                "tenants/green/tenant.yaml": tenant + "limits: {per_customer: 1 per 1 day}\n",
                SALE: sale + "limits: {quiet_hours: {email: '22:00-07:00'}}\n",
            }
        )
    )
    limits = campaign.effective.limits
    assert limits.per_customer == ("1 per 1 day", "3 per 7 days")
    assert limits.quiet_hours["email"] == ("01:00-04:00", "22:00-07:00")
    origin = campaign.traced.origin(("limits", "per_customer", 1))
    assert (str(origin.layer), origin.file) == ("group", "groups/harvest/group.yaml")


def test_channels_have_rules_of_their_own(resolve: Resolve, sale: str) -> None:
    campaign = resolved(resolve({SALE: sale + "  sms: {body: 'Sale'}\n"}))
    assert campaign.rules == {
        "email": ChannelRules(None, "24 hours", ("01:00-04:00",)),
        "sms": ChannelRules(
            "08:00-21:00", "6 hours", ("12:00-13:00", "21:00-08:00"), ("2 per 7 days",)
        ),
    }
    origin = campaign.traced.origin(("channels", "sms", "window"))
    assert str(origin.range) == "channels/sms/channel.yaml:5:11"
    assert campaign.effective.window is None


def test_the_campaigns_word_counts_on_every_channel(resolve: Resolve, sale: str) -> None:
    text = sale + "  sms: {body: 'Sale'}\nwindow: '10:00-14:00'\nexpires: 2 hours\n"
    campaign = resolved(resolve({SALE: text}))
    assert {(each.window, each.expires) for each in campaign.rules.values()} == {
        ("10:00-14:00", "2 hours")
    }
    history = campaign.traced.history(("channels", "sms", "expires"))
    assert [str(origin.layer) for origin in history] == ["channel", "campaign"]


def test_a_categorys_quiet_hours_stand_in_for_the_platforms(resolve: Resolve, sale: str) -> None:
    text = sale.replace("promotions", "safety") + "  sms: {body: 'Recall'}\n"
    campaign = resolved(resolve({SALE: text}))
    assert campaign.rules["sms"].quiet_hours == ("12:00-13:00", "23:00-06:00")
    assert campaign.rules["email"].quiet_hours == ()


def test_a_null_cannot_take_a_limit_away(resolve: Resolve, sale: str) -> None:
    _, found = resolve({SALE: sale + "limits: null\n"})
    assert {each.code for each in found} == {"HB412"}
    assert {str(each.range) for each in found} == {f"{SALE}:7:9"}


def test_a_channel_speaks_for_itself_only(parse: Parse) -> None:
    text = "defaults: {limits: {quiet_hours: {sms: '21:00-08:00', email: '21:00-08:00'}}}"
    found = list(strays("sms", parse("channels/sms/channel.yaml", text)))
    assert [origin.path[-1] for origin in found] == ["email"]
