"""Local dates and the beginnings of days, as SQL, against the bodies in Python."""

import datetime

import duckdb
import pytest

from handbill.plan import operations
from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Call, Const, Field
from handbill.plan.ir import Operation as O
from handbill.plan.sql import lower_expression
from handbill.plan.types import DatetimeType, DateType, StringType
from handbill.plan.zone_offsets import offsets

D, T = datetime.date, datetime.datetime
NAME = StringType(40)
ZONES = ("America/New_York", "America/Sao_Paulo", "America/Havana", "Pacific/Apia", "Asia/Gaza")


def lowered(operation, type, *zone, zones=None):
    call = Call(operation, (Field(("customer", "x"), type), *zone), type)
    return lower_expression(call, lambda path: path[-1], zones)


def run(sql, cells):
    """The SQL over rows (x, zone)."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (n INTEGER, x TIMESTAMP, zone VARCHAR)")
    rows = [(n, x, zone) for n, (x, zone) in enumerate(cells)]
    connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    cast = "CAST(x AS DATE) AS x" if cells and type(cells[0][0]) is datetime.date else "x"
    query = f"SELECT {sql} FROM (SELECT n, {cast}, zone FROM t) ORDER BY n"
    return [value for (value,) in connection.execute(query).fetchall()]


def near_changes(zone):
    """Around each change of ten recent years, and the ends of the calendar."""
    found = [T(1900, 1, 1), T(2199, 12, 31, 23, 59, 59)]
    for step in offsets(zone):
        if 2010 <= step.since.year < 2020:
            found += [step.since + datetime.timedelta(hours=h) for h in (-25, -1, 0, 1, 25)]
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_local_dates_and_the_beginnings_of_days(zone):
    named = Const(NAME, zone)
    instants = near_changes(zone)
    assert run(lowered(O.LOCAL_DATE, DatetimeType(), named), [(x, "") for x in instants]) == [
        operations.local_date(x, zone) for x in instants
    ]
    days = [x.date() for x in instants]
    assert run(lowered(O.DAY_START, DateType(), named), [(x, "") for x in days]) == [
        operations.day_start(x, zone) for x in days
    ]


def test_a_midnight_that_is_skipped_and_one_that_comes_twice():
    sao_paulo, havana = (Const(NAME, zone) for zone in ("America/Sao_Paulo", "America/Havana"))
    gap, overlap = D(2018, 11, 4), D(2025, 11, 2)
    assert run(lowered(O.DAY_START, DateType(), sao_paulo), [(gap, "")]) == [T(2018, 11, 4, 3)]
    assert run(lowered(O.DAY_START, DateType(), havana), [(overlap, "")]) == [T(2025, 11, 2, 4)]


def test_each_customers_own_zone_or_the_home():
    zone, home = Field(("customer", "zone"), NAME), Const(NAME, "America/New_York")
    sql = lowered(
        O.LOCAL_DATE, DatetimeType(), zone, home, zones=("Asia/Kathmandu", "Nowhere", "UTC")
    )
    at = T(2026, 11, 24, 3)
    cells = [(at, "Asia/Kathmandu"), (at, None), (at, "Nowhere"), (at, "UTC")]
    assert run(sql, cells) == [D(2026, 11, 24), D(2026, 11, 23), D(2026, 11, 23), D(2026, 11, 24)]
    assert (
        run(lowered(O.LOCAL_DATE, DatetimeType(), zone, zones=()), cells) == [D(2026, 11, 24)] * 4
    )


def test_who_reads_zones_must_know_them():
    zone = Field(("customer", "zone"), NAME)
    with pytest.raises(PlanCodeError, match="each customer's own zone"):
        lowered(O.LOCAL_DATE, DatetimeType(), zone)


def test_a_computed_instant_is_computed_once():
    field = Field(("customer", "x"), DateType())
    start = Call(O.DAY_START, (field, Const(NAME, "UTC")), DatetimeType())
    call = Call(O.LOCAL_DATE, (start, Const(NAME, "America/New_York")), DateType())
    sql = lower_expression(call, lambda path: path[-1])
    assert sql.count("CAST(x AS TIMESTAMP)") == 1
    assert run(sql, [(D(2026, 1, 2), "")]) == [D(2026, 1, 1)]
