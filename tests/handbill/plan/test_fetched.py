import datetime

import duckdb
from purchases_world import LIST, PURCHASE, TEXT

from handbill.plan.fetched import converter, fetched_value
from handbill.plan.types import IntType, ListType, MemberType, ObjectType


def test_structs_and_lists_become_tuples_in_the_order_of_the_type():
    row = duckdb.connect().execute(
        "SELECT [{'sku': 'tea', 'at': TIMESTAMP '2026-01-02', 'note': NULL, 'amount': 5, 'more': 1}]"
    )
    found = fetched_value(row.fetchone()[0], LIST)
    assert found == ((5, datetime.datetime(2026, 1, 2), None, "tea"),)


def test_what_is_missing_stays_missing():
    assert fetched_value(None, LIST) is None
    assert fetched_value(None, PURCHASE) is None
    assert fetched_value([], LIST) == ()


def test_scalars_need_no_conversion():
    assert converter(IntType()) is None
    assert fetched_value(5, IntType()) == 5
    assert fetched_value(["a"], ListType(TEXT, 3)) == ("a",)


def test_lists_within_objects():
    type = ObjectType((MemberType("tags", ListType(TEXT, 3)), MemberType("n", IntType())))
    assert fetched_value({"n": 1, "tags": ["a", "b"]}, type) == (("a", "b"), 1)
    assert fetched_value(None, type) is None
