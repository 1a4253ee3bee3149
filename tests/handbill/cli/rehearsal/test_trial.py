"""A test of a campaign runs on the stages of production: who, why not, when, in which words."""

from __future__ import annotations

import pytest
from tested_base import Base, anything, reached


def test_a_message_as_it_leaves(base: Base) -> None:
    base.test(reached("ann", "first_name: Ann"), anything("ann"))
    outcome = base.outcomes()["ann"]
    (message,) = outcome.messages
    assert (message.channel, message.locale, f"{message.at:%H:%M}") == ("email", "en-US", "10:00")
    assert "Hello Ann" in message.parts["html"] and "Hello Ann" in message.parts["text"]
    assert (outcome.because, outcome.variant, outcome.offer) == ("", "only", "")


def test_the_same_every_time(base: Base) -> None:
    base.test(reached("ann"), anything("ann"))
    assert base.outcomes() == base.outcomes()


def test_what_leaves_somebody_out(base: Base) -> None:
    base.campaign(
        """
        audience:
          include: customer.lifetime_orders >= 1 and customer.store is defined
          exclude: {staff: customer.is_employee | default(false)}
        """
    )
    base.test(
        reached("in", "store: ff-troy-12")
        + reached("staff", "store: ff-troy-12, is_employee: true")
        + reached("gone", "store: no-such-store")
        + reached("bad", "store: ff-troy-12, spend_90d: 1").replace(
            "lifetime_orders: 3", "lifetime_orders: null"
        )
        + "few: {lifetime_orders: 0}\n"
        + "mute: {lifetime_orders: 2, store: ff-troy-12}\n"
        + "shy: {lifetime_orders: 2, store: ff-troy-12, email: shy@shop.example}\n",
        anything("in", "staff", "gone", "bad", "few", "mute", "shy"),
    )
    outcomes = base.outcomes()
    assert {name: outcome.because for name, outcome in outcomes.items()} == {
        "in": "",
        "staff": "audience.exclude.staff",
        "gone": "audience.include",
        "bad": "quarantined",
        "few": "audience.include",
        "mute": "no_address",
        "shy": "no_consent",
    }
    assert outcomes["few"].note == "`customer.lifetime_orders >= 1` does not hold"
    assert outcomes["gone"].note == "`customer.store is defined` does not hold"
    assert outcomes["bad"].note == "no good value of lifetime_orders"


def test_history_counts(base: Base) -> None:
    base.campaign("trigger: {cron: '0 10 * * *'}\nreentry: {after: 3 days}")
    base.write(
        "tenants/fresh-fields/campaigns/other.yaml",
        """
        category: promotions
        status: active
        trigger: {at: 2026-12-01T10:00}
        audience: everyone
        message: {email: {subject: "Other", template: hello.html}}
        """,
    )
    other = ", ".join(
        f"{{campaign: other, channel: email, at: 2026-12-0{day}T09:00}}" for day in (1, 2, 3, 4)
    )
    base.test(
        reached("again") + reached("later") + reached("full") + reached("quit"),
        anything("again", "later", "full", "quit"),
        f"""
        sent:
          again: [{{campaign: hello, channel: email, at: 2026-12-03T10:00}}]
          later: [{{campaign: hello, channel: email, at: 2026-12-01T10:00}}]
          full: [{other}]
        stopped: {{quit: [email]}}
        """,
    )
    assert {name: outcome.because for name, outcome in base.outcomes().items()} == {
        "again": "reentry",
        "later": "",
        "full": "cap",
        "quit": "unsubscribed",
    }


def test_quiet_hours_hold_a_message(base: Base) -> None:
    base.edit("handbill.yaml", "limits: {", "limits: {quiet_hours: {email: '21:00-08:00'}, ")
    base.test(reached("ann"), anything("ann"), now="2026-12-05T22:30")
    (message,) = base.outcomes()["ann"].messages
    assert f"{message.at:%Y-%m-%d %H:%M}" == "2026-12-06 08:00"


def test_now_is_everybodys_own(base: Base) -> None:
    base.test(
        reached("east") + reached("west", "timezone: America/Los_Angeles"), anything("east", "west")
    )
    times = {name: outcome.messages[0].at for name, outcome in base.outcomes().items()}
    assert {f"{at:%H:%M}" for at in times.values()} == {"10:00"}


@pytest.mark.parametrize(
    ("line", "now", "because"),
    [
        ("ends: 2026-12-05T09:00", "2026-12-05T10:00", "ended"),
        ("starts: 2026-12-06T09:00", "2026-12-05T10:00", "not_started"),
        ("ends: 2026-12-05T11:00", "2026-12-05T10:00", ""),
    ],
)
def test_a_campaign_that_does_not_live_then(base: Base, line: str, now: str, because: str) -> None:
    base.campaign(line)
    base.test(reached("ann"), anything("ann"), now=now)
    assert base.outcomes()["ann"].because == because


