"""The calendar in formulas: every part of awkward days, and no other."""

from __future__ import annotations

import datetime

import pytest
import z3

from handbill.language.reasoning.formulas.dates import Calendar, plus_days, weekday
from handbill.plan.ir import Operation
from handbill.plan.operations import apply

DAYS = [
    datetime.date(*parts)
    for parts in (
        (1900, 1, 1), (1900, 2, 28), (1900, 3, 1), (1999, 12, 31), (2000, 2, 29), (2000, 12, 31),
        (2024, 2, 29), (2025, 2, 28), (2026, 11, 24), (2100, 2, 28), (2100, 3, 1), (2199, 12, 31),
    )
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_parts_of_a_day(day: datetime.date) -> None:
    facts: list[object] = []
    calendar, symbol = Calendar(facts), z3.Int("day")
    parts = {name: calendar.part(symbol, name) for name in ("year", "month", "day", "weekday")}
    solver = z3.Solver()
    solver.add(*facts, symbol == day.toordinal())
    assert solver.check() == z3.sat
    model = solver.model()
    for name, part in parts.items():
        found = model.eval(part, model_completion=True).as_long()
        assert found == apply(Operation.DATE_PART, (day, name))
        solver.push()
        solver.add(part != found)
        assert solver.check() == z3.unsat, f"{name} could be another"
        solver.pop()


def test_days_stop_at_the_ends_of_the_calendar() -> None:
    for day in DAYS:
        for days in (-200_000, -1, 0, 1, 31, 200_000):
            made = z3.simplify(plus_days(z3.IntVal(day.toordinal()), z3.IntVal(days)))
            expected = apply(Operation.PLUS_DAYS, (day, days))
            assert isinstance(expected, datetime.date)
            assert made.as_long() == expected.toordinal()
    assert z3.simplify(weekday(z3.IntVal(DAYS[0].toordinal()))).as_long() == 1
