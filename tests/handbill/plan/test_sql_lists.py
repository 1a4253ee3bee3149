"""Lists that are columns: scalars and STRUCTs, by DuckDB's list functions."""

import duckdb
import pytest
from purchases_world import (
    A_FEW,
    INT,
    LIST,
    PURCHASES,
    ROWS,
    TEXT,
    call,
    count,
    cut,
    each,
    first,
    is_sku,
    item,
    last,
    mapped,
    member,
    nth,
    select,
    sort,
    unique,
)

from handbill.plan.errors import PlanCodeError
from handbill.plan.fetched import fetched_value
from handbill.plan.ir import Const, Field, Step
from handbill.plan.ir import Operation as O
from handbill.plan.sql import lower_expression
from handbill.plan.sql_text import literal
from handbill.plan.types import INT64_MAX, DecimalType, IntType, ListType

A, B, C = ROWS["7"]


def value(expression, rows=A_FEW):
    sql = lower_expression(expression, lambda path: "purchases")
    query = f"SELECT {sql} FROM (SELECT {literal(rows, LIST)} AS purchases)"
    return fetched_value(duckdb.connect().execute(query).fetchone()[0], expression.type)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (select(PURCHASES, is_sku("tea")), (A, C)),
        (mapped(PURCHASES, "note"), ("x", "y")),
        (sort(PURCHASES, "amount"), (C, B, A)),
        (sort(PURCHASES, "sku"), (B, A, C)),
        (sort(PURCHASES, "sku", descending=True), (A, C, B)),
        (sort(PURCHASES, "note"), (A, C, B)),
        (sort(PURCHASES, "note", descending=True), (C, A, B)),
        (each(Step.SORT, mapped(PURCHASES, "sku"), item(TEXT)), ("milk", "tea", "tea")),
        (each(Step.SORT, mapped(PURCHASES, "sku"), item(TEXT), True), ("tea", "tea", "milk")),
        (unique(PURCHASES, member("sku")), (A, B)),
        (unique(PURCHASES, member("note")), (A, B, C)),
        (count(select(PURCHASES, is_sku("eggs"))), 0),
        (first(select(PURCHASES, is_sku("eggs"))), None),
        (last(PURCHASES), C),
        (nth(PURCHASES, 1), B),
        (nth(PURCHASES, 3), None),
        (member("sku", last(PURCHASES)), "tea"),
        (member("sku", nth(PURCHASES, 5)), None),
        (call(O.SUM, INT, mapped(PURCHASES, "amount")), 1050),
        (call(O.SUM, INT, mapped(cut(PURCHASES, 0), "amount")), 0),
        (call(O.AVERAGE, INT, mapped(PURCHASES, "amount"), Const(INT, 1)), 350),
        (call(O.AVERAGE, INT, mapped(cut(PURCHASES, 2), "amount"), Const(INT, 100)), 40_000),
        (call(O.AVERAGE, INT, mapped(cut(PURCHASES, 0), "amount"), Const(INT, 1)), None),
        (call(O.MINIMUM, TEXT, mapped(PURCHASES, "sku")), "milk"),
        (call(O.MAXIMUM, INT, mapped(PURCHASES, "amount")), 500),
    ],
)
def test_pipelines(expression, expected):
    assert value(expression) == expected


def test_a_list_that_is_missing_gives_nothing_and_raises_nothing():
    for expression in (sort(PURCHASES, "note"), unique(PURCHASES, member("sku")), last(PURCHASES)):
        assert value(expression, None) is None


def test_a_sum_has_as_many_bits_as_it_can_need():
    def added(maximum, most):
        type = ListType(IntType(0, maximum), most)
        items = Field(("customer", "n"), type)
        return lower_expression(call(O.SUM, INT, items), lambda path: "n")

    assert added(1_000, 1_000).endswith("AS BIGINT)")
    assert added(INT64_MAX, 3).endswith("AS HUGEINT)")
    with pytest.raises(PlanCodeError, match="sum could exceed 128 bits"):
        added(INT64_MAX, 2**65)


def test_an_average_of_a_column_reads_it_where_it_stands():
    numbers = Field(("customer", "n"), ListType(DecimalType(2, -500, 500), 5))
    sql = lower_expression(call(O.AVERAGE, INT, numbers, Const(INT, 10)), lambda path: "n")
    connection = duckdb.connect()
    query = f"SELECT {sql} FROM (SELECT unnest([[1, 2], [-1, -2, -2], []]::BIGINT[][]) AS n)"
    assert connection.execute(query).fetchall() == [(15,), (-17,), (None,)]
