"""A rehearsed period as a report: what left when, and who was left out."""

from __future__ import annotations

from period_world import SECOND, Period, outcome


def test_every_message_is_in_the_hour_in_which_it_leaves(period: Period) -> None:
    found = period.simulated()
    (send,) = found.sends
    assert (send.tenant, send.campaign, send.channel) == ("fresh-fields", "hello", "email")
    assert (send.hour, send.messages) == ("2026-12-05T10", 12)
    assert found.zones == {"fresh-fields": "America/New_York"}
    assert found.digest.startswith("sha256:")
    assert (found.begin, found.end) == ("2026-12-01T05:00Z", "2026-12-08T05:00Z")


def test_hours_are_the_tenants_where_customers_live_elsewhere(period: Period) -> None:
    period.put(period.rows(3, timezone="America/Los_Angeles"))
    (send,) = period.simulated().sends
    assert send.hour == "2026-12-05T13"  # ten in Los Angeles


def test_a_period_before_anything_is_due_has_no_sends(period: Period) -> None:
    found = period.simulated("--to", "2026-12-05T14:59Z")
    assert found.sends == ()
    assert found.campaigns == ()


def test_who_is_left_out_is_counted_with_the_reason(period: Period) -> None:
    rows = period.rows(10) + "x,x@shop.example,,email.service,3\ny,,,email.service,0\n"
    period.put(rows)
    hello = outcome(period.simulated(), "hello")
    assert (hello.considered, hello.selected) == (12, 10)
    assert hello.left_out == {"no_consent": 1, "not included": 1}
    assert hello.channels["email"].sent == hello.channels["email"].planned == 10
    assert hello.occurrences == ("2026-12-05T10:00",)


def test_rows_that_no_run_can_use_are_counted(period: Period) -> None:
    period.put(period.rows(3) + "x,x@shop.example,,email.service,many\n")
    assert period.simulated().quarantined == {"fresh-fields": {"lifetime_orders": 1}}


def test_caps_are_shared_by_campaigns_and_the_more_urgent_goes_first(period: Period) -> None:
    period.edit("handbill.yaml", "4 per 7 days", "1 per 7 days")
    period.write("cider", SECOND.replace("12:00}", "10:00}") + "    priority: 90\n")
    found = period.simulated()
    assert outcome(found, "cider").channels["sms"].sent == 12
    assert outcome(found, "hello").channels["email"].suppressed == {"cap": 12}


def test_quiet_hours_hold_messages_until_they_end(period: Period) -> None:
    period.edit(
        "handbill.yaml", "{per_customer: 4 per 7 days}", '{quiet_hours: {email: "08:00-14:00"}}'
    )
    assert [send.hour for send in period.simulated().sends] == ["2026-12-05T14"]


def test_messages_that_wait_at_the_end_are_told(period: Period) -> None:
    period.edit(
        "handbill.yaml", "{per_customer: 4 per 7 days}", '{quiet_hours: {email: "08:00-14:00"}}'
    )
    found = period.simulated("--to", "2026-12-05T16:00Z")
    assert outcome(found, "hello").channels["email"].waiting == 12


def test_a_providers_rate_spreads_messages_over_hours(period: Period) -> None:
    period.edit(
        "environments/staging.yaml", 'secret: "env:MAIL"', 'secret: "env:MAIL", rate: 4 per hour'
    )
    found = period.simulated("--env", "staging")
    assert [(send.hour, send.messages) for send in found.sends] == [
        ("2026-12-05T10", 4),
        ("2026-12-05T11", 4),
        ("2026-12-05T12", 4),
    ]


def test_a_repeating_campaign_names_its_occurrences(period: Period) -> None:
    period.edit(
        "tenants/fresh-fields/campaigns/hello.yaml",
        "trigger: {at: 2026-12-05T10:00}",
        'trigger: {cron: "0 9 * * 2,4"}\nreentry: always',
    )
    hello = outcome(period.simulated(), "hello")
    assert hello.occurrences == ("2026-12-01T09:00", "2026-12-03T09:00")
    assert hello.channels["email"].sent == 24


def test_paused_campaigns_and_drafts_send_nothing(period: Period) -> None:
    period.edit("tenants/fresh-fields/campaigns/hello.yaml", "status: active", "status: paused")
    period.write("cider", SECOND.replace("status: active", "status: draft"))
    found = period.simulated()
    assert found.sends == ()
    assert found.campaigns == ()
