from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.store.instant import parse_utc, utc_text


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_reads_back_to_its_precision(moment: datetime) -> None:
    assert parse_utc(utc_text(moment)) == moment.replace(microsecond=0)
    exact = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert parse_utc(utc_text(moment, milliseconds=True)) == exact


def test_another_zone_is_converted() -> None:
    moment = datetime(2026, 12, 5, 10, tzinfo=timezone(timedelta(hours=-5)))
    assert utc_text(moment) == "2026-12-05T15:00:00Z"


def test_a_time_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="zone"):
        utc_text(datetime(2026, 12, 5))


@pytest.mark.parametrize(
    "text",
    ["", "2026-12-05", "2026-12-05T10:00:00", "2026-12-05T10:00:00+00:00", "2026-13-05T10:00:00Z",
     "2026-12-05T10:00:00Z\n", "２026-12-05T10:00:00Z"],
)  # fmt: skip
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_utc(text)
