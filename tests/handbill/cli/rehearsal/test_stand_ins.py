"""What personas refer to is made up, and personas stand in stores of the retailer's."""

from __future__ import annotations

import datetime

from handbill.assertions.fixtures import Fixtures
from handbill.cli.rehearsal.stand_ins import TRIED, fill_in
from handbill.plan.model import Column, Dataset, RelationTo, Table
from handbill.plan.types import DateType, IntType, ListType, ObjectType, StringType

TODAY = datetime.date(2026, 12, 5)
TEXT = StringType(20)
SALES = RelationTo(dataset="sales", key=("customer",))
DATASETS = {
    "customers": Dataset(
        name="customers",
        key=("id",),
        columns=(
            Column(name="id", type=TEXT, required=True),
            Column(name="store", type=TEXT, references="stores"),
            Column(name="friend", type=TEXT, references="nowhere"),
            Column(name="sales", type=ListType(ObjectType(()), 9), relation=SALES),
            Column(name="others", type=ListType(ObjectType(()), 9), relation=RelationTo(dataset="x", key=("y",))),
        ),
    ),
    "stores": Dataset(
        name="stores",
        key=("id",),
        columns=(Column(name="id", type=TEXT, required=True),),
        table="sha256:stores",
    ),
    "products": Dataset(
        name="products",
        key=("id",),
        columns=(
            Column(name="id", type=TEXT, required=True),
            Column(name="name", type=TEXT, required=True),
            Column(name="price", type=IntType(1, 9), required=True),
            Column(name="since", type=DateType()),
        ),
    ),
    "sales": Dataset(
        name="sales",
        key=("customer", "line"),
        columns=(
            Column(name="customer", type=TEXT, required=True),
            Column(name="line", type=IntType(0, 9), required=True),
            Column(name="product", type=TEXT, references="products"),
        ),
    ),
}  # fmt: skip
TABLES = {"sha256:stores": Table(columns=("id",), rows=tuple((f"s{n}",) for n in range(9)))}


def test_rows_that_are_named_are_made_up() -> None:
    sales = [{"customer": "ann", "line": 1, "product": "sour-dough"}]
    filled = fill_in(Fixtures({"customers": [], "sales": sales}), DATASETS, TABLES, TODAY)
    (product,) = filled.fixtures.rows["products"]
    assert product == {"id": "sour-dough", "name": "Sour dough", "price": 1, "since": None}


def test_rows_that_are_there_stay() -> None:
    rows = {
        "customers": [{"id": "ann", "store": "s3", "friend": "x"}],
        "sales": [{"customer": "ann", "line": 1, "product": "a"}],
        "products": [{"id": "a", "name": "Apple", "price": 3, "since": None}],
    }
    filled = fill_in(Fixtures(rows), DATASETS, TABLES, TODAY)
    assert filled.fixtures.rows["products"] == rows["products"]
    assert filled.stand_ins == {}


def test_a_persona_without_a_store_stands_in_some() -> None:
    rows = {
        "customers": [{"id": "ann", "store": None, "friend": None}],
        "sales": [{"customer": "ann", "line": 1, "product": None}],
    }
    filled = fill_in(Fixtures(rows), DATASETS, TABLES, TODAY)
    assert filled.stand_ins == {f"ann~store~{n}": ("ann", f"store s{n}") for n in range(TRIED)}
    assert [row["store"] for row in filled.fixtures.rows["customers"]] == [
        None, "s0", "s1", "s2", "s3",
    ]  # fmt: skip
    owners = [row["customer"] for row in filled.fixtures.rows["sales"]]
    assert owners == ["ann", *filled.stand_ins]


def test_a_table_that_is_made_up_has_keys_too() -> None:
    datasets = {**DATASETS}
    stores = DATASETS["stores"]
    datasets["stores"] = Dataset(name="stores", key=("id",), columns=stores.columns)
    rows = {
        "customers": [{"id": "ann", "store": "here"}, {"id": "bob", "store": None}],
    }
    filled = fill_in(Fixtures(rows), datasets, {}, TODAY)
    assert filled.stand_ins == {"bob~store~0": ("bob", "store here")}
