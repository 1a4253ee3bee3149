"""Written durations, rates, shares and windows → the plan's numbers. Takes checked values only."""

from __future__ import annotations

from collections.abc import Iterable

from handbill.plan.model import (
    AtTrigger,
    CronTrigger,
    PublishTrigger,
    Rate,
    Reentry,
    Trigger,
    Window,
)
from handbill.schema.models import campaign as written
from handbill.schema.scalars import parse_duration, parse_rate, parse_window


def rate(text: str) -> Rate:
    count, seconds = parse_rate(text)
    return Rate(count=count, seconds=seconds)


def rates(texts: Iterable[str]) -> tuple[Rate, ...]:
    """Distinct rates, shortest time first: the same caps from any order of layers."""
    distinct = {parse_rate(text) for text in texts}
    return tuple(Rate(count=n, seconds=s) for n, s in sorted(distinct, key=lambda r: (r[1], r[0])))


def windows(texts: Iterable[str | None]) -> tuple[Window, ...]:
    distinct = {parse_window(text) for text in texts if text is not None}
    return tuple(Window(start=start, end=end) for start, end in sorted(distinct))


def reentry(field: written.Reentry | None) -> Reentry:
    """Absent means never: only `at` campaigns may leave it out, and they fire once."""
    match field:
        case None | "never":
            return Reentry(again="never")
        case "always":
            return Reentry(again="always")
        case written.ReentryAfter(after=after):
            return Reentry(again="after", seconds=parse_duration(after))


def trigger(field: written.Trigger) -> Trigger:
    match field:
        case written.AtTrigger(at="publish"):
            return PublishTrigger()
        case written.AtTrigger(at=at, timezone=zone, missed=missed):
            return AtTrigger(at=at, timezone=zone, missed=missed)
        case written.CronTrigger(cron=cron, timezone=zone, missed=missed):
            return CronTrigger(cron=" ".join(cron.split()), timezone=zone, missed=missed)
