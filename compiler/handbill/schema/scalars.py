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
        raise ScalarError("a rate is a number per time", _near_rate(text))
    seconds = int(match[2] or 1) * SECONDS[match[3]]
    if seconds > MAX_SECONDS:
        raise ScalarError("a rate's time is at most ten years", f"{match[1]} per 3650 days")
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
        raise ScalarError("this window starts when it ends", f'"{text[:5]}-HH:MM"')
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
        raise ScalarError(message, _near_date(text)) from None


def check_cron(text: str) -> None:
    """Raises unless `text` is a five-field cron expression that comes round."""
    from cronsim import CronSim, CronSimError

    if len(text.split()) != 5:
        raise ScalarError(
            "it has five fields (minute, hour, day of the month, month, day of the week), so that "
            "`0 8 * * WED` is every Wednesday at 08:00",
            CRON_FORM,
        )
    _check_cron_fields(text)
    try:
        next(CronSim(text, datetime(2024, 1, 1)))
    except CronSimError as error:
        raise ScalarError(_cron_problem(text, str(error)), CRON_FORM) from None
    except StopIteration:
        raise ScalarError("this schedule never comes round", CRON_FORM) from None


CRON_FORM = '"MINUTE HOUR DAY MONTH WEEKDAY"'
_CRON_FIELDS = {
    "minute": ("minute", "0 to 59"),
    "hour": ("hour", "0 to 23"),
    "day-of-month": ("day of the month", "1 to 31, or L for the last"),
    "month": ("month", "1 to 12, or JAN to DEC"),
    "day-of-week": ("day of the week", "0 to 7 (0 and 7 are Sunday), or SUN to SAT"),
}


def _check_cron_fields(text: str) -> None:
    """Raises for a name of a day or month that is written out: its three letters are the hint."""
    parts = text.split()
    for index, known in ((3, _MONTHS), (4, _DAYS)):
        better = re.sub(r"[A-Za-z]{4,}", lambda word: word[0][:3].upper(), parts[index])
        if better != parts[index] and set(re.findall(r"[A-Z]{3}", better)) <= known:
            fixed = " ".join([*parts[:index], better, *parts[index + 1 :]])
            raise ScalarError("days and months are three letters", f'"{fixed}"')


_DAYS = frozenset({"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"})
_MONTHS = frozenset(
    {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}
)


def _cron_problem(text: str, error: str) -> str:
    """cronsim says `Bad hour`: which field that is, what stands there and what may."""
    name = error.removeprefix("Bad ")
    if name not in _CRON_FIELDS:
        return "this schedule cannot be read"
    what, allowed = _CRON_FIELDS[name]
    written = text.split()[list(_CRON_FIELDS).index(name)]
    return f"the {what} is `{written}`, and it goes from {allowed}"


_DATETIME_RULE = "a date and time is YEAR-MONTH-DAY, the letter T, HOUR:MINUTE, in local time"


def _in_range(value: _Day, text: str) -> _Day:
    if not 1900 <= value.year <= 2199:
        raise ScalarError("years go from 1900 to 2199", f"YYYY{text[4:]}")
    return value


# ── a correct form near to what was written ──────────────────────────────────────────────────────

_UNITS = {
    "s": "second", "sec": "second", "m": "minute", "min": "minute", "h": "hour", "hr": "hour",
    "d": "day", "w": "week", "wk": "week",
    "seconde": "second", "heure": "hour", "jour": "day", "semaine": "week",
    "segundo": "second", "minuto": "minute", "hora": "hour", "día": "day", "dia": "day",
    "semana": "week",
}  # fmt: skip
_LONGER = {"month": 30, "mois": 30, "mes": 30, "year": 365, "an": 365, "année": 365, "año": 365}
"""Units that are no durations here, in days."""
_AMOUNT_AND_UNIT = r"([0-9]{1,6}(?:[.,][0-9]{1,3})?|an?)?[\s-]*([^\W\d_]+)"


