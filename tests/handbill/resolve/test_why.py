from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.model import ResolvedRepository
from handbill.resolve.why import ExplainedValue, default_of, explain_value, is_field

Outcome = tuple[ResolvedRepository, tuple[Diagnostic, ...]]
Resolve = Callable[..., Outcome]
WINBACK = "tenants/green/campaigns/winback.yaml"
TEXT = """\
uses: winback
with: {discount: 15, pause: 90 days}
message: {email: {subject: {en-US: "Come back"}}, sms: null}
holdout: 10%
experiment:
  variants:
    a: {weight: 1}
    b: {weight: 1, message: {email: {subject: "Please"}}}
"""


def explained(resolve: Resolve, field: str) -> list[ExplainedValue]:
    tenant = resolve({WINBACK: TEXT})[0].tenants["green"]
    return list(explain_value(tenant, tenant.campaigns["winback"], field))


def said(value: ExplainedValue) -> list[tuple[str, object, str]]:
    return [(each.layer, each.value, each.effect) for each in value.writings]


def test_each_layer_has_its_line(resolve: Resolve) -> None:
    base, variant = explained(resolve, "message.email.subject")
    assert base.value == {"en-US": "Come back"}
    assert said(base) == [
        ("blueprint", "We miss you", "replaced"),
        ("campaign", {"en-US": "Come back"}, "takes effect"),
    ]
    assert str(base.writings[1].range) == f"{WINBACK}:3:28"
    assert (variant.of, variant.value) == ("variant b", "Please")
    assert said(variant)[-1] == ("variant", "Please", "takes effect")


def test_a_path_may_lead_inside_a_value(resolve: Resolve) -> None:
    (base,) = explained(resolve, "message.email.subject.en-US")
    assert base.value == "Come back"
    assert said(base) == [("campaign", "Come back", "takes effect")]


def test_a_parameter_is_followed_to_where_it_was_given(resolve: Resolve) -> None:
    (reentry,) = explained(resolve, "reentry.after")
    assert said(reentry) == [
        ("blueprint", {"param": "pause"}, "takes the parameter"),
        ("blueprint", "60 days", "takes the parameter"),
        ("campaign", "90 days", "takes effect"),
    ]
    (discount,) = explained(resolve, "with.discount")
    assert [effect for _, _, effect in said(discount)] == ["replaced", "replaced", "takes effect"]


def test_what_tightens_shows_everything_that_counts(resolve: Resolve) -> None:
    caps, email, *_ = explained(resolve, "limits")
    assert caps.field == "limits.per_customer"
    assert said(caps) == [
        ("platform", "4 per 7 days", "a stricter one over the same time applies"),
        ("group", "3 per 7 days", "applies"),
    ]
    assert (email.field, email.value) == ("limits.quiet_hours.email", ["01:00-04:00"])
    assert [each.field for each in explained(resolve, "audience.exclude")] == [
        "audience.exclude.minors",
        "audience.exclude.staff",
    ]


def test_a_holdout_is_the_campaigns_and_the_tenants(resolve: Resolve) -> None:
    own, across = explained(resolve, "holdout")
    assert (own.of, own.value) == ("campaign", "10%")
    assert (across.of, across.value) == ("tenant green", "2%")


def test_a_removal_is_told(resolve: Resolve) -> None:
    (sms,) = [each for each in explained(resolve, "message.sms") if each.of == "campaign"]
    assert sms.value is None
    assert said(sms) == [
        ("blueprint", "We miss you", "replaced"),
        ("campaign", None, "removes it"),
    ]


def test_rules_of_channels_are_told_by_channel(resolve: Resolve) -> None:
    tenant = resolve()[0].tenants["green"]
    expires = explain_value(tenant, tenant.campaigns["winback"], "expires")
    assert [(each.of, each.value) for each in expires] == [("channel sms", "6 hours")]


def test_what_nobody_set_has_a_default(resolve: Resolve) -> None:
    tenant = resolve()[0].tenants["green"]
    campaign = tenant.campaigns["winback"]
    assert not explain_value(tenant, campaign, "deliver")
    assert default_of(campaign, "deliver") == {"mode": "first"}
    assert default_of(campaign, "starts") is None


def test_fields_are_known() -> None:
    assert is_field("message.email.subject")
    assert is_field("limits")
    assert is_field("brand.colors")
    assert not is_field("reentri")
