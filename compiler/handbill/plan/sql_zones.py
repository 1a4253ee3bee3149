"""LOCAL_DATE and DAY_START in DuckDB SQL, without DuckDB's own zones: a table of offsets as a CASE.

The CASE is a balanced tree, so an instant passes ten comparisons whatever the zone's history, and
branches that no row takes cost nothing. DuckDB would take the later of two instants where a local
time comes twice, and may know other rules than the compiler's database.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Sequence
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import TypeAlias

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Call, Const, Operation
from handbill.plan.sql_numbers import Operand, bind
from handbill.plan.sql_text import quoted
from handbill.plan.values import (
    DATE_MAXIMUM,
    DATE_MINIMUM,
    DATETIME_MAXIMUM,
    DATETIME_MINIMUM,
)
from handbill.plan.zone_offsets import Offset, offsets
from handbill.plan.zones import UTC, zone_names

Steps: TypeAlias = tuple[tuple[str, int], ...]
"""A literal from which on an offset counts, and the offset in seconds; the first counts before too."""


def local_date(call: Call, operands: Sequence[Operand], zones: Collection[str] | None) -> str:
    instant, *zone = operands

    def formula(x: str) -> str:
        seconds = _seconds(zone, zones, partial(_at_instant, x))
        day = f"CAST({x} + to_seconds({seconds}) AS DATE)"
        return f"least(greatest({day}, DATE '{DATE_MINIMUM}'), DATE '{DATE_MAXIMUM}')"

    return bind([instant], formula)


def day_start(call: Call, operands: Sequence[Operand], zones: Collection[str] | None) -> str:
    day, *zone = operands

    def formula(x: str) -> str:
        seconds = _seconds(zone, zones, partial(_at_midnight, x))
        instant = f"CAST({x} AS TIMESTAMP) - to_seconds({seconds})"
        earliest, latest = (f"TIMESTAMP '{end}'" for end in (DATETIME_MINIMUM, DATETIME_MAXIMUM))
        return f"least(greatest({instant}, {earliest}), {latest})"

    return bind([day], formula)


ZONED = {Operation.LOCAL_DATE: local_date, Operation.DAY_START: day_start}


def _seconds(
    zone: Sequence[Operand], zones: Collection[str] | None, tree: Callable[[str], str]
) -> str:
    """The offset in the zone that the operands name, given how it is found in one zone."""
    name, *rest = zone
    home = str(rest[0].const().value) if rest else UTC
    if isinstance(name.expression, Const):
        named = str(name.expression.value)
        return tree(named if named in zone_names() else home)
    if zones is None:
        raise PlanCodeError(
            "a rule reads each customer's own zone, and nobody says which there are"
        )
    spellings: dict[tuple[Offset, ...], list[str]] = {}
    for one in sorted(set(zones) & zone_names()):
        spellings.setdefault(offsets(one), []).append(one)
    spellings.pop(offsets(home), None)
    cases = [
        f"WHEN {name.sql} IN ({', '.join(map(quoted, names))}) THEN {tree(names[0])}"
        for names in spellings.values()
    ]
    otherwise = tree(home)
    return f"CASE {' '.join(cases)} ELSE {otherwise} END" if cases else otherwise


@lru_cache(maxsize=32)
def _at_instant(x: str, zone: str) -> str:
    """Remembered: rules often read one field in one zone, and a zone's history is long."""
    return _tree(x, _by_instant(zone))


@lru_cache(maxsize=32)
def _at_midnight(x: str, zone: str) -> str:
    return _tree(x, _by_midnight(zone))


@cache
def _by_instant(zone: str) -> Steps:
    return tuple((f"TIMESTAMP '{step.since}'", step.seconds) for step in offsets(zone))


@cache
def _by_midnight(zone: str) -> Steps:
    """From which date on a midnight has an offset: skipped or repeated, it has the one before."""
    table = offsets(zone)
    steps = [(DATE_MINIMUM, table[0].seconds)]
    for before, after in pairwise(table):
        local = after.since + datetime.timedelta(seconds=max(before.seconds, after.seconds))
        day = local.date()
        if local.time() != datetime.time():
            day += datetime.timedelta(1)
        if steps[-1][0] == day:
            steps.pop()
        steps.append((day, after.seconds))
    return tuple((f"DATE '{day}'", seconds) for day, seconds in steps)


def _tree(x: str, steps: Steps) -> str:
    """The offset of the last step that is not after `x`."""
    if len(steps) == 1:
        return str(steps[0][1])
    middle = len(steps) // 2
    early, late = _tree(x, steps[:middle]), _tree(x, steps[middle:])
    return f"CASE WHEN {x} < {steps[middle][0]} THEN {early} ELSE {late} END"
