"""The plan's numbers in the words of the configuration: the reverse of `lower.terms`.

What is printed here can be written into a file as it stands: `4 per 7 days`, `10%`, `21:00-08:00`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import assert_never

from handbill.plan.model import (
    MILLION,
    AtTrigger,
    CronTrigger,
    PublishTrigger,
    Rate,
    Reentry,
    Trigger,
    Window,
)

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def duration(seconds: int) -> str:
    """`3 days`, in the largest unit that gives a whole number."""
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    count = seconds // size
    return f"{count} {unit}" + ("" if count == 1 else "s")


def rate(value: Rate) -> str:
    """`4 per 7 days`, `1 per day`."""
    return f"{value.count} per {duration(value.seconds).removeprefix('1 ')}"


def rates(values: Iterable[Rate]) -> str:
    return ", ".join(map(rate, values))


def share(parts: int) -> str:
    """Parts per million as `10%`, with no more digits than it needs."""
    percent = Decimal(parts) * 100 / MILLION
    return f"{percent.normalize():f}%" if percent else "0%"


def window(value: Window) -> str:
    return f"{_time(value.start)}-{_time(value.end)}"


def windows(values: Iterable[Window]) -> str:
    return ", ".join(map(window, values))


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def reentry(value: Reentry) -> str:
    return f"after {duration(value.seconds)}" if value.again == "after" else value.again


def trigger(value: Trigger) -> str:
    match value:
        case AtTrigger(at=at):
            return f"at {at}"
        case CronTrigger(cron=cron):
            return f"cron {cron}"
        case PublishTrigger():
            return "at publish"
        case _:
            assert_never(value)
