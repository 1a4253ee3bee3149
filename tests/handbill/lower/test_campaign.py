"""One campaign as its plan: everything decided that can be decided before sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handbill.plan.model import AtTrigger, CronTrigger, Holdout, Rate, Reentry, Window

if TYPE_CHECKING:
    from conftest import Configuration

TENANT = "tenants/fresh-fields/tenant.yaml"


def test_the_simplest(configuration: Configuration) -> None:
    plan = configuration.compile().plan()
    assert (plan.tenant, plan.campaign, plan.identity) == ("fresh-fields", "hello", "hello")
    assert (plan.status, plan.priority, plan.timezone) == ("active", 50, "America/New_York")
    assert plan.trigger == AtTrigger(at="2026-12-05T10:00")
    assert plan.reentry == Reentry(again="never")
    assert plan.caps == (Rate(count=4, seconds=604_800),)
    assert (plan.starts, plan.ends, plan.holdout) == (None, None, Holdout())
    assert plan.salt == "experiment/fresh-fields/hello"
    assert (plan.deliver.mode, plan.deliver.order, plan.locales) == (
        "first",
        ("email",),
        ("en-US",),
    )
    assert [need.path for need in plan.fields] == [("first_name",), ("lifetime_orders",)]


def test_everything_that_may_be_said(configuration: Configuration) -> None:
    configuration.replace("handbill.yaml", "limits: {per_customer: 4 per 7 days}",
                          "limits: {per_customer: 4 per 7 days}\nholdout: 2%")  # fmt: skip
    plan = (
        configuration.campaign(
            status="paused",
            priority="80",
            starts="2026-12-01T00:00",
            ends="2026-12-31T00:00",
            trigger='{cron: "0 8 * * WED", timezone: tenant, missed: skip}',
            reentry="{after: 60 days}",
            holdout="10%",
            limits="{per_customer: 1 per 30 days}",
            window='"09:00-20:00"',
            expires="2 hours",
            deliver="{mode: all, order: [sms, email]}",
            message='{email: {subject: "Hi", template: hello.html}, sms: {body: "Hi"}}',
            was="[greeting, welcome]",
        )
        .compile()
        .plan()
    )
    assert (plan.status, plan.priority, plan.identity) == ("paused", 80, "greeting")
    assert plan.trigger == CronTrigger(cron="0 8 * * WED", timezone="tenant", missed="skip")
    assert plan.reentry == Reentry(again="after", seconds=5_184_000)
    assert plan.caps == (Rate(count=4, seconds=604_800), Rate(count=1, seconds=2_592_000))
    assert plan.holdout == Holdout(across=20_000, campaign=100_000)
    assert (plan.deliver.mode, plan.deliver.order) == ("all", ("sms", "email"))
    for sender in plan.senders.values():
        assert (sender.windows, sender.expires_seconds) == ((Window(start=540, end=1200),), 7_200)
    assert plan.salt == "experiment/fresh-fields/greeting"
    assert (plan.starts, plan.ends) == ("2026-12-01T00:00", "2026-12-31T00:00")


def test_variants_each_with_their_message(configuration: Configuration) -> None:
    outcome = configuration.campaign(
        experiment='{name: words, variants: {b: {weight: 3, message: {sms: {body: "B {{ variant }}"}}},'
        ' a: {weight: 1, with: {word: "x"}}}}',
        with_='{word: "w"}',
        message='{email: {subject: "{{ params.word }} {{ variant }}", template: hello.html}}',
    ).compile()
    plan = outcome.plan()
    assert plan.salt == "experiment/fresh-fields/words"
    assert [(each.name, each.weight) for each in plan.variants] == [("a", 1), ("b", 3)]
    assert list(plan.senders) == ["email", "sms"]
    assert outcome.rendered(variant="a")["subject"] == "x a"
    assert outcome.rendered("sms", variant="b")["body"] == "B b"
    assert outcome.rendered(variant="b")["subject"] == "w b"


@pytest.mark.parametrize(
    ("own", "tenants", "order"),
    [
        ("", "[email, sms]", ("email", "sms")),
        ("", "[sms]", ("sms", "email")),
        ("{order: [sms]}", "[email, sms]", ("sms", "email")),
    ],
)
def test_the_order_of_channels_is_whole(
    configuration: Configuration, own: str, tenants: str, order: tuple[str, ...]
) -> None:
    configuration.replace(TENANT, "channel_order: [email, sms]", f"channel_order: {tenants}")
    message = '{email: {subject: "Hi", template: hello.html}, sms: {body: "Hi"}}'
    plan = configuration.campaign(deliver=own, message=message).compile().plan()
    assert plan.deliver.order == order


def test_a_draft_is_checked_and_not_released(configuration: Configuration) -> None:
    outcome = configuration.campaign(status="draft").compile()
    assert outcome.findings == ()
    assert outcome.tenant().plans == {}
    message = '{sms: {body: "{{ customer.nam }}"}}'
    outcome = configuration.campaign(status="draft", message=message).compile()
    assert outcome.codes == ["HB505"]
    assert outcome.compiled.release.failed == ("fresh-fields",)


def test_a_mistake_that_variants_share_is_said_once(configuration: Configuration) -> None:
    outcome = configuration.campaign(
        experiment="{variants: {a: {weight: 1}, b: {weight: 1}}}",
        message='{sms: {body: "{{ customer.nam }}"}}',
    ).compile()
    assert outcome.codes == ["HB505"]


def test_every_mistake_of_a_campaign_at_once(configuration: Configuration) -> None:
    outcome = configuration.campaign(
        audience="{include: customer.nam, exclude: {a: customer.stat}}",
        message='{sms: {body: "{{ customer.frist_name }}"}}',
    ).compile()
    assert outcome.codes == ["HB505", "HB505", "HB505"]
