"""Written forms and what they are worth."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.schema import scalars
from handbill.schema.scalars import ScalarError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1 second", 1),
        ("90 minutes", 5_400),
        ("1 hour", 3_600),
        ("3 days", 259_200),
        ("2 weeks", 1_209_600),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    assert scalars.parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("72h", "72 hours"),
        ("3d", "3 days"),
        ("1day", "1 day"),
        ("2 Wks", "2 weeks"),
        ("5 sec", "5 seconds"),
        ("30s", "30 seconds"),
        ("7", "7 days"),
        ("7 jours", "7 days"),
        ("1.5 hours", "90 minutes"),
        ("a week", "1 week"),
        ("30 moons", "30 days"),
        ("two days", "N days"),
        ("0 days", "N days"),
        ("-1 day", "N days"),
        ("3 days\n", "3 days"),
        ("999999 weeks", "3650 days"),
        ("3 months", "90 days"),
    ],
)
def test_durations_nearly(text: str, hint: str) -> None:
    with pytest.raises(ScalarError) as error:
        scalars.parse_duration(text)
    assert error.value.hint == hint


def test_rates() -> None:
    assert scalars.parse_rate("3 per 7 days") == (3, 604_800)
    assert scalars.parse_rate("200 per second") == (200, 1)
    assert scalars.parse_rate("0 per day") == (0, 86_400)
    for text in ("3/week", "3 per", "per day", "3 per 0 days", "3 per 99999 weeks"):
        with pytest.raises(ScalarError):
            scalars.parse_rate(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("10%", 100_000), ("0.5%", 5_000), ("0%", 0), ("100%", 1_000_000), ("0.0001%", 1)],
)
def test_shares(text: str, parts: int) -> None:
    assert scalars.parse_share(text) == parts


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("10", "10%"),
        ("10 %", "10%"),
        ("0.1", "10%"),
        ("101%", "100%"),
        ("-1%", "N%"),
        ("12,5", "12.5%"),
        ("5 percent", "5%"),
    ],
)
def test_shares_nearly(text: str, hint: str) -> None:
    with pytest.raises(ScalarError) as error:
        scalars.parse_share(text)
    assert error.value.hint == hint


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("09:00-20:00", (540, 1200)), ("21:00-08:00", (1260, 480)), ("00:00-24:00", (0, 1440))],
)
def test_windows(text: str, minutes: tuple[int, int]) -> None:
    assert scalars.parse_window(text) == minutes


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("9-17", '"09:00-17:00"'),
        ("9am-8pm", '"09:00-20:00"'),
        ("9:00 to 20:30", '"09:00-20:30"'),
        ("12am-12pm", '"00:00-12:00"'),
        ("25-99", '"HH:MM-HH:MM"'),
        ("always", '"HH:MM-HH:MM"'),
        ("9-5", '"09:00-HH:MM"'),
        ("21-8", '"21:00-08:00"'),
        ("09:00-24:30", '"09:00-24:00"'),
        ("09:00-09:00", '"09:00-HH:MM"'),
    ],
)
def test_windows_nearly(text: str, hint: str) -> None:
    with pytest.raises(ScalarError) as error:
        scalars.parse_window(text)
    assert error.value.hint == hint


def test_times() -> None:
    assert scalars.parse_local_datetime("2026-12-05T10:00") == datetime(2026, 12, 5, 10)
    assert scalars.parse_local_date("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2026-12-05 9:00", "2026-12-05T09:00"),
        ("2026-12-05", "2026-12-05THH:MM"),
        ("2026-11-31T10:00", "2026-11-30T10:00"),
        ("2026-02-30T10:00", "2026-02-28T10:00"),
        ("2026-13-05T10:00", "YYYY-MM-DDT10:00"),
        ("2026-12-05T10:00Z", "2026-12-05T10:00"),
        ("2026-12-05T10:00\n", "2026-12-05T10:00"),
        ("tomorrow", "YYYY-MM-DDTHH:MM"),
        ("0026-12-05T10:00", "YYYY-12-05T10:00"),
    ],
)
def test_times_nearly(text: str, hint: str) -> None:
    with pytest.raises(ScalarError) as error:
        scalars.parse_local_datetime(text)
    assert error.value.hint == hint


@pytest.mark.parametrize(
    "text", ["2026-02-29", "12/05/2026", "2026-1-1", "1800-01-01", "٢٠٢٦-01-01"]
)
def test_no_dates(text: str) -> None:
    with pytest.raises(ScalarError):
        scalars.parse_local_date(text)


@pytest.mark.parametrize(
    "text", ["0 8 * * WED", "*/15 9-17 * * MON-FRI", "0 0 29 2 *", "0 8 1 * *"]
)
def test_schedules(text: str) -> None:
    scalars.check_cron(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8 * * WED",
        "0 8 * * WED *",
        "61 8 * * *",
        "0 8 30 2 *",
        "@daily",
        "a b c d e",
        "0 8 * * WEDN",
    ],
)
def test_no_schedules(text: str) -> None:
    with pytest.raises(ScalarError):
        scalars.check_cron(text)


PARSERS = [
    scalars.parse_duration,
    scalars.parse_rate,
    scalars.parse_share,
    scalars.parse_window,
    scalars.parse_local_datetime,
    scalars.parse_local_date,
    scalars.check_cron,
]


@given(
    st.sampled_from(PARSERS), st.text(alphabet="0123456789 -:.%/TZperdayhoursWED*,\n", max_size=25)
)
def test_nothing_but_a_scalar_error(parser, text: str) -> None:  # type: ignore[no-untyped-def]
    try:
        parser(text)
    except ScalarError as error:
        assert str(error) and error.hint
