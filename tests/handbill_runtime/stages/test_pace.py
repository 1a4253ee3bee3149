from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handbill.plan.model import Rate
from handbill_runtime.stages.pace import Pace

TEN = Rate(count=10, seconds=60)
NOON = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_no_more_than_the_rate_in_any_period() -> None:
    pace, now, left = Pace(), NOON, 25
    sent: list[tuple[datetime, int]] = []
    while left:
        now = pace.next_free("mail", TEN, now)
        size = min(pace.free("mail", TEN, now), left, 4)
        assert size > 0
        pace.take("mail", TEN, size, now)
        sent.append((now, size))
        left -= size
        now += SECOND
    for moment, _ in sent:
        window = [size for other, size in sent if moment <= other < moment + 60 * SECOND]
        assert sum(window) <= 10
    assert sent[-1][0] == NOON + 121 * SECOND


def test_providers_do_not_share() -> None:
    pace = Pace()
    pace.take("mail", TEN, 10, NOON)
    assert pace.free("mail", TEN, NOON) == 0
    assert pace.next_free("mail", TEN, NOON) == NOON + 60 * SECOND
    assert pace.free("text", TEN, NOON) == 10
    assert pace.next_free("text", TEN, NOON) == NOON


def test_a_lower_rate_waits_for_enough_to_grow_old() -> None:
    pace = Pace()
    for second in range(10):
        pace.take("mail", TEN, 1, NOON + second * SECOND)
    two, now = Rate(count=2, seconds=60), NOON + 10 * SECOND
    assert pace.free("mail", two, now) == 0
    assert pace.next_free("mail", two, now) == NOON + 68 * SECOND


def test_a_clock_that_is_set_back_does_not_stop_the_provider() -> None:
    pace = Pace()
    pace.take("mail", TEN, 10, NOON)
    earlier = NOON - timedelta(hours=3)
    assert pace.free("mail", TEN, earlier) == 10
    assert pace.next_free("mail", TEN, earlier) == earlier
