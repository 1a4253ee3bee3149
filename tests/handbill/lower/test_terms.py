"""Written durations, rates, windows and triggers as the plan's numbers."""

from __future__ import annotations

import itertools

import pytest

from handbill.lower.terms import rate, rates, reentry, trigger, windows
from handbill.plan.model import AtTrigger, CronTrigger, PublishTrigger, Rate, Reentry, Window
from handbill.schema.models import campaign as written


def test_rates_do_not_depend_on_the_order_of_layers() -> None:
    texts = ["3 per 7 days", "1 per day", "2 per 7 days", "3 per week", "1 per 24 hours"]
    expected = (Rate(count=1, seconds=86_400), Rate(count=2, seconds=604_800),
                Rate(count=3, seconds=604_800))  # fmt: skip
    for order in itertools.permutations(texts):
        assert rates(order) == expected
    assert rate("200 per second") == Rate(count=200, seconds=1)


def test_windows_once_and_sorted() -> None:
    texts = ["21:00-08:00", None, "09:00-20:00", "21:00-08:00"]
    assert windows(texts) == (Window(start=540, end=1200), Window(start=1260, end=480))
    assert windows([None]) == ()


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (None, Reentry(again="never")),
        ("never", Reentry(again="never")),
        ("always", Reentry(again="always")),
        (written.ReentryAfter(after="60 days"), Reentry(again="after", seconds=5_184_000)),
    ],
)
def test_reentry(field: written.Reentry | None, expected: Reentry) -> None:
    assert reentry(field) == expected


def test_triggers() -> None:
    at = written.AtTrigger(at="2026-12-05T10:00", timezone="tenant", missed="skip")
    assert trigger(at) == AtTrigger(at="2026-12-05T10:00", timezone="tenant", missed="skip")
    assert trigger(written.AtTrigger(at="publish")) == PublishTrigger()
    cron = written.CronTrigger(cron="0  8 * *   WED")
    assert trigger(cron) == CronTrigger(cron="0 8 * * WED")
