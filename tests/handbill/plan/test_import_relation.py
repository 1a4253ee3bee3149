"""The rows of a relation out of a file: which are good, whose they are, in which order they come."""

import datetime

import duckdb
import msgspec
import pytest
from purchases_world import BOOL, Const, call, count, item, select

from handbill.plan.errors import PlanCodeError
from handbill.plan.fetched import fetched_value
from handbill.plan.import_relation import relation_view
from handbill.plan.import_view import describe_source
from handbill.plan.ir import Field, Member
from handbill.plan.ir import Operation as O
from handbill.plan.model import Column, Dataset, FieldNeed, RelationTo
from handbill.plan.sql_relations import KeyColumn
from handbill.plan.sql_rules import RuleWorld, lower_rules
from handbill.plan.types import (
    DatetimeType,
    DecimalType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
)

TEXT, MONEY = StringType(20), DecimalType(2, 0, 10_000)
DATASET = Dataset(
    name="purchases",
    key=("cid", "line"),
    columns=(
        Column(name="cid", type=TEXT),
        Column(name="line", type=IntType(1, 999)),
        Column(name="at", type=DatetimeType()),
        Column(name="amount", type=MONEY, required=True),
        Column(name="note", type=StringType(3)),
        Column(name="product", type=TEXT, references="products"),
    ),
)
PRODUCTS = Dataset(
    name="products",
    key=("id",),
    columns=(Column(name="id", type=TEXT), Column(name="name", type=TEXT, required=True)),
)
MEMBERS = (
    MemberType("amount", MONEY, required=True),
    MemberType("note", StringType(3)),
    MemberType("product.name", TEXT),
)
LIST = ListType(ObjectType(MEMBERS), 2)
COLUMN = Column(
    name="purchases",
    type=LIST,
    relation=RelationTo(dataset="purchases", key=("cid",), time="at"),
)
NEED = FieldNeed(path=("purchases",), type=LIST)
LINES = """
    (7, 1, TIMESTAMP '2026-01-03', 2.5, 'a', 'p1'),
    (7, 2, TIMESTAMP '2026-01-01', 1.0, 'toolong', 'p9'),
    (8, 2, TIMESTAMP '2026-01-01', 0.1, NULL, NULL),
    (8, 1, TIMESTAMP '2026-01-01', 0.2, NULL, NULL),
    (8, 3, NULL, 1.0, NULL, NULL),
    (NULL, 4, TIMESTAMP '2026-01-01', 1.0, NULL, NULL),
    (9, 1, TIMESTAMP '2026-01-01', 500.0, NULL, NULL),
    (10, 1, TIMESTAMP '2026-01-01', NULL, NULL, NULL)
"""


@pytest.fixture
def connection():
    connection = duckdb.connect()
    connection.execute(
        'CREATE TABLE source (cid INTEGER, line INTEGER, "at" TIMESTAMP, amount DOUBLE,'
        f" note VARCHAR, product VARCHAR); INSERT INTO source VALUES {LINES}"
    )
    connection.execute("CREATE TABLE products AS SELECT 'p1' AS id, 'Tea' AS name")
    return connection


def view_of(connection, needs=(NEED,), column=COLUMN, dataset=DATASET):
    related = {"products": (PRODUCTS, describe_source(connection, "products"))}
    view = relation_view(column, needs, dataset, describe_source(connection, "source"), related)
    connection.execute(f"CREATE OR REPLACE TABLE rows_of AS {view.view.select}")
    return view


def fetched(connection, query):
    return connection.execute(query).fetchall()


def test_rows_come_by_customer_in_order_of_time_and_key(connection):
    view = view_of(connection)
    connection.execute("CREATE TABLE wanted AS SELECT unnest(['7', '8', '11']) AS key0")
    found = fetched(connection, view.rows("rows_of", LIST, "wanted"))
    assert {key: fetched_value(rows, LIST) for key, rows in found} == {
        "7": ((100, None, None), (250, "a", "Tea")),
        "8": ((20, None, None), (10, None, None)),
    }


def test_a_plan_gets_the_members_that_it_needs(connection):
    view = view_of(connection)
    connection.execute("CREATE TABLE wanted AS SELECT '7' AS key0")
    need = ListType(ObjectType((MEMBERS[0],)), 2)
    ((_, rows),) = fetched(connection, view.rows("rows_of", need, "wanted"))
    assert fetched_value(rows, need) == ((100,), (250,))


def test_rows_that_nobody_can_place_or_that_lack_what_is_required_are_quarantined(connection):
    view = view_of(connection)
    assert sorted(fetched(connection, view.view.quarantine)) == [
        ("10/1", "amount"),
        ("4", "cid"),
        ("8/3", "at"),
        ("9/1", "amount"),
    ]
    assert connection.execute("SELECT count(*) FROM rows_of").fetchone() == (4,)


