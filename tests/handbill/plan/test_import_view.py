"""The import view over real Parquet and CSV files."""

import datetime

import duckdb
import pytest

from handbill.plan.errors import PlanCodeError
from handbill.plan.import_view import (
    SourceProblem,
    SourceTable,
    describe_source,
    import_view,
)
from handbill.plan.model import Column, Dataset, FieldNeed
from handbill.plan.types import (
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
)

TEXT = StringType(20)
CUSTOMERS = Dataset(
    name="customers",
    key=("id",),
    columns=(
        Column(name="id", type=TEXT, required=True),
        Column(name="email", type=TEXT),
        Column(name="state", type=EnumType(("CA", "NY")), required=True),
        Column(name="orders", type=IntType(0, 1000)),
        Column(name="spend", type=DecimalType(2, 0, 10**9)),
        Column(name="born", type=DateType()),
        Column(name="tags", type=ListType(TEXT, 3)),
        Column(name="store", type=TEXT, references="stores"),
        Column(name="home", type=TEXT, required=True, references="stores"),
    ),
)
STORES = Dataset(
    name="stores",
    key=("id",),
    columns=(
        Column(name="id", type=TEXT, required=True),
        Column(name="name", type=TEXT, required=True),
        Column(name="city", type=TEXT),
        Column(name="region", type=TEXT, references="regions"),
    ),
)
REGIONS = Dataset(
    name="regions",
    key=("id",),
    columns=(Column(name="id", type=TEXT, required=True), Column(name="chief", type=TEXT)),
)


@pytest.fixture
def connection():
    return duckdb.connect()


def need(*path):
    return FieldNeed(path=path, type=TEXT)


def customers(connection, rows, columns="id, email, state, orders"):
    connection.execute(
        f"CREATE OR REPLACE TABLE customers AS SELECT * FROM (VALUES {rows}) t({columns})"
    )
    return describe_source(connection, "customers")


def stores(connection, rows="('s1', 'One', 'Albany', 'r1'), ('s2', 'Two', NULL, 'r9')"):
    connection.execute(
        f"CREATE OR REPLACE TABLE stores AS SELECT * FROM (VALUES {rows}) t(id, name, city, region)"
    )
    connection.execute(
        "CREATE OR REPLACE TABLE regions AS SELECT * FROM (VALUES ('r1', 'Ada')) t(id, chief)"
    )
    return {
        "stores": (STORES, describe_source(connection, "stores")),
        "regions": (REGIONS, describe_source(connection, "regions")),
    }


def read(connection, sql):
    found = connection.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_good_rows_hold_the_key_and_what_is_needed(connection):
    source = customers(connection, "('a', 'a@x', 'CA', 5), ('b', NULL, 'NY', NULL)")
    view = import_view(CUSTOMERS, [need("orders")], source, {})
    assert view.columns == ("id", "orders")
    assert read(connection, view.select) == [{"id": "a", "orders": 5}, {"id": "b", "orders": None}]
    assert view.problems == ()


def test_bad_required_values_quarantine_their_row_and_say_why(connection):
    source = customers(
        connection,
        "('a', 'a@x', 'CA', 5), (NULL, 'b@x', 'NY', 1), ('c', 'c@x', 'ZZ', 1), "
        "('012345678901234567890', 'd@x', NULL, 1)",
    )
    view = import_view(CUSTOMERS, [need("state"), need("orders")], source, {})
    assert [row["id"] for row in read(connection, view.select)] == ["a"]
    assert read(connection, view.quarantine) == [
        {"key": "", "reason": "id"},
        {"key": "c", "reason": "state"},
        {"key": "012345678901234567890", "reason": "id, state"},
    ]
    assert read(connection, view.counts) == [{"rows": 4, "quarantined": 3, "orders": 0}]


def test_several_required_texts_are_looked_at_together_and_each_is_told_of(connection):
    pages = Dataset(
        name="pages",
        key=("id",),
        columns=tuple(Column(name=name, type=TEXT, required=True) for name in ("id", "title")),
    )
    connection.execute(
        "CREATE TABLE pages AS SELECT * FROM (VALUES ('a', 'plain'), ('b', 'Cafe\u0301'), "
        "('\u00fc', 'plain'), ('c', 'no\0'), ('d', repeat('\u00e9', 21)), ('e', repeat('e', 21)), "
        "('f\ufffe', 'plain'), ('g', NULL), (NULL, 'h'), ('i\0', 'i\ufdd0')) t(id, title)"
    )
    source = describe_source(connection, "pages")
    view = import_view(pages, [need("title")], source, {})
    assert read(connection, view.select) == [
        {"id": "a", "title": "plain"},
        {"id": "b", "title": "Caf\u00e9"},
        {"id": "\u00fc", "title": "plain"},
    ]
    reasons = [row["reason"] for row in read(connection, view.quarantine)]
    assert reasons == ["title", "title", "title", "id", "title", "id", "id, title"]
    assert read(connection, view.counts) == [{"rows": 10, "quarantined": 7}]


