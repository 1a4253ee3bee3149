import datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.sql_text import column_type, identifier, literal, quoted
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
)

CONNECTION = duckdb.connect()


def read(sql):
    return CONNECTION.execute(f"SELECT v, typeof(v) FROM (SELECT {sql} AS v)").fetchone()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text):
    assert read(quoted(text)) == (text, "VARCHAR")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_name_is_a_name(name):
    found = CONNECTION.execute(f"SELECT 1 AS {identifier(name)}")
    assert found.description[0][0] == name


@pytest.mark.parametrize(
    ("value", "type"),
    [
        (True, BoolType()),
        (0, IntType()),
        (-(2**63), IntType(-(2**63), 2**63 - 1)),
        (2**63 - 1, IntType(-(2**63), 2**63 - 1)),
        (2**100, DecimalType(6, -(2**110), 2**110)),
        (-125, DecimalType(2, -1000, 1000)),
        ("x", StringType(9)),
        ("CA", EnumType(("CA",))),
        (datetime.date(1900, 1, 1), DateType()),
        (datetime.datetime(2199, 12, 31, 23, 59, 59, 999999), DatetimeType()),
    ],
)
def test_a_literal_has_the_type_of_its_column(value, type):
    assert read(literal(value, type)) == (value, column_type(type))
    assert read(literal(None, type)) == (None, column_type(type))
    listed = ListType(type, 5)
    assert read(literal((value, value), listed)) == ([value, value], column_type(listed))
    assert read(literal((), listed)) == ([], column_type(listed))
