"""What each operation means, in Python: the definition that every other back end must equal.

Bodies take evaluated operands and are total on what the language lets through. `row.py` writes the
cheap ones inline (and the lazy ones lazily); the compiler folds constants through `apply`.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from handbill.plan.cases import LOWER, UPPER
from handbill.plan.ir import Operation
from handbill.plan.values import (
    DATE_MAXIMUM,
    DATE_MINIMUM,
    DATETIME_MAXIMUM,
    DATETIME_MINIMUM,
    DAYS_MAXIMUM,
    Value,
)
from handbill.plan.zones import UTC, known_zone, to_local, to_utc

TRIMMED = " \t\n\v\f\r"
ELLIPSIS = "…"
WORD_BREAKS = TRIMMED + "-({[<"
"""TITLE raises the first code point after one of these."""

_WORD = re.compile(f"[^{re.escape(WORD_BREAKS)}]+")


def apply(operation: Operation, arguments: Sequence[Value]) -> Value:
    """The operation on evaluated operands; nothing is lazy here."""
    result: Value = BODIES[operation](*arguments)
    return result


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def round_div(dividend: int, divisor: int) -> int:
    """The quotient rounded to an integer, half away from zero."""
    quotient, remainder = divmod(abs(dividend), abs(divisor))
    if remainder * 2 >= abs(divisor):
        quotient += 1
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def decimal_text(value: int, scale: int) -> str:
    """All digits of the scale: 5 with scale 2 is `0.05`."""
    if scale == 0:
        return str(value)
    digits = str(abs(value)).rjust(scale + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-scale]}.{digits[-scale:]}"


def grouped_text(value: int, scale: int, point: str, group: str, beyond: int = 3) -> str:
    """As decimal_text, with marks between the digits: before the last three, and beyond them before
    each `beyond` (2 or 3): `1,234.50`, `12,34,567`."""
    whole, fraction = divmod(abs(value), 10**scale)
    sign = "-" if value < 0 else ""
    text = _grouped(whole, beyond).replace(",", group)
    return f"{sign}{text}{point}{fraction:0{scale}}" if scale else f"{sign}{text}"


def _grouped(whole: int, beyond: int) -> str:
    if beyond == 3 or whole < 1000:
        return f"{whole:,}"
    digits, parts = str(whole // 1000), [f"{whole % 1000:03}"]
    while digits:
        parts.insert(0, digits[-beyond:])
        digits = digits[:-beyond]
    return ",".join(parts)


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


def truncate(text: str, limit: int) -> str:
    """At most `limit` (≥ 1) code points; the last is … when the text was cut."""
    return text if len(text) <= limit else text[: limit - 1] + ELLIPSIS


def trim(text: str) -> str:
    return text.strip(TRIMMED)


def lower(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(LOWER)


def upper(text: str) -> str:
    return text.upper() if text.isascii() else text.translate(UPPER)


def title(text: str) -> str:
    return _WORD.sub(lambda word: upper(word[0][:1]) + lower(word[0][1:]), text)


# ── dates ────────────────────────────────────────────────────────────────────────────────────────


def plus_days(date: datetime.date, days: int) -> datetime.date:
    """Stays within 1900-01-01 … 2199-12-31, so that it is total."""
    place = (date - DATE_MINIMUM).days + days
    if place <= 0:
        return DATE_MINIMUM
    if place >= DAYS_MAXIMUM:
        return DATE_MAXIMUM
    return DATE_MINIMUM + datetime.timedelta(place)


def days_between(first: datetime.date, second: datetime.date) -> int:
    return (second - first).days


def date_part(date: datetime.date, part: str) -> int:
    match part:
        case "year":
            return date.year
        case "month":
            return date.month
        case "day":
            return date.day
        case "weekday":
            return date.isoweekday()
        case _:
            raise ValueError(f"no such part of a date: {part}")


def local_date(instant: datetime.datetime, zone: str | None, home: str = UTC) -> datetime.date:
    """The date in a zone at an instant; the calendar's last day stands for what is after it."""
    local = to_local(instant, known_zone(zone, home)).date()
    return min(max(local, DATE_MINIMUM), DATE_MAXIMUM)


@lru_cache(maxsize=4096)  # a window over a relation asks for the same day at every row
def day_start(date: datetime.date, zone: str | None, home: str = UTC) -> datetime.datetime:
    """The instant at which a day begins in a zone: where its midnight is skipped by the offset before
    the change, where it comes twice the earlier one. Within the range of instants."""
    midnight = datetime.datetime.combine(date, datetime.time())
    return min(max(to_utc(midnight, known_zone(zone, home)), DATETIME_MINIMUM), DATETIME_MAXIMUM)


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def average(items: Sequence[int], factor: int) -> int | None:
    return round_div(sum(items) * factor, len(items)) if items else None


# ── the table ────────────────────────────────────────────────────────────────────────────────────


def _default(value: Any, fallback: Any) -> Any:
    return fallback if value is None else value


BODIES: Mapping[Operation, Callable[..., Any]] = {
    Operation.AND: lambda *conditions: all(conditions),
    Operation.OR: lambda *conditions: any(conditions),
    Operation.NOT: operator.not_,
    Operation.IF: lambda condition, then, otherwise: then if condition else otherwise,
    Operation.IS_DEFINED: lambda value: value is not None,
    Operation.DEFAULT: _default,
    Operation.EQ: operator.eq,
    Operation.NE: operator.ne,
    Operation.LT: operator.lt,
    Operation.LE: operator.le,
    Operation.GT: operator.gt,
    Operation.GE: operator.ge,
    Operation.IN: lambda value, *members: value in members,
    Operation.LIST_CONTAINS: lambda items, value: value in items,
    Operation.ADD: operator.add,
    Operation.SUB: operator.sub,
    Operation.MUL: operator.mul,
    Operation.NEG: operator.neg,
    Operation.ABS: abs,
    Operation.FLOOR_DIV: operator.floordiv,
    Operation.MOD: operator.mod,
    Operation.ROUND_DIV: round_div,
    Operation.CONCAT: lambda *texts: "".join(texts),
    Operation.INT_TEXT: str,
    Operation.DECIMAL_TEXT: decimal_text,
    Operation.GROUPED_TEXT: grouped_text,
    Operation.LENGTH: len,
    Operation.TRUNCATE: truncate,
    Operation.CONTAINS: operator.contains,
    Operation.STARTS_WITH: str.startswith,
    Operation.ENDS_WITH: str.endswith,
    Operation.TRIM: trim,
    Operation.LOWER: lower,
    Operation.UPPER: upper,
    Operation.TITLE: title,
    Operation.REPLACE: str.replace,
    Operation.PLUS_DAYS: plus_days,
    Operation.DAYS_BETWEEN: days_between,
    Operation.DATE_PART: date_part,
    Operation.CHOOSE: lambda place, *choices: choices[place - 1],
    Operation.COUNT: len,
    Operation.LOCAL_DATE: local_date,
    Operation.DAY_START: day_start,
    Operation.FIRST: lambda items: items[0] if items else None,
    Operation.LAST: lambda items: items[-1] if items else None,
    Operation.ITEM: lambda items, place: items[place] if place < len(items) else None,
    Operation.SUM: sum,
    Operation.AVERAGE: average,
    Operation.MINIMUM: lambda items: min(items, default=None),
    Operation.MAXIMUM: lambda items: max(items, default=None),
    Operation.SLICE: lambda items, limit: items[:limit],
    Operation.JOIN: lambda items, separator: separator.join(items),
}
