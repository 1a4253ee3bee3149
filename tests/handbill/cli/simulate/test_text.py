"""The table of a period for a terminal."""

from __future__ import annotations

from period_world import SECOND, Period


def test_days_channels_campaigns_and_findings(period: Period) -> None:
    period.write("cider", SECOND)
    lines = period.run().stdout.splitlines()
    assert lines[0] == (
        "2026-12-01T05:00Z to 2026-12-08T05:00Z: 24 messages of 1 retailer, nothing sent"
    )
    assert "fresh-fields (America/New_York)" in lines
    assert "  Sat  5 Dec  10:00  email 12" in lines
    assert "              12:00  sms 12" in lines
    assert "  hello (2026-12-05T10:00): 12 of 12 customers" in lines
    assert "    → sms 12 of 12" in lines
    assert "  ~ cider and hello: 12 customers get both within a day" in lines


def test_reasons_stand_beside_what_they_cost(period: Period) -> None:
    period.put(period.rows(5) + "x,x@shop.example,,email.service,3\n" + "y,,,email.service,many\n")
    lines = period.run().stdout.splitlines()
    assert "  hello (2026-12-05T10:00): 5 of 6 customers (no_consent 1)" in lines
    assert "  1 row of its customers cannot be used (lifetime_orders 1)" in lines
