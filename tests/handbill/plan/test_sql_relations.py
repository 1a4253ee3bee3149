import datetime

import duckdb
import pytest
from purchases_world import LIST, PURCHASE, ROWS, SOURCE, TEXT, load

from handbill.plan.errors import PlanCodeError
from handbill.plan.fetched import fetched_value
from handbill.plan.sql_relations import (
    GroupedRows,
    KeyColumn,
    RelationSource,
    ordering,
    row_list,
    wanted_rows,
)
from handbill.plan.types import ListType, ObjectType


def test_equal_aggregates_are_one_column_and_common_conditions_the_querys():
    rows = GroupedRows(0, SOURCE, ("id",))
    first = rows.add("count(*)", ("a", "b"))
    assert rows.add("count(*)", ("b", "a")) == first
    assert rows.add("count(*)", ("a",)) != first
    join = rows.join("customers")
    assert " WHERE a GROUP BY" in join
    assert "count(*) FILTER (WHERE b) AS _aggregate0, count(*) AS _aggregate1" in join


def test_a_condition_that_every_row_meets_is_not_asked_of_each():
    """The rows end on 1 May: before that day's end there are all of them, before its noon perhaps not."""
    source = RelationSource(
        "r", (KeyColumn("k"),), ("at", "id"), LIST, datetime.datetime(2026, 5, 1, 12)
    )
    rows = GroupedRows(0, source, ("id",))
    end, noon = (
        f"(_rows.\"at\" < TIMESTAMP '2026-05-0{day}')" for day in ("2 00:00:00", "1 12:00:00")
    )
    other = "(_rows.\"id\" < TIMESTAMP '2026-05-02 00:00:00')"
    assert rows.add("count(*)", (end, "x")) == rows.add("count(*)", ("x",))
    assert rows.add("count(*)", (noon, "x")) != rows.add("count(*)", ("x",))
    assert rows.add("count(*)", (other, "x")) != rows.add("count(*)", ("x",))
    day = "(_rows.\"at\" < DATE '2026-05-02')"
    assert rows.add("count(*)", (day, "x")) != rows.add("count(*)", ("x",))
    days = RelationSource("r", (KeyColumn("k"),), ("at",), LIST, datetime.date(2026, 5, 1))
    assert GroupedRows(0, days, ("id",)).add("count(*)", (day,)) == "_relation0._aggregate0"


def test_what_equals_a_text_is_there():
    rows = GroupedRows(0, SOURCE, ("id",))
    present, equal = '(_rows."what" IS NOT NULL)', "(_rows.\"what\" = 'milk')"
    assert rows.add("count(*)", (present, equal)) == rows.add("count(*)", (equal,))
    assert rows.add("count(*)", (present,)) != rows.add("count(*)")
    another = "(_rows.\"who\" = 'milk')"
    assert rows.add("count(*)", (present, another)) != rows.add("count(*)", (another,))


def test_nothing_is_joined_for_nobody():
    assert GroupedRows(0, SOURCE, ("id",)).join("customers") == ""


def test_a_key_of_several_columns():
    source = RelationSource("r", (KeyColumn("a"), KeyColumn("b")), ("t",), LIST)
    rows = GroupedRows(1, source, ("x", "y"))
    rows.add("count(*)")
    join = rows.join("customers")
    assert 'GROUP BY _rows."a", _rows."b"' in join
    assert join.endswith("ON _relation1._key0 = x AND _relation1._key1 = y")


def test_a_number_is_another_customers_than_its_text_with_zeros():
    connection = duckdb.connect()
    connection.execute("CREATE TABLE purchases AS SELECT 7 AS who, 1 AS id, 5 AS at")
    connection.execute("CREATE TABLE customers AS SELECT unnest(['7', '07', 'x']) AS id")
    source = RelationSource("purchases", (KeyColumn("who", text=True),), ("at",), LIST)
    rows = GroupedRows(0, source, ("id",))
    count = rows.add(f"bool_or({rows.carry('upper(id)')} = '7')")
    query = f"SELECT id, {count} FROM customers {rows.join('customers')} ORDER BY id"
    assert connection.execute(query).fetchall() == [("07", None), ("7", True), ("x", None)]


def test_the_order_of_rows():
    alone = RelationSource("r", (KeyColumn("k"),), ("id",), LIST)
    assert ordering(alone) == '_rows."id"'
    assert ordering(alone, [("x", True)]) == (
        "create_sort_key(x, 'DESC NULLS LAST', _rows.\"id\", 'ASC NULLS LAST')"
    )


def test_rows_of_wanted_customers_come_in_canonical_order():
    connection = duckdb.connect()
    load(connection)
    connection.execute("CREATE TABLE wanted AS SELECT unnest(['7', '9', '07']) AS key0")
    query = wanted_rows(SOURCE, row_list(SOURCE, LIST), "wanted")
    found = connection.execute(query).fetchall()
    assert [(key, fetched_value(rows, LIST)) for key, rows in found] == [("7", ROWS["7"])]


def test_rows_without_members_are_only_counted():
    connection = duckdb.connect()
    load(connection)
    connection.execute("CREATE TABLE wanted AS SELECT '7' AS key0")
    none = ListType(ObjectType(()), 10)
    query = wanted_rows(SOURCE, row_list(SOURCE, none), "wanted")
    assert fetched_value(connection.execute(query).fetchone()[1], none) == ((), (), ())


def test_a_relation_is_a_list_of_objects():
    with pytest.raises(PlanCodeError, match="list of objects"):
        row_list(SOURCE, ListType(TEXT, 3))
    assert PURCHASE.members
