import datetime
import subprocess
import sys
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.model import AtTrigger, CronTrigger, PublishTrigger
from handbill.plan.zones import (
    CronError,
    Occurrence,
    ZoneError,
    load_zone,
    minute_of_day,
    occurrences,
    to_local,
    to_utc,
    zone_names,
)

T = datetime.datetime
NEW_YORK = load_zone("America/New_York")
INSTANTS = st.datetimes(T(2000, 1, 1), T(2037, 12, 31))


def fired(cron, zone, after, until):
    return [
        (one.name, one.instant.isoformat(timespec="minutes"))
        for one in occurrences(CronTrigger(cron=cron), zone, after, until)
    ]


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        (T(2026, 3, 8, 1, 59), T(2026, 3, 8, 6, 59)),
        (T(2026, 3, 8, 2, 30), T(2026, 3, 8, 7, 30)),  # a gap: the offset before it
        (T(2026, 3, 8, 3, 0), T(2026, 3, 8, 7, 0)),
        (T(2026, 11, 1, 1, 30), T(2026, 11, 1, 5, 30)),  # an overlap: the earlier
        (T(2026, 11, 1, 2, 0), T(2026, 11, 1, 7, 0)),
    ],
)
def test_local_to_utc(local, instant):
    assert to_utc(local, NEW_YORK) == instant


@given(
    INSTANTS, st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])
)
def test_an_instant_is_never_later_than_its_way_back(instant, name):
    """Through local time and back gives the instant, or the earlier of the two in an overlap."""
    zone = load_zone(name)
    back = to_utc(to_local(instant, zone), zone)
    assert back <= instant
    assert instant - back in (
        datetime.timedelta(0),
        datetime.timedelta(hours=1),
        datetime.timedelta(minutes=30),
    )


def test_cron_in_a_gap_and_in_an_overlap_fires_once():
    assert fired("30 2 * * *", "America/New_York", T(2026, 3, 7, 12), T(2026, 3, 9, 12)) == [
        ("2026-03-08T02:30", "2026-03-08T07:30"),
        ("2026-03-09T02:30", "2026-03-09T06:30"),
    ]
    assert fired("30 1 * * *", "America/New_York", T(2026, 10, 31, 12), T(2026, 11, 2, 12)) == [
        ("2026-11-01T01:30", "2026-11-01T05:30"),
        ("2026-11-02T01:30", "2026-11-02T06:30"),
    ]


def test_occurrences_are_in_the_order_of_instants_around_a_gap():
    """02:30 does not exist and fires at 03:30, after what is written for 03:15."""
    found = fired("15,30 2,3 * * *", "America/New_York", T(2026, 3, 8, 6), T(2026, 3, 8, 8))
    instants = [instant for _, instant in found]
    assert instants == sorted(instants)
    assert {name for name, _ in found} == {
        "2026-03-08T02:15", "2026-03-08T02:30", "2026-03-08T03:15", "2026-03-08T03:30",
    }  # fmt: skip


@given(
    st.datetimes(T(2026, 3, 7), T(2026, 3, 9)),
    st.lists(st.integers(1, 600), min_size=1, max_size=6),
    st.sampled_from(["*/20 * * * *", "30 2 * * *", "0 0 * * *", "15 1,3 * * *"]),
    st.sampled_from(["America/New_York", "Europe/Paris", "Asia/Kolkata", "Pacific/Apia"]),
)
def test_consecutive_windows_miss_nothing_and_repeat_nothing(start, steps, cron, zone):
    trigger = CronTrigger(cron=cron)
    at, pieces = start, []
    for step in steps:
        until = at + datetime.timedelta(minutes=step)
        pieces.extend(occurrences(trigger, zone, at, until))
        at = until
    assert tuple(pieces) == occurrences(trigger, zone, start, at)


def test_windows_exclude_their_start_and_include_their_end():
    after, until = T(2026, 1, 1, 10), T(2026, 1, 1, 11)
    assert fired("0 * * * *", "UTC", after, until) == [("2026-01-01T11:00", "2026-01-01T11:00")]


def test_a_day_that_samoa_skipped():
    found = fired("0 10 * * *", "Pacific/Apia", T(2011, 12, 28), T(2012, 1, 1))
    assert [name for name, _ in found][:2] == ["2011-12-28T10:00", "2011-12-29T10:00"]
    assert "2011-12-31T10:00" in [name for name, _ in found]


def test_at_fires_once_in_each_zone_and_has_no_name():
    trigger = AtTrigger(at="2026-12-05T10:00")
    day = (T(2026, 12, 5), T(2026, 12, 6))
    assert occurrences(trigger, "Europe/Paris", *day) == (Occurrence(T(2026, 12, 5, 9), ""),)
    assert occurrences(trigger, "America/New_York", *day) == (Occurrence(T(2026, 12, 5, 15), ""),)
    assert occurrences(trigger, "Europe/Paris", T(2026, 12, 5, 9), T(2027, 1, 1)) == ()


def test_publish_has_no_time_of_its_own():
    assert occurrences(PublishTrigger(), "UTC", T(2000, 1, 1), T(2100, 1, 1)) == ()


@pytest.mark.parametrize(
    "name", ["", "EST5EDT4", "../etc/passwd", "/etc/localtime", "america/new_york"]
)
def test_unknown_zones_are_refused(name):
    with pytest.raises(ZoneError):
        load_zone(name)


@pytest.mark.parametrize(
    "cron", ["* * * * * *", "* * * *", "61 * * * *", "x * * * *", "0 0 30 2 *", ""]
)
def test_other_crons_are_refused(cron):
    with pytest.raises(CronError):
        occurrences(CronTrigger(cron=cron), "UTC", T(2026, 1, 1), T(2026, 1, 2))


def test_every_zone_of_the_database_loads():
    assert len(zone_names()) > 500
    for name in zone_names():
        assert to_utc(T(2026, 6, 1), load_zone(name)).year == 2026


def test_the_systems_database_is_not_read():
    code = (
        "import zoneinfo; zoneinfo.reset_tzpath(['/usr/share/zoneinfo']);"
        "import sys; sys.addaudithook(lambda event, args: event == 'open' and "
        "str(args[0]).startswith('/usr/share/zoneinfo') and sys.exit(9));"
        "from handbill.plan.zones import load_zone; load_zone('Europe/Paris')"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert isinstance(load_zone("Europe/Paris"), zoneinfo.ZoneInfo)


def test_minute_of_day():
    assert minute_of_day(T(2026, 1, 1, 21, 5)) == 1265