def test_texts_do_not_replace_a_further_check_with_the_name_of_one(connection):
    source = customers(connection, "('a', 'a@x', 'CA', 5), ('b', 'b@x', 'NY', 7)")
    strict = Dataset(
        name="customers",
        key=("id",),
        columns=tuple(Column(name=name, type=TEXT, required=True) for name in ("id", "email")),
    )
    view = import_view(strict, [need("email")], source, {}, [("email", "(source.orders < 6)")])
    assert [row["id"] for row in read(connection, view.select)] == ["a"]
    assert read(connection, view.quarantine) == [{"key": "b", "reason": "email"}]


def test_bad_optional_values_are_missing_and_counted(connection):
    source = customers(connection, "('a', 'a\0', 'CA', 5000), ('b', 'b@x', 'NY', 7)")
    view = import_view(CUSTOMERS, [need("email"), need("orders")], source, {})
    assert read(connection, view.select) == [
        {"id": "a", "email": None, "orders": None},
        {"id": "b", "email": "b@x", "orders": 7},
    ]
    assert read(connection, view.counts) == [{"rows": 2, "quarantined": 0, "email": 1, "orders": 1}]


def test_a_required_column_that_no_plan_needs_is_not_checked(connection):
    source = customers(connection, "('a', 'a@x', 'ZZ', 5)")
    view = import_view(CUSTOMERS, [need("email")], source, {})
    assert len(read(connection, view.select)) == 1
    assert "state" not in view.select


def test_keys_that_occur_twice_are_reported(connection):
    source = customers(
        connection, "('a', NULL, 'CA', 1), ('a', NULL, 'NY', 2), ('b', NULL, 'CA', 3)"
    )
    view = import_view(CUSTOMERS, [], source, {})
    assert read(connection, view.duplicates) == [{"key": "a", "rows": 2}]


def test_a_reference_is_defined_when_its_row_is_found(connection):
    source = customers(
        connection, "('a', 's1'), ('b', 's9'), ('c', NULL), ('d', 's2')", "id, store"
    )
    needs = [need("store"), need("store", "name"), need("store", "city")]
    view = import_view(CUSTOMERS, needs, source, stores(connection))
    assert read(connection, f"FROM ({view.select}) ORDER BY id") == [
        {"id": "a", "store": "s1", "store.name": "One", "store.city": "Albany"},
        {"id": "b", "store": None, "store.name": None, "store.city": None},
        {"id": "c", "store": None, "store.name": None, "store.city": None},
        {"id": "d", "store": "s2", "store.name": "Two", "store.city": None},
    ]
    assert read(connection, view.counts) == [{"rows": 4, "quarantined": 0, "store": 1}]


def test_a_required_reference_quarantines_when_no_row_is_found(connection):
    source = customers(connection, "('a', 's1'), ('b', 's9')", "id, home")
    view = import_view(CUSTOMERS, [need("home", "name")], source, stores(connection))
    assert [row["id"] for row in read(connection, view.select)] == ["a"]
    assert read(connection, view.quarantine) == [{"key": "b", "reason": "home"}]


def test_references_lead_from_table_to_table(connection):
    source = customers(connection, "('a', 's1'), ('b', 's2')", "id, store")
    needs = [need("store", "region", "chief"), need("store", "region")]
    view = import_view(CUSTOMERS, needs, source, stores(connection))
    assert read(connection, f"FROM ({view.select}) ORDER BY id") == [
        {"id": "a", "store": "s1", "store.region.chief": "Ada", "store.region": "r1"},
        {"id": "b", "store": "s2", "store.region.chief": None, "store.region": None},
    ]


def test_a_row_that_is_quarantined_or_ambiguous_is_not_found(connection):
    source = customers(connection, "('a', 's1'), ('b', 's2'), ('c', 's3')", "id, store")
    related = stores(
        connection,
        "('s1', NULL, 'x', NULL), ('s2', 'Two', 'x', NULL), ('s2', 'Zwei', 'y', NULL), "
        "('s3', 'Three', 'x', NULL)",
    )
    view = import_view(CUSTOMERS, [need("store", "name")], source, related)
    assert read(connection, f"FROM ({view.select}) ORDER BY id") == [
        {"id": "a", "store": None, "store.name": None},
        {"id": "b", "store": None, "store.name": None},
        {"id": "c", "store": "s3", "store.name": "Three"},
    ]


