"""Each pipeline over a relation gives what the same pipeline gives over the customer's rows."""

import duckdb
import pytest
from purchases_world import (
    BOOL,
    FIELDS,
    INT,
    LIST,
    PURCHASE,
    PURCHASES,
    ROWS,
    SOURCE,
    STORE,
    STORES,
    TEXT,
    call,
    count,
    cut,
    each,
    first,
    is_sku,
    item,
    last,
    load,
    mapped,
    member,
    nth,
    select,
    sort,
    text,
    unique,
)

from handbill.plan.errors import PlanCodeError
from handbill.plan.fetched import fetched_value
from handbill.plan.ir import Const, Each, Field, Local, Member, Step
from handbill.plan.ir import Operation as O
from handbill.plan.row import compile_expression
from handbill.plan.sql_rules import RuleWorld, lower_rules
from handbill.plan.types import ListType, ObjectType

WORLD = RuleWorld(
    columns=lambda path: path[-1],
    customers="customers",
    key=("id",),
    relations={("customer", "purchases"): SOURCE},
    context={},
)
TEA = select(PURCHASES, is_sku("tea"))
SKUS = mapped(PURCHASES, "sku")
NOTES = mapped(PURCHASES, "note")
OTHER = Each(Step.SELECT, PURCHASES, "other", call(O.LT, BOOL, Member(Local("other", PURCHASE), "amount", INT), member("amount")), LIST)  # fmt: skip

PIPELINES = [
    count(PURCHASES),
    count(TEA),
    count(NOTES),
    count(SKUS),
    count(unique(PURCHASES, member("note"))),
    count(unique(PURCHASES, member("sku"))),
    count(unique(PURCHASES, item())),
    count(unique(SKUS, item(TEXT))),
    count(unique(NOTES, item(TEXT))),
    count(each(Step.MAP, NOTES, item(TEXT))),
    count(cut(PURCHASES, 2)),
    count(cut(PURCHASES, 0)),
    count(cut(PURCHASES, 5_000)),
    count(select(unique(PURCHASES, member("sku")), is_sku("milk"))),
    count(select(PURCHASES, call(O.GT, BOOL, count(OTHER), Const(INT, 0)))),
    call(O.SUM, INT, mapped(PURCHASES, "amount")),
    call(O.SUM, INT, mapped(cut(sort(PURCHASES, "amount"), 2), "amount")),
    call(O.SUM, INT, mapped(unique(PURCHASES, member("sku")), "amount")),
    call(O.AVERAGE, INT, mapped(PURCHASES, "amount"), Const(INT, 100)),
    call(O.AVERAGE, INT, mapped(TEA, "amount"), Const(INT, 1)),
    call(O.MINIMUM, TEXT, NOTES),
    call(O.MAXIMUM, TEXT, SKUS),
    call(O.LIST_CONTAINS, BOOL, SKUS, text("milk")),
    call(O.LIST_CONTAINS, BOOL, SKUS, call(O.DEFAULT, TEXT, STORE, text(""))),
    call(O.LIST_CONTAINS, BOOL, unique(SKUS, item(TEXT)), text("tea")),
    first(PURCHASES),
    last(PURCHASES),
    first(NOTES),
    last(NOTES),
    nth(NOTES, 1),
    nth(PURCHASES, 1),
    nth(PURCHASES, 999),
    nth(unique(PURCHASES, member("sku")), 1),
    first(unique(PURCHASES, member("sku"))),
    last(unique(PURCHASES, member("sku"))),
    member("note", last(PURCHASES)),
    member("note", nth(PURCHASES, 1)),
    member("sku", nth(PURCHASES, 2)),
    member("sku", first(sort(PURCHASES, "note"))),
    member("sku", last(sort(PURCHASES, "note"))),
    member("sku", first(sort(PURCHASES, "note", descending=True))),
    member("at", first(sort(PURCHASES, "amount"))),
    member("at", first(PURCHASES)),
    member("sku", first(sort(sort(PURCHASES, "note"), "sku"))),
    member("sku", first(each(Step.MAP, PURCHASES, item()))),
    call(O.IS_DEFINED, BOOL, first(TEA)),
    call(O.IS_DEFINED, BOOL, nth(PURCHASES, 1)),
    call(O.IS_DEFINED, BOOL, call(O.MINIMUM, TEXT, NOTES)),
    call(O.IS_DEFINED, BOOL, first(cut(PURCHASES, 1))),
    call(O.IS_DEFINED, BOOL, member("note", last(PURCHASES))),
    sort(PURCHASES, "amount", descending=True),
    cut(sort(PURCHASES, "note", descending=True), 2),
    cut(SKUS, 2),
    NOTES,
    PURCHASES,
]


@pytest.fixture(scope="module")
def connection():
    connection = duckdb.connect()
    load(connection)
    return connection


@pytest.mark.parametrize("rule", PIPELINES, ids=range(len(PIPELINES)))
def test_as_over_the_rows(rule, connection):
    lowered = lower_rules([rule], WORLD)
    query = f"SELECT id, {lowered.sql[0]} FROM customers {lowered.joins}"
    found = {
        key: fetched_value(value, rule.type) for key, value in connection.execute(query).fetchall()
    }
    function = compile_expression(rule, FIELDS)
    assert found == {key: function((rows, STORES[key]), {}) for key, rows in ROWS.items()}


def joins(rule):
    return lower_rules([rule], WORLD).joins


def test_a_slice_keeps_few_rows_and_a_member_only_its_column():
    assert "arg_min({" in joins(count(cut(PURCHASES, 2)))
    assert "list(" not in joins(count(cut(PURCHASES, 2)))
    assert 'arg_max_null(_rows."note"' in joins(member("note", last(PURCHASES)))


def test_no_list_is_made_where_an_aggregate_will_do():
    for rule in (
        count(TEA),
        first(NOTES),
        call(O.AVERAGE, INT, mapped(TEA, "amount"), Const(INT, 1)),
    ):
        assert "list(" not in joins(rule)


def test_a_member_that_the_table_does_not_hold():
    with pytest.raises(PlanCodeError, match="do not carry colour"):
        joins(count(select(PURCHASES, call(O.EQ, BOOL, Member(item(), "colour", TEXT), text("")))))


def test_a_relation_must_be_a_list_of_objects():
    scalars = Field(("customer", "purchases"), ListType(TEXT, 3))
    with pytest.raises(PlanCodeError, match="no list of objects"):
        joins(count(scalars))


def test_members_that_the_table_does_not_hold_are_left_out_of_lists(connection):
    wide = ObjectType((*PURCHASE.members, PURCHASE.members[0].__class__("colour", TEXT)))
    field = Field(("customer", "purchases"), ListType(wide, 1_000))
    lowered = lower_rules([first(field)], WORLD)
    query = f"SELECT {lowered.sql[0]} FROM customers {lowered.joins} ORDER BY id"
    assert connection.execute(query).fetchone()[0]["sku"] == "tea"


def test_a_place_must_be_a_constant():
    with pytest.raises(PlanCodeError, match="must be an integer constant"):
        joins(call(O.ITEM, PURCHASE, PURCHASES, count(PURCHASES)))
