import bisect
import datetime

import pytest

from handbill.plan.zone_offsets import offsets
from handbill.plan.zones import ZoneError, load_zone, to_local

T = datetime.datetime
ZONES = ("America/New_York", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "UTC")


@pytest.mark.parametrize("name", ZONES)
def test_the_table_says_what_the_zone_says(name):
    table, zone = offsets(name), load_zone(name)
    starts = [step.since for step in table]
    instants = [T(1900, 1, 1) + datetime.timedelta(days=97 * n, seconds=n) for n in range(1_129)]
    near = [start + datetime.timedelta(seconds=s) for start in starts[1:] for s in (-1, 0, 1)]
    for instant in instants + near:
        step = table[bisect.bisect_right(starts, instant) - 1]
        assert to_local(instant, zone) - instant == datetime.timedelta(seconds=step.seconds)


def test_the_last_years_follow_the_standing_rule():
    last, before = offsets("America/New_York")[-1], offsets("America/New_York")[-2]
    assert (last.since, last.seconds) == (T(2199, 11, 3, 6), -5 * 3600)
    assert (before.since, before.seconds) == (T(2199, 3, 10, 7), -4 * 3600)


def test_a_zone_without_changes_has_one_offset():
    assert [step.seconds for step in offsets("UTC")] == [0]


def test_an_unknown_zone():
    with pytest.raises(ZoneError):
        offsets("Mars/Olympus")
