"""A campaign's own limits with the platform's laid under them are its effective limits, whatever the
platform said when they were taken apart."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.resolve.model import ResolvedCampaign, ResolvedRepository
from handbill.resolve.own_limits import limits_of_platform
from handbill.source.located import LocatedDocument

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
Parse = Callable[[str, str], LocatedDocument]

PLATFORM = """\
categories:
  promotions: {class: marketing}
  safety: {class: safety, quiet_hours: {sms: "23:00-06:00"}}
  service: {class: transactional}
"""
LIMITS = (
    "",
    "limits: {per_customer: 4 per 7 days}\n",
    "limits: {per_customer: 1 per 1 week}\n",
    "limits: {per_customer: 9 per 9 days, quiet_hours: {sms: '22:00-07:00'}}\n",
    "limits: {quiet_hours: {sms: '12:00-13:00', email: '01:00-04:00'}}\nholdout: 5%\n",
)
TEXTED = "  sms: {body: 'Sale'}\n"
CAMPAIGNS = {
    "plain": TEXTED,
    "safety": TEXTED,
    "own": TEXTED + "limits: {per_customer: 2 per 9 days, quiet_hours: {email: '20:00-21:00'}}\n",
    "varied": (
        "experiment:\n  variants:\n"
        "    a: {weight: 1, message: {sms: {body: 'A'}}}\n"
        "    b: {weight: 1, message: {sms: {body: 'B'}}}\n"
    ),
}


def campaigns_under(limits: str, resolve: Resolve, sale: str) -> dict[str, ResolvedCampaign]:
    only_in_variants = sale[: sale.index("message:")]
    texts = {name: sale + more for name, more in CAMPAIGNS.items()}
    texts["safety"] = texts["safety"].replace("promotions", "safety")
    texts["varied"] = only_in_variants + CAMPAIGNS["varied"]
    files = {f"tenants/green/campaigns/{name}.yaml": text for name, text in texts.items()}
    repository, found = resolve({"handbill.yaml": PLATFORM + limits, **files})
    assert not has_errors(found), found
    return {name: repository.tenants["green"].campaigns[name] for name in (*CAMPAIGNS, "winback")}


def test_the_platforms_part_can_be_replaced(resolve: Resolve, parse: Parse, sale: str) -> None:
    under = {limits: campaigns_under(limits, resolve, sale) for limits in LIMITS}
    seen = set()
    for before, after in itertools.product(LIMITS, LIMITS):
        platform = limits_of_platform(parse("handbill.yaml", PLATFORM + after))
        assert platform.fit
        for name, campaign in under[before].items():
            own = campaign.own_limits
            assert own is not None
            expected = under[after][name]
            caps, quiet = platform.with_own(own)
            assert caps == expected.effective.limits.per_customer, (name, before, after)
            assert quiet == {
                channel: rules.quiet_hours for channel, rules in expected.rules.items()
            }
            seen.add((caps, tuple(quiet.items())))
    assert len(seen) > 10


@pytest.mark.parametrize(
    "more", ["limits: {per_customer: null}\n", "limits: {quiet_hours: {email: null}}\n"]
)
def test_what_a_layer_takes_away_depends_on_what_there_is(
    resolve: Resolve, sale: str, more: str
) -> None:
    without_group = {"groups/harvest/group.yaml": "name: Harvest\n", "handbill.yaml": PLATFORM}
    file = "tenants/green/campaigns/sale.yaml"
    repository, found = resolve({**without_group, file: sale + more})
    assert not has_errors(found)
    assert repository.tenants["green"].campaigns["sale"].own_limits is None
    with_limits = {"handbill.yaml": PLATFORM + LIMITS[3].replace("sms", "email")}
    _, found = resolve({**without_group, **with_limits, file: sale + more})
    assert [each.code for each in found] == ["HB412"]


def test_what_no_law_can_compare(parse: Parse) -> None:
    odd = "limits: {per_customer: often}\n"
    assert not limits_of_platform(parse("handbill.yaml", PLATFORM + odd)).fit
    odd = PLATFORM.replace("23:00-06:00", "at night")
    assert not limits_of_platform(parse("handbill.yaml", odd)).fit
    assert limits_of_platform(parse("handbill.yaml", "limits: {per_customer: null}\n")).fit
