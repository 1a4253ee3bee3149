"""Instants as text: UTC, `2026-12-05T10:00:00Z`, in receipts with milliseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", re.ASCII)


def utc_text(moment: datetime, *, milliseconds: bool = False) -> str:
    """`moment` must know its zone (ValueError: a bug); what is finer is cut off."""
    if moment.tzinfo is None:
        raise ValueError("an instant without a zone")
    precision = "milliseconds" if milliseconds else "seconds"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def parse_utc(text: str) -> datetime:
    """The instant; raises ValueError for anything but the two spellings above."""
    if _TEXT.fullmatch(text) is None:
        raise ValueError(f"not a UTC instant: {text!r}")
    return datetime.fromisoformat(text)