def test_who_has_more_rows_than_the_relation_may_hold(connection):
    connection.execute("INSERT INTO source VALUES (7, 3, TIMESTAMP '2026-01-01', 1, NULL, NULL)")
    view = view_of(connection)
    assert fetched(connection, view.excess("rows_of")) == [("7", 3)]


def test_rows_that_share_their_key_are_left_out_together(connection):
    view = view_of(connection)
    assert fetched(connection, view.ambiguous("rows_of")) == [(0,)]
    connection.execute("INSERT INTO source VALUES (7, 1, TIMESTAMP '2026-01-01', 1, NULL, NULL)")
    view = view_of(connection)
    assert fetched(connection, view.ambiguous("rows_of")) == [(2,)]
    kept = fetched(connection, f"SELECT line FROM ({view.unambiguous('rows_of')}) ORDER BY ALL")
    assert kept == [(1,), (2,), (2,)]


def test_a_key_of_numbers_stays_a_number_for_speed(connection):
    view = view_of(connection)
    assert view.key == (KeyColumn("cid", text=True),)
    assert view.order == ("at", "line")
    with_key = ListType(ObjectType((MemberType("cid", TEXT, required=True),)), 2)
    needed = view_of(connection, [FieldNeed(path=("purchases",), type=with_key)])
    assert needed.key == (KeyColumn("cid"),)


def test_without_a_time_rows_come_by_key(connection):
    column = Column(
        name="purchases", type=LIST, relation=RelationTo(dataset="purchases", key=("cid",))
    )
    assert view_of(connection, column=column).order == ("line",)


def test_rules_read_the_rows(connection):
    view = view_of(connection)
    connection.execute("CREATE TABLE customers AS SELECT unnest(['7', '07', '8']) AS id")
    field = Field(("customer", "purchases"), LIST)
    dear = call(O.GE, BOOL, Member(item(), "amount", MONEY), Const(MONEY, 100))
    world = RuleWorld(
        columns=lambda path: path[-1],
        customers="customers",
        key=("id",),
        relations={("customer", "purchases"): view.source("rows_of")},
        context={},
    )
    lowered = lower_rules([count(select(field, dear))], world)
    query = f"SELECT id, {lowered.sql[0]} FROM customers {lowered.joins} ORDER BY id"
    assert fetched(connection, query) == [("07", 0), ("7", 2), ("8", 0)]


def test_a_column_that_is_no_relation(connection):
    column = Column(name="purchases", type=LIST)
    with pytest.raises(PlanCodeError, match="is no relation"):
        view_of(connection, column=column)
    scalars = Column(name="purchases", type=TEXT, relation=COLUMN.relation)
    with pytest.raises(PlanCodeError, match="but no list"):
        view_of(connection, column=scalars)
    with pytest.raises(PlanCodeError, match="list of objects"):
        view_of(connection, [FieldNeed(path=("purchases",), type=TEXT)])


def test_a_row_with_no_number_is_no_row_whatever_its_file_says_of_the_others(
    connection, tmp_path, with_nan
):
    """The rows and a rule over them, asked of SQL, have it as little as the list that Python gets."""
    lines = (
        "SELECT 1 AS cid, i AS line, TIMESTAMP '2026-01-01' AS \"at\", i::DOUBLE AS amount,"
        " NULL::VARCHAR AS note, NULL::VARCHAR AS product FROM range(1, 10) t(i)"
    )
    relation = with_nan(tmp_path / "purchases.parquet", lines, 7.0)
    connection.execute(f"DROP TABLE source; CREATE VIEW source AS FROM {relation}")
    column = msgspec.structs.replace(COLUMN, type=ListType(ObjectType(MEMBERS), 20))
    view = view_of(connection, column=column)
    assert fetched(connection, view.view.quarantine) == [("1/7", "amount")]
    connection.execute("CREATE TABLE wanted AS SELECT '1' AS key0")
    ((_, rows),) = fetched(connection, view.rows("rows_of", LIST, "wanted"))
    amounts = [100 * i for i in range(1, 10) if i != 7]
    assert [amount for amount, _, _ in fetched_value(rows, LIST)] == amounts
    assert fetched(connection, "SELECT amount FROM rows_of ORDER BY ALL") == [
        (amount,) for amount in amounts
    ]


def test_the_latest_time_is_known_from_the_files_statistics(connection, tmp_path):
    file = tmp_path / "source.parquet"
    connection.execute(f"COPY source TO '{file}'")
    source = describe_source(connection, f"read_parquet('{file}')")
    found = relation_view(COLUMN, [NEED], DATASET, source, {"products": (PRODUCTS, source)})
    assert found.last == datetime.datetime(2026, 1, 3)
    assert found.source("t").last == found.last
    as_text = describe_source(
        connection, f'(SELECT * REPLACE (CAST("at" AS VARCHAR) AS "at") FROM \'{file}\')'
    )
    unknown = relation_view(COLUMN, [NEED], DATASET, as_text, {"products": (PRODUCTS, source)})
    assert unknown.last is None
