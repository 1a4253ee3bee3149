"""A trigger as it is typed on a command line, and a moment at which it is due."""

from __future__ import annotations

import re
from datetime import datetime

from cronsim import CronSim, CronSimError

from handbill.authoring.campaign_files import WEEKLY
from handbill.schema.scalars import ScalarError, parse_local_datetime

FROM = datetime(2026, 12, 1)
"""Tests of repeating campaigns run at the first occurrence from here on, whenever they are written."""
_CRON = re.compile(r'\{cron: "([^"\\]*)"\}')
_AT = re.compile(r"\{at: (\S+)\}")


def trigger_yaml(typed: str | None) -> str | None:
    """`0 9 * * MON`, `2026-12-05T10:00` or `publish` as the field's YAML; None for anything else."""
    if typed is None:
        return WEEKLY
    text = typed.strip()
    if text == "publish":
        return "{at: publish}"
    try:
        parse_local_datetime(text)
        return f"{{at: {text}}}"
    except ScalarError:
        return f'{{cron: "{text}"}}' if _first(text) else None


def due_at(trigger: str) -> str | None:
    """A local date-time at which the trigger is due; for `publish` any would do."""
    if cron := _CRON.fullmatch(trigger):
        first = _first(cron[1])
        return f"{first:%Y-%m-%dT%H:%M}" if first else None
    at = _AT.fullmatch(trigger)
    return f"{FROM:%Y-%m-%d}T10:00" if at is None or at[1] == "publish" else at[1]


def _first(cron: str) -> datetime | None:
    try:
        return next(CronSim(cron, FROM), None) if len(cron.split()) == 5 else None
    except CronSimError:
        return None
