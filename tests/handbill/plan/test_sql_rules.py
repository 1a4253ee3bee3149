"""Rules over relations as one query: what it says, and that it reads each relation once."""

import datetime

import duckdb
import pytest
from purchases_world import (
    BOOL,
    DATE,
    DATETIME,
    INT,
    PURCHASES,
    RUN_DATE,
    SOURCE,
    STORE,
    TEXT,
    call,
    count,
    first,
    is_sku,
    last,
    load,
    mapped,
    member,
    select,
    text,
)

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Const, Field, Local
from handbill.plan.ir import Operation as O
from handbill.plan.sql_rules import RuleWorld, lower_rules

RUN = Field(("run", "date"), DATE)
ZONE = text("America/New_York")
WORLD = RuleWorld(
    columns=lambda path: path[-1],
    customers="customers",
    key=("id",),
    relations={("customer", "purchases"): SOURCE},
    context={("run", "date"): RUN_DATE},
)


@pytest.fixture
def connection():
    connection = duckdb.connect()
    load(connection)
    return connection


def run(connection, *rules, world=WORLD):
    """For each customer, 7 to 9: what each rule gives."""
    lowered = lower_rules(rules, world)
    query = f"SELECT {', '.join(lowered.sql)} FROM customers {lowered.joins} ORDER BY id"
    return connection.execute(query).fetchall()


def test_rules_share_one_grouped_query(connection):
    rules = (
        call(O.GE, BOOL, count(PURCHASES), Const(INT, 2)),
        call(O.GT, BOOL, count(PURCHASES), Const(INT, 0)),
        count(select(PURCHASES, is_sku("tea"))),
    )
    lowered = lower_rules(rules, WORLD)
    assert lowered.joins.count("JOIN") == 1
    assert lowered.joins.count("count(*)") == 2
    assert run(connection, *rules) == [(True, True, 2), (False, True, 0), (False, False, 0)]


def test_rules_without_relations_join_nothing():
    assert lower_rules([call(O.IS_DEFINED, BOOL, STORE)], WORLD).joins == ""


def test_a_filter_that_depends_on_the_customer_is_joined_not_correlated(connection):
    own = count(select(PURCHASES, call(O.EQ, BOOL, member("sku"), call(O.LOWER, TEXT, STORE))))
    lowered = lower_rules([own], WORLD)
    assert "JOIN (SELECT TRY_CAST(id AS BIGINT) AS _key0, store AS _value0 FROM customers" in (
        lowered.joins
    )
    assert run(connection, own) == [(2,), (0,), (0,)]


def test_a_filter_may_ask_the_relation_itself(connection):
    """Those that cost as much as the dearest: the inner question is answered first."""
    dearest = call(O.DEFAULT, INT, call(O.MAXIMUM, INT, mapped(PURCHASES, "amount")), Const(INT, 0))
    rule = count(select(PURCHASES, call(O.EQ, BOOL, member("amount"), dearest)))
    assert run(connection, rule) == [(1,), (1,), (0,)]


def test_dates_of_the_run_are_literals(connection):
    start = call(O.DAY_START, DATETIME, call(O.PLUS_DAYS, DATE, RUN, Const(INT, -22)), ZONE)
    recent = count(select(PURCHASES, call(O.GE, BOOL, member("at"), start)))
    lowered = lower_rules([recent], WORLD)
    assert "WHERE (_rows.\"at\" >= TIMESTAMP '2026-11-02 05:00:00')" in lowered.joins
    assert run(connection, recent) == [(2,), (1,), (0,)]


def test_a_date_that_the_context_lacks_is_computed_by_the_query():
    world = RuleWorld(
        columns=lambda path: "today", customers="c", key=("id",), relations={}, context={}
    )
    rule = call(O.PLUS_DAYS, DATE, RUN, Const(INT, 1))
    assert "today" in lower_rules([rule], world).sql[0]


def test_context_fields_are_literals(connection):
    assert run(connection, RUN)[0] == (RUN_DATE,)
    recent = count(select(PURCHASES, call(O.LT, BOOL, RUN, RUN)))
    assert "_customer" not in lower_rules([recent], WORLD).joins
    assert run(connection, recent) == [(0,), (0,), (0,)]


def test_first_and_last(connection):
    rules = (
        member("sku", first(PURCHASES)),
        member("note", last(PURCHASES)),
        member("at", last(PURCHASES)),
        call(O.IS_DEFINED, BOOL, last(PURCHASES)),
    )
    day = datetime.datetime(2026, 11, 2, 12)
    assert run(connection, *rules)[0] == ("tea", "y", day, True)
    assert run(connection, *rules)[2] == (None, None, None, False)
    assert 'max(_rows."at")' in lower_rules([rules[2]], WORLD).joins


def test_a_relation_as_a_list(connection):
    """Where nothing shorter says it, the rows are listed."""
    either = call(O.IF, PURCHASES.type, call(O.IS_DEFINED, BOOL, STORE), PURCHASES, PURCHASES)
    assert "list(" in lower_rules([count(either)], WORLD).joins
    assert run(connection, count(either)) == [(3,), (1,), (0,)]


def test_a_local_name_that_nothing_binds():
    with pytest.raises(PlanCodeError, match="no local name"):
        lower_rules([count(select(PURCHASES, call(O.EQ, BOOL, Local("x", TEXT), STORE)))], WORLD)
