"""Data that nobody ordered, and plans that ask for too much: each stops itself and nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import msgspec
import pytest
from corner_shop import FILES, NOON, Shop
from purchases_shop import DAY, PURCHASES, ROWS, bought, campaign, found, opened, with_purchases

from handbill.plan.model import FieldNeed, Plan
from handbill.plan.types import ListType, MemberType, ObjectType, StringType
from handbill_runtime.errors import DataFault, PlanFault
from handbill_runtime.stages.audience import candidates
from handbill_runtime.stages.compiled import CompiledTenant, compile_plan
from handbill_runtime.stages.customers import Customers, open_customers

SPENT = "customer.purchases | map(attribute='total') | sum > 20"
RECENT = "customer.purchases | within('7 days') | count > 0"


@pytest.fixture
def store(shop: Shop) -> Shop:
    return with_purchases(shop)


def write(store: Shop, query: str, file: str = "purchases.parquet") -> None:
    path = empty(store, file)
    options = "FORMAT csv, HEADER" if file.endswith("csv") else "FORMAT parquet"
    database = duckdb.connect()
    database.execute("SET TimeZone = 'Asia/Tokyo'")
    database.execute(f"COPY ({query}) TO '{path}' ({options})")
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))


def empty(store: Shop, file: str) -> Path:
    """The only file of the purchases, and nothing in it."""
    folder = store.root / "data/corner"
    for old in folder.glob("purchases.*"):
        old.unlink()
    (folder / file).write_bytes(b"")
    os.utime(folder / file, (NOON.timestamp(), NOON.timestamp()))
    return folder / file


def selected(customers: Customers, store: Shop, name: str) -> list[str]:
    chunks = candidates(store.plan(name), customers, DAY)
    return [one.recipient.customer for chunk in chunks for one in chunk]


@pytest.mark.parametrize("amount", ["'nan'::DOUBLE", "'inf'::DOUBLE", "'-inf'::DOUBLE", "1e300"])
def test_amounts_that_are_no_numbers_are_left_out(store: Shop, amount: str) -> None:
    rows = f"('ann', 1, 30.0), ('bob', 1, {amount}), ('bob', 2, 21.0), ('ann', 2, {amount})"
    write(
        store,
        "SELECT customer_id, line, TIMESTAMP '2026-12-04 09:00' AS bought_at, total::DOUBLE AS total"
        f" FROM (VALUES {rows}) AS t(customer_id, line, total)",
    )
    campaign(store, SPENT)
    with opened(store) as customers:
        assert customers.quarantined == {"purchases: total": 2}
        assert selected(customers, store, "points") == ["ann", "bob"]


@pytest.mark.parametrize("file", ["purchases.parquet", "purchases.csv"])
def test_an_instant_is_the_same_in_every_zone_of_its_file(store: Shop, file: str) -> None:
    """The week begins on the 29th in New York: five in the morning of that day, as UTC has it."""
    zoned = "TIMESTAMPTZ '2026-11-29 04:59:59Z'", "TIMESTAMPTZ '2026-11-29 05:00:00Z'"
    rows = ", ".join(
        f"('{who}', 1, {at}, 1.0)" for who, at in zip(("ann", "bob"), zoned, strict=True)
    )
    write(store, f"FROM (VALUES {rows}) AS t(customer_id, line, bought_at, total)", file)
    campaign(store, RECENT)
    assert list(found(store)) == ["bob"]


@pytest.mark.parametrize("file", ["purchases.parquet", "purchases.csv"])
def test_a_file_without_rows_is_no_fault(store: Shop, file: str) -> None:
    names = "customer_id, line, bought_at, total, store, zone"
    write(store, f"SELECT * FROM (VALUES {ROWS}) AS t({names}) LIMIT 0", file)
    campaign(store, RECENT)
    campaign(store, "customer.purchases | count == 0", name="none")
    assert list(found(store)) == []
    assert list(found(store, "none")) == ["ann", "bob"]


def test_a_file_of_no_bytes_is_one(store: Shop) -> None:
    campaign(store, RECENT)
    campaign(store, "everyone", name="plain")
    for name in ("purchases.parquet", "purchases.csv"):
        empty(store, name)
        with pytest.raises(DataFault) as caught:
            found(store)
        assert caught.value.code == "HB941"
        assert list(found(store, "plain")) == ["ann", "bob"]


def test_rows_that_are_replaced_while_they_are_read_are_not_used(store: Shop) -> None:
    campaign(store, RECENT)
    with opened(store) as customers:
        bought(
            store,
            ROWS.replace("'bob', 1, TIMESTAMP '2026-01-01", "'bob', 1, TIMESTAMP '2026-12-04"),
        )
        with pytest.raises(DataFault) as caught:
            selected(customers, store, "points")
    assert caught.value.code == "HB943"
    assert list(found(store)) == ["ann", "bob"]


# ── one plan too many ────────────────────────────────────────────────────────────────────────────


def asking_for(plan: Plan, member: str) -> Plan:
    """The plan with one more member of purchases to read."""
    needs = []
    for need in plan.fields:
        if need.path == ("purchases",):
            assert isinstance(need.type, ListType) and isinstance(need.type.item, ObjectType)
            members = (*need.type.item.members, MemberType(member, StringType(40), False))
            item = ObjectType(tuple(sorted(members, key=lambda each: each.name)))
            need = FieldNeed(path=need.path, type=ListType(item, need.type.maximum))
        needs.append(need)
    return msgspec.structs.replace(plan, fields=tuple(needs))


def test_a_plan_that_asks_for_a_member_that_is_not_there_stops_itself_only(store: Shop) -> None:
    campaign(store, RECENT)
    campaign(store, SPENT, name="spent")
    tenant = store.compiled().tenant
    broken = compile_plan(asking_for(tenant.plans["spent"].plan, "colour"), "sha256:0")
    spoiled = CompiledTenant(tenant.tenant, {**tenant.plans, "spent": broken}, tenant.tables)
    root = f"file://{store.root}/data/{{tenant}}"
    for due in (None, [tenant.plans["points"]]):
        with open_customers(spoiled, root, NOON, due) as customers:
            assert selected(customers, store, "points") == ["ann"]
            if due is None:
                with pytest.raises(PlanFault) as caught:
                    list(candidates(broken, customers, DAY))
                assert caught.value.code == "HB931"
                assert "colour" in caught.value.message and "spent" in caught.value.message


def with_products(store: Shop) -> Path:
    """A dataset in a file, to which purchases and customers lead."""
    product = {"type": "string", "maxLength": 40, "x-references": "products"}
    bought_columns = {**PURCHASES["properties"], "product": product}  # type: ignore[dict-item]
    schemas = {
        "schemas/data/purchases.schema.json": {**PURCHASES, "properties": bought_columns},
        "schemas/data/products.schema.json": {
            **json.loads(FILES["schemas/data/stores.schema.json"]),
            "title": "products",
        },
    }
    customer = json.loads((store.root / "repository/schemas/customer.schema.json").read_text())
    customer["properties"]["favourite"] = product
    schemas["schemas/customer.schema.json"] = customer
    for path, schema in schemas.items():
        draft = "https://json-schema.org/draft/2020-12/schema"
        store.write(path, json.dumps({"$schema": draft, **schema}))
    tenant = (store.root / "repository/tenants/corner/tenant.yaml").read_text()
    store.write(
        "tenants/corner/tenant.yaml",
        tenant.replace("  stores:", "  products: {key: id}\n  stores:"),
    )
    products = store.root / "data/corner/products.csv"
    products.write_text("id,name\nsoup,Soup\n")
    store.customers(
        """
        id,first_name,email,consent,orders,favourite
        ann,Ann,ann@shop.example,email.promotions,3,soup
        bob,,bob@shop.example,email.promotions,0,
        """
    )
    return products


@pytest.mark.parametrize(
    "rule",
    [
        "customer.favourite is defined and customer.favourite.name == 'Soup'",
        "customer.purchases | selectattr('product', 'defined')"
        " | selectattr('product.name', '==', 'Soup') | count == 0",
    ],
)
@pytest.mark.parametrize("spoil", ["missing", "damaged"])
def test_a_missing_table_stops_the_campaigns_that_lead_to_it_and_no_other(
    store: Shop, rule: str, spoil: str
) -> None:
    products = with_products(store)
    campaign(store, rule, name="leading")
    campaign(store, RECENT)
    campaign(store, "everyone", name="plain")
    assert found(store, "leading")
    products.unlink()
    if spoil == "damaged":
        products.with_suffix(".parquet").write_bytes(b"PAR1 not at all")
    assert list(found(store)) == ["ann"]
    assert list(found(store, "plain")) == ["ann", "bob"]
    with pytest.raises(DataFault) as caught:
        found(store, "leading")
    assert caught.value.code == ("HB940" if spoil == "missing" else "HB941")


def test_without_customers_nobody_is_asked(store: Shop) -> None:
    campaign(store, RECENT)
    (store.root / "data/corner/customers.csv").unlink()
    with pytest.raises(DataFault) as caught:
        found(store)
    assert caught.value.code == "HB940" and "no customers" in caught.value.message
