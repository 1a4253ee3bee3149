"""Local days and the instants at which they begin: what holds in every zone there is."""

from __future__ import annotations

import datetime

import z3

from handbill.language.reasoning.formulas.terms import EPOCH, Formula

DAY = 86_400_000_000
"""Microseconds."""
FARTHEST = 2 * DAY
"""No zone is as far from UTC, and no clock change as long."""
FIRST = datetime.date(EPOCH.year, EPOCH.month, EPOCH.day).toordinal()


class Zones:
    """Each zone's own rules are unknown; `facts` say what all of them have in common."""

    def __init__(self, facts: list[Formula]) -> None:
        self._facts = facts
        self._starts: dict[str, list[tuple[Formula, Formula]]] = {}

    def local_date(self, instant: Formula, day: Formula) -> Formula:
        """`day` stands for the date at `instant` in some zone."""
        self._near((day - FIRST) * DAY, instant)
        return day

    def day_start(self, day: Formula, zone: str, instant: Formula) -> Formula:
        """`instant` stands for the beginning of `day` in `zone`: no later day begins earlier."""
        self._near((day - FIRST) * DAY, instant)
        known = self._starts.setdefault(zone, [])
        for other_day, other in known:
            self._facts += [
                z3.Implies(day <= other_day, instant <= other),
                z3.Implies(other_day <= day, other <= instant),
            ]
        known.append((day, instant))
        return instant

    def _near(self, one: Formula, other: Formula) -> None:
        self._facts += [one - other <= FARTHEST, other - one <= FARTHEST]
