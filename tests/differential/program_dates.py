"""Dates and instants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nasty_values import ZONES
from program_parts import DATE, DATETIME, RUN_DATE, Facts, O, bounds, call, fits, integer, text

from handbill.plan.ir import Expression
from handbill.plan.types import DatetimeType, DateType, IntType

if TYPE_CHECKING:
    from program_generator import Generator


def make_plus_days(g: Generator, depth: int, facts: Facts) -> Expression | None:
    days = (
        g.int(depth, facts)
        if g.random.random() < 0.4
        else integer(g.random.choice((0, 1, -1, 30, 365, 40_000)))
    )
    if not fits(*bounds(days)):
        return None
    return call(O.PLUS_DAYS, DATE, g.date(depth, facts), days)


def make_default_date(g: Generator, depth: int, facts: Facts) -> Expression:
    value = g.optional_value(depth, facts, DateType)
    return call(O.DEFAULT, DATE, value, g.date(depth, facts))


WEIGHTS = (1, 2, 1, 4, 2, 1, 1)
"""Of the zones: a long table takes DuckDB long to read."""


def zone(g: Generator) -> tuple[Expression, ...]:
    """A zone that all customers have, or each customer's own with the one that counts else."""
    if g.random.random() < 0.15:
        home = (text(g.random.choice(ZONES[1:4])),) if g.random.random() < 0.7 else ()
        return (g.named("maybe_zone"), *home)
    return (text(g.random.choices(ZONES, WEIGHTS)[0]),)


def make_local_date(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.LOCAL_DATE, DATE, g.datetime(depth, facts), *zone(g))


def make_day_start(g: Generator, depth: int, facts: Facts) -> Expression:
    day: Expression = RUN_DATE
    if g.random.random() < 0.3:
        day = call(O.PLUS_DAYS, DATE, RUN_DATE, integer(g.random.choice((-59, 1, -4000))))
    elif g.random.random() < 0.8:
        day = g.date(depth, facts)
    return call(O.DAY_START, DATETIME, day, *zone(g))


def make_default_datetime(g: Generator, depth: int, facts: Facts) -> Expression:
    value = g.optional_value(depth, facts, DatetimeType)
    return call(O.DEFAULT, DATETIME, value, g.datetime(depth, facts))


def make_days_between(g: Generator, depth: int, facts: Facts) -> Expression:
    days = IntType(-120_000, 120_000)
    return call(O.DAYS_BETWEEN, days, g.date(depth, facts), g.date(depth, facts))


def make_date_part(g: Generator, depth: int, facts: Facts) -> Expression:
    part = g.random.choice(("year", "month", "day", "weekday"))
    return call(O.DATE_PART, IntType(1, 2199), g.date(depth, facts), text(part))
