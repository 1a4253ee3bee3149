from __future__ import annotations

import datetime

from diff_world import AT, HELLO, campaign, side

from handbill.diff.timing import next_times, timing_change
from handbill.plan.model import Plan

WEEKLY = (("{at: 2026-12-05T10:00}", '{cron: "0 10 * * SAT"}'),)


def plan(*replaced: tuple[str, str], more: str = "reentry: always\n") -> Plan:
    found = side({HELLO: campaign(*replaced, more=more)}).plan("fresh-fields", "hello")
    assert found is not None
    return found


def test_next_times_are_local_and_of_the_tenant() -> None:
    assert next_times(plan(*WEEKLY), AT) == (
        "2026-11-07T10:00",
        "2026-11-14T10:00",
        "2026-11-21T10:00",
    )


def test_a_clock_change_moves_no_local_time() -> None:
    before = datetime.datetime(2027, 3, 13, 20)
    assert next_times(plan(*WEEKLY), before, most=2) == ("2027-03-20T10:00", "2027-03-27T10:00")


def test_nothing_is_due_before_it_starts_or_once_it_ended() -> None:
    starts = plan(*WEEKLY, more="reentry: always\nstarts: 2026-11-14T10:00\n")
    assert next_times(starts, AT, most=1) == ("2026-11-14T10:00",)
    ends = plan(*WEEKLY, more="reentry: always\nends: 2026-11-14T10:00\n")
    assert next_times(ends, AT) == ("2026-11-07T10:00",)


def test_a_start_that_is_years_ahead_is_looked_for() -> None:
    starts = plan(*WEEKLY, more="reentry: always\nstarts: 2029-01-01T00:00\n")
    assert next_times(starts, AT, most=1) == ("2029-01-06T10:00",)


def test_what_is_over_or_not_active_sends_nothing() -> None:
    assert next_times(plan(), datetime.datetime(2027, 1, 1)) == ()
    assert next_times(plan(("active", "paused")), AT) == ()
    assert next_times(None, AT) == ()
    assert next_times(plan(("2026-12-05T10:00", "publish")), AT) == ()


def test_the_same_timing_is_no_change_unless_it_is_asked_for() -> None:
    one = plan()
    assert timing_change(one, one, AT) is None
    always = timing_change(one, one, AT, always=True)
    assert always is not None and always.fields == ()
    assert always.next_after == ("2026-12-05T10:00",)


def test_whose_clock_counts() -> None:
    mine = plan(("{at: 2026-12-05T10:00}", "{at: 2026-12-05T10:00, timezone: tenant}"))
    theirs = plan()
    change = timing_change(theirs, mine, AT)
    assert change is not None
    assert change.zone == "America/New_York"
    assert [(each.field, each.after) for each in change.fields] == [("trigger.timezone", "tenant")]
    back = timing_change(mine, theirs, AT)
    assert back is not None and back.zone == "each customer's zone"
