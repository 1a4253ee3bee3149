"""What is assumed of every zone, held against zones that did the oddest things."""

from __future__ import annotations

import datetime

import pytest
import z3

from handbill.language.reasoning.formulas.terms import microseconds
from handbill.language.reasoning.formulas.zones import DAY, FARTHEST, FIRST, Zones
from handbill.plan.ir import Operation
from handbill.plan.operations import apply

ODD = (
    "Pacific/Apia", "Pacific/Kwajalein", "Pacific/Kiritimati", "America/Havana", "Africa/Cairo",
    "Asia/Kathmandu", "Asia/Manila", "Antarctica/Troll", "Australia/Lord_Howe", "America/Juneau",
)  # fmt: skip
DAYS = [
    datetime.date(1900, 1, 1) + datetime.timedelta(n)
    for n in (*range(60), *range(25_300, 25_600), *range(40_800, 41_000), *range(0, 109_000, 97))
]


@pytest.mark.parametrize("zone", ODD)
def test_what_is_assumed_holds(zone: str) -> None:
    before = None
    for day in sorted({*DAYS, datetime.date(2199, 12, 31)}):
        start = apply(Operation.DAY_START, (day, zone))
        assert isinstance(start, datetime.datetime)
        assert before is None or before <= start
        before = start
        for at in (start, datetime.datetime(day.year, day.month, day.day, 23, 59)):
            local = apply(Operation.LOCAL_DATE, (at, zone))
            assert isinstance(local, datetime.date)
            assert abs((local.toordinal() - FIRST) * DAY - microseconds(at)) <= FARTHEST
        assert abs((day.toordinal() - FIRST) * DAY - microseconds(start)) <= FARTHEST


def test_the_facts_say_so() -> None:
    facts: list[object] = []
    zones = Zones(facts)
    one, other, early, late = z3.Ints("one other early late")
    zones.day_start(one, "home", early)
    zones.day_start(other, "home", late)
    zones.day_start(z3.Int("third"), "elsewhere", z3.Int("third start"))
    solver = z3.Solver()
    solver.add(*facts, one < other, late < early)
    assert solver.check() == z3.unsat
    at, day = z3.Ints("at day")
    zones.local_date(at, day)
    solver = z3.Solver()
    solver.add(*facts, at == (day - FIRST + 3) * DAY)
    assert solver.check() == z3.unsat
