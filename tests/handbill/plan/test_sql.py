"""Lowering case by case; tests/differential compares the two back ends at large."""

import datetime

import duckdb
import pytest

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Call, Const, Field, Local
from handbill.plan.ir import Operation as O
from handbill.plan.operations import apply
from handbill.plan.sql import DUCKDB, lower_expression
from handbill.plan.sql_text import identifier
from handbill.plan.sql_zones import ZONED
from handbill.plan.types import BoolType, DateType, IntType, ListType, StringType

BOOL, INT, TEXT = BoolType(), IntType(), StringType(50)


def column(path):
    return identifier(".".join(path[1:]))


def field(name, type=TEXT):
    return Field(("customer", name), type)


def call(operation, type, *arguments):
    return Call(operation, arguments, type)


def text(value):
    return Const(TEXT, value)


def run(expression, sql_columns):
    sql = lower_expression(expression, column)
    return duckdb.connect().execute(f"SELECT {sql} FROM (SELECT {sql_columns})").fetchone()[0]


def test_every_operation_has_a_lowering():
    assert {*DUCKDB, *ZONED} == set(O)
    assert not set(DUCKDB) & set(ZONED)


def test_a_rule_as_sql():
    rule = call(
        O.AND,
        BOOL,
        call(O.IN, BOOL, field("state"), text("VT"), text("M'E")),
        call(O.GT, BOOL, call(O.DEFAULT, INT, field("orders", INT), Const(INT, 0)), Const(INT, 3)),
    )
    assert lower_expression(rule, column) == (
        "((\"state\" IN ('VT', 'M''E')) AND "
        '(coalesce("orders", CAST(0 AS BIGINT)) > CAST(3 AS BIGINT)))'
    )


def test_context_fields_go_through_the_same_callback():
    rule = call(O.LT, BOOL, Field(("run", "date"), DateType()), Const(DateType(), "2026-12-01"))
    sql = lower_expression(rule, lambda path: f"<{'.'.join(path)}>")
    assert sql == "(<run.date> < DATE '2026-12-01')"


def test_quotes_and_braces_in_constants_are_only_text():
    joined = call(O.CONCAT, TEXT, text("{0} '; DROP TABLE x; --"), field("name"))
    assert run(joined, "'{1}' AS name") == "{0} '; DROP TABLE x; --{1}"


def test_an_operand_that_is_missing_in_a_branch_not_taken_raises_nothing():
    length = call(O.LENGTH, INT, field("name"))
    guarded = call(
        O.AND,
        BOOL,
        call(O.IS_DEFINED, BOOL, field("name")),
        call(O.GT, BOOL, call(O.FLOOR_DIV, INT, Const(INT, 100), length), Const(INT, 3)),
    )
    assert run(guarded, "CAST(NULL AS VARCHAR) AS name") is False
    assert run(guarded, "'abc' AS name") is True


def test_a_column_may_have_the_name_that_a_lambda_uses():
    size = call(O.TRUNCATE, TEXT, call(O.TRIM, TEXT, field("bound0")), Const(INT, 2))
    assert run(size, "'abc' AS bound0") == "a…"
    words = call(O.TITLE, TEXT, field("word"))
    assert run(words, "'an apple-pie' AS word") == "An Apple-Pie"


def test_choose_out_of_range_is_missing_and_does_not_raise():
    chosen = call(O.CHOOSE, TEXT, field("n", INT), text("a"), text("b"))
    assert run(chosen, "CAST(9 AS BIGINT) AS n") is None
    assert run(chosen, "CAST(2 AS BIGINT) AS n") == "b"


def test_slices_of_lists():
    tags = field("tags", ListType(TEXT, 5))
    assert run(call(O.SLICE, tags.type, tags, Const(INT, 0)), "['a', 'b'] AS tags") == []
    assert run(call(O.JOIN, TEXT, tags, text("-")), "['a', 'b'] AS tags") == "a-b"


def test_a_local_name_has_no_sql():
    with pytest.raises(PlanCodeError, match="local name item"):
        lower_expression(Local("item", TEXT), column)


def test_endless_nests_are_refused():
    expression = Const(INT, 1)
    for _ in range(20_000):
        expression = call(O.NEG, INT, expression)
    with pytest.raises(PlanCodeError, match="deeply"):
        lower_expression(expression, column)


@pytest.mark.parametrize("day", ["1900-01-01", "2026-02-28", "2199-12-31"])
@pytest.mark.parametrize(("low", "high"), [(1, 1), (-1, -1), (0, 0), (0, 10**9), (-(10**9), 10**9)])
def test_a_date_stops_at_either_end(day, low, high):
    """Only the end that the number of days can reach is looked at."""
    days = field("days", IntType(low, high))
    moved = call(O.PLUS_DAYS, DateType(), field("day", DateType()), days)
    for number in {low, high}:
        found = run(moved, f"DATE '{day}' AS day, CAST({number} AS BIGINT) AS days")
        assert found == apply(O.PLUS_DAYS, (datetime.date.fromisoformat(day), number))
