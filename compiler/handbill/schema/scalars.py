"""The written forms of durations, rates, shares, windows and times → numbers.

Each parser takes exactly what its JSON Schema pattern takes, and raises ScalarError with the reason
in the author's words for everything else. The checker makes diagnostics of these; after a checked
document no parser raises.
"""

from __future__ import annotations

import contextlib
import re
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

MILLION = 1_000_000
SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
MAX_SECONDS = 10 * 366 * 86_400
_DURATION = re.compile(r"([1-9][0-9]{0,5}) (second|minute|hour|day|week)(s?)\Z")
_RATE = re.compile(r"([0-9]{1,9}) per (?:([1-9][0-9]{0,5}) )?(second|minute|hour|day|week)s?\Z")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)%\Z")
_WINDOW = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])\Z")
_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_Day = TypeVar("_Day", bound=date)


class ScalarError(ValueError):
    """`str(error)` says what is wrong; `hint` is a correct form near to what was meant."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def parse_duration(text: str) -> int:
    """`3 days` → seconds. From one second to ten years."""
    match = _DURATION.match(text)
    if not match:
        raise ScalarError("a duration is a number, a space and a unit", _near_duration(text))
    seconds = int(match[1]) * SECONDS[match[2]]
    if seconds > MAX_SECONDS:
        raise ScalarError("a duration is at most ten years", "3650 days")
    return seconds


def parse_rate(text: str) -> tuple[int, int]:
    """`3 per 7 days` → (3, seconds); `200 per second` → (200, 1)."""
    match = _RATE.match(text)
    if not match:
        raise ScalarError("a rate is a number per time", "3 per 7 days")
    seconds = int(match[2] or 1) * SECONDS[match[3]]
    if seconds > MAX_SECONDS:
        raise ScalarError("a rate's time is at most ten years", "3 per 7 days")
    return int(match[1]), seconds


def parse_share(text: str) -> int:
    """`10%` → parts per million, 100_000."""
    match = _SHARE.match(text)
    if not match:
        raise ScalarError("a share is a number and a percent sign", _near_share(text))
    parts = int(Decimal(match[1]) * (MILLION // 100))
    if parts > MILLION:
        raise ScalarError("a share is at most 100%", "100%")
    return parts


def parse_window(text: str) -> tuple[int, int]:
    """`21:00-08:00` → minutes of the day (1260, 480); the end is exclusive and may be 24:00."""
    match = _WINDOW.match(text)
    if not match:
        raise ScalarError(
            "a window is two local times, each with two digits for the hour", _near_window(text)
        )
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if end > 24 * 60:
        raise ScalarError("the day ends at 24:00", f'"{text[:5]}-24:00"')
    if start == end:
        raise ScalarError("this window starts when it ends", '"09:00-20:00"')
    return start, end


def parse_local_datetime(text: str) -> datetime:
    """`2026-12-05T10:00` → a naive datetime; 1900 to 2199."""
    try:
        if not _DATETIME.match(text):
            raise ValueError
        return _in_range(datetime.fromisoformat(text), text)
    except ValueError as error:
        if isinstance(error, ScalarError):
            raise
        message = "there is no such day or hour" if _DATETIME.match(text) else _DATETIME_RULE
        raise ScalarError(message, _near_datetime(text)) from None


def parse_local_date(text: str) -> date:
    """`2026-12-05` → a date; 1900 to 2199."""
    try:
        if not _DATE.match(text):
            raise ValueError
        return _in_range(date.fromisoformat(text), text)
    except ValueError as error:
        if isinstance(error, ScalarError):
            raise
        message = "there is no such day" if _DATE.match(text) else "a date is YEAR-MONTH-DAY"
        raise ScalarError(message, "2026-12-05") from None


def check_cron(text: str) -> None:
    """Raises unless `text` is a five-field cron expression that comes round."""
    from cronsim import CronSim, CronSimError

    if len(text.split()) != 5:
        raise ScalarError(
            "it has five fields (minute, hour, day of the month, month, day of the week), so that "
            "`0 8 * * WED` is every Wednesday at 08:00",
            '"0 8 * * WED"',
        )
    try:
        next(CronSim(text, datetime(2024, 1, 1)))
    except CronSimError as error:
        raise ScalarError(f"this schedule cannot be read ({error})", '"0 8 * * WED"') from None
    except StopIteration:
        raise ScalarError("this schedule never comes round", '"0 8 * * WED"') from None


_DATETIME_RULE = "a date and time is YEAR-MONTH-DAY, the letter T, HOUR:MINUTE, in local time"


def _in_range(value: _Day, text: str) -> _Day:
    if not 1900 <= value.year <= 2199:
        raise ScalarError("years go from 1900 to 2199", f"2026{text[4:]}")
    return value


# ── a correct form near to what was written ──────────────────────────────────────────────────────

_UNITS = {
    "s": "second", "sec": "second", "m": "minute", "min": "minute", "h": "hour", "hr": "hour",
    "d": "day", "w": "week", "wk": "week",
}  # fmt: skip


def _near_duration(text: str) -> str:
    match = re.match(r"\s*([1-9][0-9]{0,5})[\s-]*([A-Za-z]+)", text)
    if match:
        word = match[2].lower().removesuffix("s") or "s"
        unit = _UNITS.get(word, word)
        if unit in SECONDS:
            return f"{match[1]} {unit}" + ("" if match[1] == "1" else "s")
    number = re.match(r"\s*([1-9][0-9]{0,5})\s*\Z", text)
    return f"{number[1]} days" if number else "3 days"


def _near_share(text: str) -> str:
    match = re.match(r"\s*([0-9]{1,2}(?:\.[0-9]{1,4})?)\s*(?:%|percent)?\s*\Z", text)
    if not match:
        return "10%"
    fraction = "%" not in text and match[1].startswith("0.")
    return f"{(Decimal(match[1]) * 100).normalize():f}%" if fraction else f"{match[1]}%"


def _near_window(text: str) -> str:
    times = re.findall(r"([0-9]{1,2})(?::([0-9]{2}))?\s*([ap]m)?", text.lower())
    if len(times) == 2:
        hours = [_hour(*time) for time in times]
        if all(hours):
            return f'"{hours[0]}-{hours[1]}"'
    return '"09:00-20:00"'


def _hour(hour: str, minute: str, half: str) -> str | None:
    value = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)
    return f"{value:02}:{minute or '00'}" if value < 24 else None


def _near_datetime(text: str) -> str:
    match = re.match(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{1,2}):([0-9]{2}))?", text)
    if match:
        month, time = match[1][:8], f"T{int(match[2] or 10):02}:{match[3] or '00'}"
        for day in (match[1][8:], "30", "29", "28"):
            with contextlib.suppress(ValueError):
                datetime.fromisoformat(f"{month}{day}{time}")
                return f"{month}{day}{time}"
    return "2026-12-05T10:00"
