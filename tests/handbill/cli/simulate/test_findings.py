"""What is odd about a period is told, and what is not is not."""

from __future__ import annotations

import pytest
from period_world import SECOND, Period, findings

HELLO = "tenants/fresh-fields/campaigns/hello.yaml"


def test_an_ordinary_period_has_nothing_odd(period: Period) -> None:
    assert period.simulated().findings == ()


def test_a_campaign_that_selects_nobody_is_told_with_the_reasons(period: Period) -> None:
    period.edit(HELLO, "lifetime_orders >= 1", "lifetime_orders >= 50")
    (found,) = findings(period.simulated(), "never_reaches")
    assert found.campaigns == ("hello",)
    assert found.says == "it selects none of 12 customers: not included 12"


def test_a_campaign_of_whose_messages_none_leaves_is_told(period: Period) -> None:
    period.put(period.rows(4).replace("c0@", "c1@").replace("c2@", "c1@").replace("c3@", "c1@"))
    assert findings(period.simulated(), "never_reaches") == []  # one of the four does
    period.edit("handbill.yaml", "4 per 7 days", "1 per 7 days")
    period.write("cider", SECOND.replace("12:00}", "09:00}"))
    (found,) = findings(period.simulated(), "never_reaches")
    assert found.campaigns == ("hello",)
    assert found.says.startswith("none of its")
    assert "cap" in found.says


def test_a_campaign_that_caps_hold_back_starves(period: Period) -> None:
    period.edit("handbill.yaml", "4 per 7 days", "1 per 7 days")
    period.write("cider", SECOND)
    (found,) = findings(period.simulated(), "starves")
    assert (found.campaigns, found.says) == (
        ("cider",),
        "caps hold back 12 of its 12 messages",
    )


def test_messages_that_expire_before_their_hour_are_told(period: Period) -> None:
    period.edit(HELLO, "audience:", 'window: "06:00-07:00"\nexpires: 2 hours\naudience:')
    (found,) = findings(period.simulated(), "expires")
    assert found.campaigns == ("hello",)
    assert "12 of its 12 messages" in found.says


def test_campaigns_that_meet_the_same_customers_on_a_day_overlap(period: Period) -> None:
    period.write("cider", SECOND)
    (found,) = findings(period.simulated(), "overlaps")
    assert found.campaigns == ("cider", "hello")
    assert found.says == "12 customers get both within a day"


def test_campaigns_on_different_days_do_not_overlap(period: Period) -> None:
    period.write("cider", SECOND.replace("2026-12-05", "2026-12-06"))
    assert findings(period.simulated(), "overlaps") == []


def test_a_day_is_the_tenants_own(period: Period) -> None:
    """Eleven in the evening and one in the night are two days in New York, and one in UTC."""
    period.edit(HELLO, "2026-12-05T10:00", "2026-12-05T23:00")
    period.write("cider", SECOND.replace("2026-12-05T12:00", "2026-12-06T01:00"))
    found = period.simulated()
    assert [send.hour for send in found.sends] == ["2026-12-05T23", "2026-12-06T01"]
    assert findings(found, "overlaps") == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "says"),
    [
        (
            "2026-12-05T10:00",
            "2026-11-05T10:00",
            "over",
            "its only time was 2026-11-05T10:00",
        ),
        (
            "2026-12-05T10:00",
            "2026-12-19T10:00",
            "not_due",
            "nothing falls due; the next time is 2026-12-19T10:00",
        ),
        (
            "trigger: {at: 2026-12-05T10:00}",
            'trigger: {cron: "0 9 * * 2"}\nreentry: always\nends: 2026-11-20T00:00',
            "over",
            "it ended 2026-11-20T00:00",
        ),
        (
            "trigger: {at: 2026-12-05T10:00}",
            'trigger: {cron: "0 9 24 12 *"}\nreentry: always\nends: 2026-12-20T00:00',
            "over",
            "nothing falls due in the year that follows either",
        ),
        (
            "trigger: {at: 2026-12-05T10:00}",
            "trigger: {at: publish}\nstarts: 2027-01-02T08:00",
            "not_due",
            "nothing falls due; the next time is 2027-01-02T08:00",
        ),
    ],
)
def test_what_is_not_due_or_over_is_told(
    period: Period, old: str, new: str, kind: str, says: str
) -> None:
    period.edit(HELLO, old, new)
    (found,) = period.simulated().findings
    assert (found.kind, found.campaigns) == (kind, ("hello",))
    assert found.says.startswith(says)


def test_data_that_cannot_be_read_is_a_trouble_of_its_tenant(period: Period) -> None:
    (period.data / "fresh-fields" / "customers.csv").unlink()
    result = period.run()
    assert result.exit_code == 1
    assert "! " in result.stdout
    assert "customers" in result.stdout
    (found,) = findings(period.simulated(), "trouble")
    assert found.tenant == "fresh-fields"
