"""Sending hours in the recipient's zone, clock changes included."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.model import Sender, Window
from handbill_runtime.stages.hours import (
    instant_of,
    is_zone,
    local_date,
    next_sending_time,
    waiting_reason,
)

NIGHT = Window(start=21 * 60, end=8 * 60)
LUNCH = Window(start=12 * 60, end=13 * 60)
MORNING = Window(start=9 * 60, end=11 * 60)


def sender(quiet: tuple[Window, ...] = (), windows: tuple[Window, ...] = ()) -> Sender:
    return Sender(
        providers=("mail",), sender="", quiet_hours=quiet, windows=windows, expires_seconds=3600
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("how", "zone", "now", "then"),
    [
        (sender(), "America/New_York", "2026-12-05T03:00:30", "2026-12-05T03:00:30"),
        (sender((NIGHT,)), "America/New_York", "2026-12-05T17:00", "2026-12-05T17:00"),
        (sender((NIGHT,)), "America/New_York", "2026-12-05T03:00:30", "2026-12-05T13:00"),
        (sender((NIGHT,)), "America/Los_Angeles", "2026-12-05T03:00", "2026-12-05T03:00"),
        (sender((NIGHT, LUNCH)), "Europe/Paris", "2026-12-05T11:30", "2026-12-05T12:00"),
        (sender((), (MORNING,)), "UTC", "2026-12-05T11:00", "2026-12-06T09:00"),
        (sender((NIGHT,), (MORNING,)), "UTC", "2026-12-05T02:00", "2026-12-05T09:00"),
        # the night of the change to summer time has an hour less
        (sender((NIGHT,)), "America/New_York", "2026-03-08T04:00", "2026-03-08T12:00"),
        # and this one an hour more
        (sender((NIGHT,)), "America/New_York", "2026-11-01T04:00", "2026-11-01T13:00"),
    ],
)
def test_next(how: Sender, zone: str, now: str, then: str) -> None:
    assert next_sending_time(how, zone, at(now)) == at(then)


def test_never() -> None:
    quiet = Window(start=9 * 60, end=11 * 60)
    assert next_sending_time(sender((quiet,), (MORNING,)), "UTC", at("2026-12-05T08:00")) is None


def test_a_window_in_the_hour_that_is_skipped_or_repeated() -> None:
    only = sender((), (Window(start=2 * 60 + 10, end=2 * 60 + 20),))
    skipped = next_sending_time(only, "America/New_York", at("2026-03-08T06:00"))
    assert skipped is not None
    assert skipped > at("2026-03-08T06:00")
    repeated = sender((), (Window(start=60 + 10, end=60 + 20),))
    second = next_sending_time(repeated, "America/New_York", at("2026-11-01T06:30"))
    assert second == at("2026-11-02T06:10")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 30)),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
)
def test_the_answer_is_later_or_now(now: datetime, start: int, end: int, zone: str) -> None:
    instant = now.replace(tzinfo=UTC)
    then = next_sending_time(sender((Window(start=start, end=end),)), zone, instant)
    assert then is not None
    assert then >= instant


def test_reasons() -> None:
    how = sender((NIGHT,), (MORNING,))
    assert waiting_reason(how, "UTC", at("2026-12-05T22:00")) == "quiet_hours"
    assert waiting_reason(how, "UTC", at("2026-12-05T15:00")) == "outside_window"


def test_local_dates_and_instants() -> None:
    assert local_date(at("2026-12-05T03:00"), "America/New_York") == date(2026, 12, 4)
    assert instant_of("2026-12-05", "America/New_York") == at("2026-12-05T05:00")
    assert instant_of("2026-12-18T12:00", "Europe/Paris") == at("2026-12-18T11:00")
    assert is_zone("America/New_York")
    assert not is_zone("Mars/Olympus")
