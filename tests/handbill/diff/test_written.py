"""What is printed of numbers is read back as the same numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.diff import written
from handbill.plan.model import AtTrigger, CronTrigger, PublishTrigger, Rate, Reentry, Window
from handbill.schema.scalars import parse_duration, parse_rate, parse_share, parse_window


@given(
    st.integers(1, 999_999),
    st.sampled_from([1, 60, 3_600, 86_400]),
)
def test_durations_and_rates(count: int, unit: int) -> None:
    seconds = min(count * unit, 10 * 366 * 86_400)
    if len(written.duration(seconds).split()[0]) <= 6:
        assert parse_duration(written.duration(seconds)) == seconds
        rate = written.rate(Rate(count=count, seconds=seconds))
        assert parse_rate(rate) == (count, seconds)


@given(st.integers(0, 1_000_000))
def test_shares(parts: int) -> None:
    assert parse_share(written.share(parts)) == parts


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_windows(start: int, end: int) -> None:
    if start != end:
        assert parse_window(written.window(Window(start=start, end=end))) == (start, end)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Reentry(again="never"), "never"),
        (Reentry(again="after", seconds=60 * 86_400), "after 60 days"),
    ],
)
def test_reentry(value: Reentry, text: str) -> None:
    assert written.reentry(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (AtTrigger(at="2026-12-05T10:00"), "at 2026-12-05T10:00"),
        (CronTrigger(cron="0 10 * * TUE"), "cron 0 10 * * TUE"),
        (PublishTrigger(), "at publish"),
    ],
)
def test_triggers(value: AtTrigger | CronTrigger | PublishTrigger, text: str) -> None:
    assert written.trigger(value) == text


def test_several() -> None:
    rates = (Rate(count=1, seconds=86_400), Rate(count=4, seconds=7 * 86_400))
    assert written.rates(rates) == "1 per day, 4 per 7 days"
    windows = (Window(start=0, end=480), Window(start=1260, end=1440))
    assert written.windows(windows) == "00:00-08:00, 21:00-24:00"