def _near_duration(text: str) -> str:
    match = re.match(r"\s*" + _AMOUNT_AND_UNIT, text)
    seconds = _seconds(match[1], match[2]) if match else None
    if match and seconds:
        return _spelled(seconds, _unit(match[2]))
    number = re.match(r"\s*([1-9][0-9]{0,5})\b", text)
    return f"{number[1]} days" if number else "N days"


def _seconds(amount: str | None, unit: str) -> int | None:
    name = _unit(unit)
    each = SECONDS.get(name) or _LONGER.get(name, 0) * SECONDS["day"]
    if not each or not amount:
        return None
    number = Decimal(1) if amount.startswith("a") else Decimal(amount.replace(",", "."))
    return int(number * each)


def _unit(word: str) -> str:
    """`Hrs` → `hour`; a word that is no unit stays as it is."""
    word = word.lower()
    for name in (word, word.removesuffix("s"), word.removesuffix("es")):
        if name in _UNITS or name in SECONDS or name in _LONGER:
            return _UNITS.get(name, name)
    return word


def _spelled(seconds: int, unit: str) -> str:
    """A duration in its own unit where that gives a whole number, else in the largest that does."""
    units = [unit] if unit in SECONDS else []
    units += ["day", "hour", "minute", "second"]
    unit = next(name for name in units if seconds % SECONDS[name] == 0)
    count = seconds // SECONDS[unit]
    return f"{count} {unit}" + ("" if count == 1 else "s")


def _near_rate(text: str) -> str:
    match = re.match(
        r"\s*([0-9]{1,9})\s*(?:x|times|fois|veces)?\s*(?:/|per|par|por|an?|each|every|in)\s*"
        + _AMOUNT_AND_UNIT,
        text,
    )
    seconds = _seconds(match[2] or "1", match[3]) if match else None
    if match and seconds:
        if seconds == SECONDS["week"]:
            return f"{match[1]} per 7 days"
        return f"{match[1]} per {_spelled(seconds, _unit(match[3])).removeprefix('1 ')}"
    number = re.match(r"\s*([0-9]{1,9})\b", text)
    return f"{number[1] if number else 'N'} per N days"


def _near_share(text: str) -> str:
    match = re.match(r"\s*([0-9]{1,3}(?:[.,][0-9]{1,4})?)\s*(?:%|percent|pct)?\s*\Z", text)
    if not match:
        return "N%"
    number = Decimal(match[1].replace(",", "."))
    fraction = "%" not in text and number < 1 and number
    return f"{(number * 100).normalize():f}%" if fraction else f"{number}%"


def _near_window(text: str) -> str:
    times = re.findall(r"([0-9]{1,2})(?:[:h]([0-9]{2})?)?\s*([ap]m)?", text.lower())
    if len(times) == 2:
        hours = [_hour(*time) for time in times]
        bare = not any(minute or half for _, minute, half in times)
        if bare and int(times[1][0]) <= int(times[0][0]) <= 12:
            return f'"{hours[0]}-HH:MM"'  # `9-5` is hardly the night
        if all(hours):
            return f'"{hours[0]}-{hours[1]}"'
    return '"HH:MM-HH:MM"'


def _hour(hour: str, minute: str, half: str) -> str | None:
    value = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)
    return f"{value:02}:{minute or '00'}" if value < 24 else None


def _near_datetime(text: str) -> str:
    day = _near_date(text)
    time = re.match(r"[0-9-]+[ T]+([0-9]{1,2})[:h]([0-9]{2})", text)
    if time and int(time[1]) < 24 and int(time[2]) < 60:
        return f"{day}T{int(time[1]):02}:{time[2]}"
    return f"{day}THH:MM"


def _near_date(text: str) -> str:
    match = re.match(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])", text)
    if match:
        month = f"{match[1]}-{int(match[2]):02}"
        for day in (f"{int(match[3]):02}", "30", "29", "28"):
            with contextlib.suppress(ValueError):
                date.fromisoformat(f"{month}-{day}")
                return f"{month}-{day}"
    return "YYYY-MM-DD"