def test_drafts_and_paused_campaigns_run(base: Base) -> None:
    for status in ("draft", "paused"):
        base.campaign(f"status: {status}")
        base.test(reached("ann"), anything("ann"))
        assert base.outcomes()["ann"].selected, status


def test_control_groups_count_only_when_asked_for(base: Base) -> None:
    base.campaign("holdout: 100%")
    base.test(reached("ann"), anything("ann"))
    assert base.outcomes()["ann"].selected
    base.test(reached("ann"), anything("ann"), "holdouts: true")
    assert base.outcomes()["ann"].because == "held_out_campaign"


def test_limit_and_rank(base: Base) -> None:
    base.campaign(
        "audience: {include: customer.lifetime_orders >= 1, limit: 1, rank: customer.lifetime_orders}"
    )
    few = reached("few").replace("lifetime_orders: 3", "lifetime_orders: 2")
    base.test(few + reached("many"), anything("few", "many"))
    outcomes = base.outcomes()
    assert (outcomes["few"].because, outcomes["many"].because) == ("audience.limit", "")


def test_rows_of_the_test_take_the_place_of_git(base: Base) -> None:
    base.campaign("audience: customer.store is defined and customer.store.name == 'Here'")
    base.test(reached("ann", "store: x"), anything("ann"), "data: {stores: [{id: x, name: Here}]}")
    assert base.outcomes()["ann"].selected


def test_relations_are_judged_by_both_back_ends(base: Base) -> None:
    base.edit(
        "schemas/customer.schema.json",
        '"state"',
        '"purchases": {"type": "array", "maxItems": 100, "x-relation": '
        '{"dataset": "purchases", "key": "customer_id", "time": "bought_on"}},\n    "state"',
    )
    base.write(
        "schemas/data/purchases.schema.json",
        """\
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "purchases", "type": "object",
          "required": ["customer_id", "line", "bought_on", "total"],
          "properties": {
            "customer_id": {"type": "string", "maxLength": 40},
            "line": {"type": "integer", "minimum": 1, "maximum": 1000},
            "bought_on": {"type": "string", "format": "date"},
            "total": {"type": "integer", "minimum": 0, "maximum": 1000}
          }
        }
        """,
    )
    base.edit(
        "tenants/fresh-fields/tenant.yaml",
        "data:\n",
        "data:\n  purchases: {key: [customer_id, line]}\n",
    )
    base.campaign(
        "audience: customer.purchases | within('30 days') | selectattr('total', '>', 50) | count >= 2"
    )
    spent = "purchases: [{line: 1, bought_on: 2026-12-01, total: 60}, {line: 2, bought_on: %s, total: 70}]"
    base.test(
        reached("fan", spent % "2026-11-20") + reached("once", spent % "2026-10-20"),
        anything("fan", "once"),
    )
    outcomes = base.outcomes()
    assert (outcomes["fan"].because, outcomes["once"].because) == ("", "audience.include")


def test_all_channels(base: Base) -> None:
    base.campaign(
        """
        message:
          email: {subject: "Hi", template: hello.html}
          sms: {body: "Hi. Reply STOP to end"}
        deliver: {mode: all}
        """
    )
    both = "lifetime_orders: 3, consent: [email.promotions, sms.promotions]"
    base.test(
        f"""
        a: {{{both}, phone: '+15185550117', email: a@shop.example}}
        b: {{{both}, phone: '+15185550118'}}
        c: {{{both}, phone: '+1 518 555-0118'}}
        """,
        anything("a", "b", "c"),
    )
    outcomes = base.outcomes()
    assert outcomes["a"].channels == ("email", "sms")
    assert (outcomes["b"].channels, outcomes["b"].refused) == (
        ("sms",),
        (("email", "no_address"),),
    )
    assert outcomes["c"].because == "duplicate_address"


OTHER = """
    category: promotions
    status: {status}
    trigger: {{at: 2026-12-01T10:00}}
    audience: customer.lifetime_orders > 1
    message: {{email: {{subject: "Other", template: hello.html}}}}
"""


@pytest.mark.parametrize(
    ("status", "because"), [("active", "quarantined"), ("paused", ""), ("draft", "")]
)
def test_what_other_active_campaigns_read_must_be_good_as_well(
    base: Base, status: str, because: str
) -> None:
    base.campaign("audience: everyone")
    base.write("tenants/fresh-fields/campaigns/other.yaml", OTHER.format(status=status))
    customers = reached("bad").replace("lifetime_orders: 3", "lifetime_orders: null")
    base.test(customers, anything("bad"))
    assert base.outcomes()["bad"].because == because