def test_an_optional_column_that_is_not_there_is_missing_and_said(connection):
    source = customers(connection, "('a', 'CA')", "id, state")
    needs = [need("orders"), need("store", "city"), need("store", "region", "chief")]
    view = import_view(CUSTOMERS, needs, source, stores(connection))
    assert read(connection, view.select) == [
        {"id": "a", "orders": None, "store": None, "store.city": None, "store.region.chief": None}
    ]
    assert view.problems == (
        SourceProblem("customers", "orders", False, None),
        SourceProblem("customers", "store", False, None),
    )


def test_a_required_column_that_is_not_there_leaves_no_good_row(connection):
    source = customers(connection, "('CA', 1.5::DOUBLE)", "state, orders_text")
    view = import_view(CUSTOMERS, [need("state")], source, {})
    assert read(connection, view.select) == []
    assert read(connection, view.quarantine) == [{"key": None, "reason": "id"}]
    assert view.problems == (SourceProblem("customers", "id", True, None),)


def test_a_column_of_an_impossible_type_is_said(connection):
    source = customers(connection, "('a', {'x': 1})", "id, email")
    view = import_view(CUSTOMERS, [need("email")], source, {})
    assert view.problems == (SourceProblem("customers", "email", False, "STRUCT(x INTEGER)"),)
    assert read(connection, view.select) == [{"id": "a", "email": None}]


def test_problems_of_a_related_table_are_reported_too(connection):
    source = customers(connection, "('a', 's1')", "id, store")
    related = stores(connection)
    bare = SourceTable(related["stores"][1].relation, {"id": related["stores"][1].columns["id"]})
    view = import_view(
        CUSTOMERS, [need("store", "name")], source, {**related, "stores": (STORES, bare)}
    )
    assert view.problems == (SourceProblem("stores", "name", True, None),)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (("unknown",), "no column unknown"),
        (("email", "domain"), "leads to no other table"),
        (("store", "unknown"), "no column unknown"),
        (("store", "city", "name"), "leads to no other table"),
    ],
)
def test_paths_that_are_not_declared_are_refused(connection, path, message):
    related = stores(connection)
    for rows, columns in (("('a', NULL, 's1')", "id, email, store"), ("('a', NULL)", "id, email")):
        source = customers(connection, rows, columns)
        with pytest.raises(PlanCodeError, match=message):
            import_view(CUSTOMERS, [need(*path)], source, related)


def test_a_reference_to_an_unknown_table_is_refused(connection):
    source = customers(connection, "('a', 's1')", "id, store")
    with pytest.raises(PlanCodeError, match="refers to stores"):
        import_view(CUSTOMERS, [need("store", "name")], source, {})


def test_references_end_somewhere(connection):
    people = Dataset(
        name="people",
        key=("id",),
        columns=(
            Column(name="id", type=TEXT, required=True),
            Column(name="friend", type=TEXT, references="people"),
        ),
    )
    connection.execute("CREATE TABLE people AS SELECT 'a' AS id, 'a' AS friend")
    source = describe_source(connection, "people")
    related = {"people": (people, source)}
    view = import_view(people, [need("friend", "friend", "friend")], source, related)
    assert read(connection, view.select)[0]["friend.friend.friend"] == "a"
    with pytest.raises(PlanCodeError, match="further"):
        import_view(people, [need(*["friend"] * 6)], source, related)


def test_parquet_statistics_save_checks(connection, tmp_path):
    file = tmp_path / "customers.parquet"
    connection.execute(
        "COPY (SELECT 'c' || i AS id, 'CA' AS state, i % 40 AS orders, DATE '2000-01-01' AS born "
        f"FROM range(100) t(i)) TO '{file}' (FORMAT parquet)"
    )
    source = describe_source(connection, f"read_parquet('{file}')")
    view = import_view(CUSTOMERS, [need("orders"), need("born")], source, {})
    assert 'source."orders" AS "orders"' in view.select
    assert 'source."born" AS "born"' in view.select
    assert read(connection, view.counts) == [
        {"rows": 100, "quarantined": 0, "orders": 0, "born": 0}
    ]
    connection.execute(
        f"COPY (SELECT 'c' AS id, 5000::BIGINT AS orders) TO '{file}' (FORMAT parquet)"
    )
    source = describe_source(connection, f"read_parquet('{file}')")
    view = import_view(CUSTOMERS, [need("orders")], source, {})
    assert read(connection, view.select) == [{"id": "c", "orders": None}]


