"""What STRUCTs and JSON become; which members make an object unusable."""

import duckdb
import pytest

from handbill.plan.fetched import fetched_value
from handbill.plan.import_objects import struct_fields
from handbill.plan.import_source import SourceColumn
from handbill.plan.import_values import normalise
from handbill.plan.sql_text import column_type
from handbill.plan.types import (
    BoolType,
    DateType,
    DecimalType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
)

ADDRESS = ObjectType(
    (
        MemberType("city", StringType(8), required=True),
        MemberType("floor", IntType(0, 99)),
    )
)
LINE = ObjectType(
    (
        MemberType("gift", BoolType()),
        MemberType("on", DateType()),
        MemberType("price", DecimalType(2, 0, 10_000), required=True),
        MemberType("tags", ListType(StringType(4), 2)),
    )
)
LINES = ListType(LINE, 3)


def imported(cells, source, type):
    """The values of one column with these cells (SQL literals) and DuckDB type."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE t (n INTEGER, x {source})")
    for n, cell in enumerate(cells):
        connection.execute(f"INSERT INTO t SELECT {n}, CAST({cell} AS {source})")
    made = normalise("x", SourceColumn(source), type)
    assert made is not None
    query = f"SELECT CAST({made.optional()} AS {column_type(type)}), {made.valid} FROM t ORDER BY n"
    rows = connection.execute(query).fetchall()
    values = [fetched_value(value, type) for value, _ in rows]
    assert all(valid is (value is not None) for value, (_, valid) in zip(values, rows, strict=True))
    return values


def test_a_struct_becomes_an_object_of_the_members_that_are_asked_for():
    cells = [
        "{'floor': 3, 'city': 'Troy', 'other': 1}",
        "{'floor': 300, 'city': 'Troy', 'other': 1}",
        "{'floor': 3, 'city': NULL, 'other': 1}",
        "{'floor': 3, 'city': 'far too long', 'other': 1}",
    ]
    found = imported(cells, "STRUCT(floor INTEGER, city VARCHAR, other INTEGER)", ADDRESS)
    assert found == [("Troy", 3), ("Troy", None), None, None]


def test_a_member_that_the_source_lacks_is_missing_and_a_required_one_leaves_no_object():
    assert imported(["{'city': 'Troy'}"], "STRUCT(city VARCHAR)", ADDRESS) == [("Troy", None)]
    assert imported(["{'floor': 1}"], "STRUCT(floor INTEGER)", ADDRESS) == [None]


def test_a_member_of_a_type_that_holds_no_such_value_is_missing():
    source = "STRUCT(city VARCHAR, floor DATE)"
    assert imported(["{'city': 'Troy', 'floor': DATE '2026-01-01'}"], source, ADDRESS) == [
        ("Troy", None)
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('{"city": "Troy", "floor": 3}', ("Troy", 3)),
        ('{"city": "Troy", "floor": "3"}', ("Troy", 3)),
        ('{"city": "Troy", "floor": null}', ("Troy", None)),
        ('{"floor": 3}', None),
        ('{"city": null}', None),
        ("[]", None),
        ("null", None),
        ("{", None),
        ("", None),
    ],
)
def test_json_in_a_column_of_text(cell, expected):
    assert imported([f"'{cell}'"], "VARCHAR", ADDRESS) == [expected]


def test_items_that_are_no_objects_are_dropped():
    source = 'STRUCT(price DOUBLE, gift BOOLEAN, tags VARCHAR[], "on" DATE)[]'
    cells = [
        "[{'price': 1.5, 'gift': true, 'tags': ['a', 'toolong'], 'on': DATE '2026-01-02'}, NULL]",
        "[{'price': NULL, 'gift': true, 'tags': NULL, 'on': NULL}]",
        "[]",
        "[NULL, NULL, NULL, NULL]",
    ]
    found = imported(cells, source, LINES)
    day = fetched_day()
    assert found == [((True, day, 150, ("a",)),), (), (), None]


def fetched_day():
    return duckdb.connect().execute("SELECT DATE '2026-01-02'").fetchone()[0]


def test_a_list_of_objects_in_text_is_json():
    cells = [
        '\'[{"price": 1.5, "tags": ["a", "b"], "gift": false, "on": "2026-01-02"}, 7, null]\'',
        '\'[{"price": "2", "tags": ["a", "b", "c"]}]\'',
        "'{\"price\": 1}'",
        "'nothing'",
    ]
    found = imported(cells, "VARCHAR", LINES)
    assert found == [
        ((False, fetched_day(), 150, ("a", "b")),),
        ((None, None, 200, None),),
        None,
        None,
    ]


def test_a_type_that_is_no_object_has_no_normalisation():
    assert normalise("x", SourceColumn("INTEGER"), ADDRESS) is None
    assert normalise("x", SourceColumn("INTEGER[]"), LINES) is None


def test_the_fields_of_a_struct():
    assert struct_fields('STRUCT(a DECIMAL(3,1), "b ""c, d" STRUCT(e INTEGER)[], f VARCHAR)') == {
        "a": "DECIMAL(3,1)",
        'b "c, d': "STRUCT(e INTEGER)[]",
        "f": "VARCHAR",
    }
    assert struct_fields("INTEGER") is None
