"""Days as their ordinals, and the calendar around them, exact from 1900 to 2199."""

from __future__ import annotations

from itertools import accumulate

import z3

from handbill.language.reasoning.formulas.terms import Formula
from handbill.plan.values import DATE_MAXIMUM, DATE_MINIMUM

FIRST, LAST = DATE_MINIMUM.toordinal(), DATE_MAXIMUM.toordinal()
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE = (0, *accumulate(_LENGTHS))


def plus_days(day: Formula, days: Formula) -> Formula:
    """Stops at either end of the calendar."""
    moved = day + days
    return z3.If(moved < FIRST, FIRST, z3.If(moved > LAST, LAST, moved))


def weekday(day: Formula) -> Formula:
    """Monday is 1."""
    return (day + 6) % 7 + 1


class Calendar:
    """The year, month and day of the month of days; each day's are introduced once.

    `facts` say what they are: three numbers that only one day has.
    """

    def __init__(self, facts: list[Formula]) -> None:
        self._facts = facts
        self._parts: dict[int, dict[str, Formula]] = {}

    def part(self, day: Formula, name: str) -> Formula:
        key = day.get_id()
        if key not in self._parts:
            self._parts[key] = self._introduced(day, len(self._parts))
        return self._parts[key][name]

    def _introduced(self, day: Formula, number: int) -> dict[str, Formula]:
        year, month, of_month = (z3.Int(f"{part}!{number}") for part in ("year", "month", "day"))
        leap = z3.And(year % 4 == 0, z3.Or(year % 100 != 0, year % 400 == 0))
        before, length = z3.IntVal(0), z3.IntVal(_LENGTHS[0])
        for each in range(2, 13):
            before = z3.If(month == each, _BEFORE[each - 1], before)
            length = z3.If(month == each, _LENGTHS[each - 1], length)
        length = z3.If(z3.And(month == 2, leap), 29, length)
        past = year - 1
        counted = 365 * past + past / 4 - past / 100 + past / 400 + before + of_month
        in_leap = z3.If(z3.And(leap, month > 2), 1, 0)
        in_calendar = z3.And(day >= FIRST, day <= LAST)
        meaning = z3.And(
            year >= DATE_MINIMUM.year,
            year <= DATE_MAXIMUM.year,
            month >= 1,
            month <= 12,
            of_month >= 1,
            of_month <= length,
            day == counted + in_leap,
        )
        self._facts.append(z3.Implies(in_calendar, meaning))
        return {"year": year, "month": month, "day": of_month, "weekday": weekday(day)}