def test_csv_files_are_text(connection, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text(
        "id,email,state,orders,spend,born,tags\n"
        "a,a@x,CA,7,12.345,2000-02-29,x|y\n"
        "b,,NY,,,,\n"
        "c,c@x,TX,seven,1e5,2001-02-29,a|b|c|d\n",
        encoding="utf-8",
    )
    source = describe_source(connection, f"read_csv('{file}', all_varchar = true)")
    names = ("email", "orders", "spend", "born", "tags")
    view = import_view(CUSTOMERS, [need(name) for name in names], source, {})
    found = read(connection, view.select)
    assert [list(row.values())[2:4] for row in found] == [[7, 1235], [None, None], [None, None]]
    assert [row["tags"] for row in found] == [["x", "y"], None, None]
    assert read(connection, view.counts) == [
        {"rows": 3, "quarantined": 0, "email": 0, "orders": 1, "spend": 1, "born": 1, "tags": 1}
    ]


def test_an_empty_source_has_no_rows_and_no_statistics(connection):
    connection.execute("CREATE TABLE nobody (id VARCHAR, orders BIGINT)")
    source = describe_source(connection, "nobody")
    view = import_view(CUSTOMERS, [need("orders")], source, {})
    assert read(connection, view.select) == []
    assert read(connection, view.counts) == [{"rows": 0, "quarantined": 0, "orders": 0}]


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(("source", "format"), [("DOUBLE", "<d"), ("FLOAT", "<f")])
@pytest.mark.parametrize(
    "type", [DecimalType(2, 0, 10**9), DecimalType(0, 0, 99), IntType(0, 1000)]
)
def test_no_number_is_none_whatever_a_file_says_of_the_others(
    connection, tmp_path, with_nan, type, source, format, required
):
    query = f"SELECT 'c' || i AS id, i::{source} AS spend FROM range(1, 10) t(i)"
    relation = with_nan(tmp_path / "customers.parquet", query, 7.0, format)
    (row,) = connection.execute(f"SELECT * FROM {relation} WHERE NOT isfinite(spend)").fetchall()
    assert row[0] == "c7"
    columns = (CUSTOMERS.columns[0], Column(name="spend", type=type, required=required))
    dataset = Dataset(name="customers", key=("id",), columns=columns)
    view = import_view(dataset, [need("spend")], describe_source(connection, relation), {})
    found = {row["id"]: row["spend"] for row in read(connection, view.select)}
    unit = 10**type.scale if isinstance(type, DecimalType) else 1
    expected = {f"c{i}": i * unit for i in range(1, 10)}
    if required:
        del expected["c7"]
        assert read(connection, view.quarantine) == [{"key": "c7", "reason": "spend"}]
    else:
        expected["c7"] = None
        assert read(connection, view.counts)[0]["spend"] == 1
    assert found == expected


def test_instants_with_a_zone_are_read_as_utc_and_may_be_there_unread(connection, tmp_path):
    file = tmp_path / "customers.parquet"
    connection.execute("SET TimeZone = 'America/New_York'")
    connection.execute(
        "COPY (SELECT 'a' AS id, TIMESTAMPTZ '2026-12-04 20:00+02' AS seen,"
        f" TIMESTAMPTZ '2026-01-01 00:00Z' AS unread) TO '{file}' (FORMAT parquet)"
    )
    source = describe_source(connection, f"read_parquet('{file}')")
    assert source.columns["unread"].type == "TIMESTAMP WITH TIME ZONE"
    columns = (CUSTOMERS.columns[0], Column(name="seen", type=DatetimeType(), required=True))
    view = import_view(
        Dataset(name="customers", key=("id",), columns=columns), [need("seen")], source, {}
    )
    assert read(connection, view.select) == [
        {"id": "a", "seen": datetime.datetime(2026, 12, 4, 18)}
    ]


def test_bounds_come_from_a_files_statistics_for_the_columns_that_are_needed(connection, tmp_path):
    """Also of a file that has a column by the name that DuckDB gives to the number of a row."""
    path = tmp_path / "numbers.parquet"
    for name in ("line", "file_row_number", "File_Row_Number"):
        query = f"SELECT i AS {name}, i + 5 AS other FROM range(3) AS numbers(i)"
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
        source = describe_source(connection, f"read_parquet('{path}')", {name})
        assert (source.columns[name].low, source.columns[name].high) == (0, 2)
        assert source.columns["other"].low is None
    connection.execute(f"COPY (SELECT 1 AS line WHERE FALSE) TO '{path}' (FORMAT parquet)")
    assert describe_source(connection, f"read_parquet('{path}')").columns["line"].low is None
