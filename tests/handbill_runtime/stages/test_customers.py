"""A tenant's data, read once: what is missing, old, damaged or ambiguous is never an audience."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import msgspec
import pytest
from corner_shop import CAMPAIGN, FILES, NOON, Shop, unindent

from handbill.plan.import_view import MAX_REFERENCES
from handbill.plan.model import FieldNeed
from handbill_runtime.errors import DataFault, PlanFault
from handbill_runtime.stages.audience import audience_query, candidates
from handbill_runtime.stages.compiled import CompiledTenant, compile_plan
from handbill_runtime.stages.customers import Customers, open_customers

DAY = date(2026, 12, 5)


@contextmanager
def opened(shop: Shop, tenant: CompiledTenant | None = None) -> Iterator[Customers]:
    root = f"file://{shop.root}/data/{{tenant}}"
    with open_customers(tenant or shop.compiled().tenant, root, NOON) as customers:
        yield customers


def fault(shop: Shop, tenant: CompiledTenant | None = None) -> DataFault:
    with pytest.raises(DataFault) as caught, opened(shop, tenant):
        pass
    return caught.value


def with_campaign(shop: Shop, include: str, category: str = "promotions") -> None:
    shop.campaign(
        "points",
        f"""
        category: {category}
        status: active
        trigger: {{at: 2026-12-05T12:00, timezone: tenant}}
        audience: "{include}"
        message:
          email: {{subject: "Double points", template: mail.html}}
        """,
    )


def names(customers: Customers) -> list[str]:
    query = "SELECT column_name FROM (DESCRIBE customers) ORDER BY ALL"
    return [name for rows in customers.fetch(query, 100) for (name,) in rows]


def test_only_needed_columns_are_read(shop: Shop) -> None:
    with_campaign(shop, "customer.orders > 2 and customer.store is defined")
    with opened(shop) as customers:
        assert names(customers) == sorted(
            ["id", "first_name", "orders", "store", "email", "phone", "push_token", "timezone",
             "locale", "consent", "declined"]
        )  # fmt: skip
        assert customers.total == 2
        assert customers.quarantined == {}


def test_parquet_comes_before_csv(shop: Shop) -> None:
    path = shop.root / "data/corner/customers.parquet"
    duckdb.connect().sql(f"""
        COPY (SELECT 'zoe' AS id, 'Zoe' AS first_name, 7 AS orders, ['email.promotions'] AS consent)
        TO '{path}' (FORMAT parquet)
    """)
    with opened(shop) as customers:
        assert customers.total == 1


def test_a_reference_is_joined(shop: Shop) -> None:
    with_campaign(shop, "customer.store is defined and customer.store.name == 'Main Street'")
    shop.customers("""
        id,first_name,email,consent,orders,store
        ann,Ann,ann@shop.example,email.promotions,3,main
        bob,Bob,bob@shop.example,email.promotions,3,gone
        """)
    with opened(shop) as customers:
        rows = next(customers.fetch('SELECT id, store, "store.name" FROM customers ORDER BY 1', 9))
    assert rows == [("ann", "main", "Main Street"), ("bob", None, None)]


def test_bad_rows_are_quarantined_and_counted(shop: Shop) -> None:
    shop.customers("""
        id,first_name,email,consent,orders
        ann,Ann,ann@shop.example,email.promotions,3
        bob,Bob,bob@shop.example,email.promotions,many
        ,Cat,cat@shop.example,email.promotions,1
        dan,Dan,dan@shop.example,email.promotions,1
        dan,Daniela,daniela@shop.example,email.promotions,2
        """)
    with_campaign(shop, "customer.orders > 0")
    with opened(shop) as customers:
        assert customers.quarantined == {"id": 1, "orders": 1, "id: not unique": 2}
        assert customers.total == 1


def test_missing_data_is_a_fault(shop: Shop) -> None:
    (shop.root / "data/corner/customers.csv").unlink()
    assert fault(shop).code == "HB940"
    tenant = shop.compiled().tenant
    nothing = msgspec.structs.replace(tenant.tenant, datasets={})
    assert fault(shop, CompiledTenant(nothing, tenant.plans, tenant.tables)).code == "HB940"


def test_a_missing_required_column_is_a_fault(shop: Shop) -> None:
    with_campaign(shop, "customer.orders > 0")
    shop.customers("""
        id,first_name,email,consent
        ann,Ann,ann@shop.example,email.promotions
        """)
    found = fault(shop)
    assert found.code == "HB941"
    assert "customers.orders" in found.message


def test_all_columns_that_are_missing_are_named_at_once(shop: Shop) -> None:
    with_campaign(shop, "customer.orders > 2", category="news")  # opt_out reads `declined`
    shop.customers("""
        id,first_name,email
        ann,Ann,ann@shop.example
        """)
    said = fault(shop).message
    assert "customers.declined" in said
    assert "customers.orders" in said
    assert said.count("is required") == 1


def test_a_damaged_file_is_a_fault(shop: Shop) -> None:
    path = shop.root / "data/corner/customers.parquet"
    path.write_bytes(b"PAR1 this is no parquet PAR1")
    assert fault(shop).code == "HB941"


HEADER = "id,first_name,email,declined,orders\n"


@pytest.mark.parametrize(
    "rows",
    [
        'bob,"Bob" B,bob@shop.example,"email.news",1\ncat,Cat,cat@shop.example,"email.news",1\n',
        'bob,"Bob,bob@shop.example,"email.news",1\ncat,Cat,cat@shop.example,"email.news",1\n',
        'bob,"Bob,bob@shop.example,email.news,1\ncat,Cat,cat@shop.example,email.news,1\n',
        "bob,Bob,bob@shop.example,email.news\n",
    ],
    ids=["stray quotes", "quote within", "quote never closed", "a column short"],
)
def test_a_csv_file_out_of_step_is_a_fault(shop: Shop, rows: str) -> None:
    """Guessing another dialect would leave the quotes in `declined`, and refuse nothing."""
    path = shop.root / "data/corner/customers.csv"
    path.write_text(f'{HEADER}ann,Ann,ann@shop.example,"email.news|sms.news",1\n{rows}')
    assert fault(shop).code == "HB941"


@pytest.mark.parametrize("delimiter", [";", "|", "\t"])
def test_another_delimiter_is_not_guessed(shop: Shop, delimiter: str) -> None:
    text = f"{HEADER}ann,Ann,ann@shop.example,email.news,1\n".replace(",", delimiter)
    (shop.root / "data/corner/customers.csv").write_text(text)
    assert fault(shop).code == "HB941"


def test_quotes_lines_and_hashes_in_csv(shop: Shop) -> None:
    rows = '#bob,"Bo ""the\nB"", Jr",bob@shop.example,,1\nann,"",ann@shop.example,"email.news",1\n'
    (shop.root / "data/corner/customers.csv").write_text(f"\ufeff{HEADER}{rows}", "utf-8")
    with opened(shop) as customers:
        query = "SELECT id, first_name, declined FROM customers ORDER BY id"
        found = [row for chunk in customers.fetch(query, 9) for row in chunk]
    assert found == [("#bob", 'Bo "the\nB", Jr', []), ("ann", None, ["email.news"])]


def test_stale_data_is_a_fault(shop: Shop) -> None:
    tenant = shop.compiled().tenant
    datasets = dict(tenant.tenant.datasets)
    datasets["customers"] = msgspec.structs.replace(datasets["customers"], fresh_seconds=3600)
    strict = CompiledTenant(
        msgspec.structs.replace(tenant.tenant, datasets=datasets), tenant.plans, tenant.tables
    )
    path = shop.root / "data/corner/customers.csv"
    old = (NOON - timedelta(hours=2)).timestamp()
    os.utime(path, (old, old))
    assert fault(shop, strict).code == "HB942"
    fresh = (NOON - timedelta(minutes=59)).timestamp()
    os.utime(path, (fresh, fresh))
    with opened(shop, strict) as customers:
        assert customers.total == 2


def test_refusals_that_cannot_be_read_are_not_no_refusals(shop: Shop) -> None:
    with_campaign(shop, "everyone", category="news")  # opt_out
    assert "customers.declined" in fault(shop).message
    many = "|".join(["email.promotions"] * 10)  # more than maxItems
    shop.customers(f"""
        id,first_name,email,declined,orders
        ann,Ann,ann@shop.example,,3
        bob,Bob,bob@shop.example,{many},3
        """)
    with opened(shop) as customers:
        assert customers.quarantined == {"declined": 1}
        assert customers.total == 1


@pytest.mark.parametrize("category", ["news", "promotions"])
def test_a_refusal_that_names_nothing_is_not_no_refusal(shop: Shop, category: str) -> None:
    with_campaign(shop, "everyone", category=category)
    shop.customers("""
        id,first_name,email,declined,orders
        ann,Ann,ann@shop.example,email.newz,3
        bob,Bob,bob@shop.example, Email.News|,3
        """)
    with opened(shop) as customers:
        assert customers.quarantined == {"declined: an entry is not channel.category": 1}
        assert customers.total == 1


def test_nobody_asks_about_refusals_for_a_service_message(shop: Shop) -> None:
    with_campaign(shop, "everyone", category="service")
    shop.customers("""
        id,first_name,email,declined,orders
        ann,Ann,ann@shop.example,email.newz,3
        """)
    with opened(shop) as customers:
        assert (customers.total, customers.quarantined) == (1, {})


def test_zones(shop: Shop) -> None:
    shop.customers("""
        id,first_name,email,consent,orders,timezone
        ann,Ann,a@shop.example,,3,America/Chicago
        bob,Bob,b@shop.example,,3,Mars/Olympus
        cat,Cat,c@shop.example,,3,
        """)
    with opened(shop) as customers:
        assert customers.zones() == ("America/Chicago", "America/New_York")
        assert customers.count_by_zone(shop.plan().plan) == {
            "America/Chicago": 1,
            "America/New_York": 2,
        }
        ids = []
        for zone in ("America/Chicago", "America/New_York"):
            query = f"SELECT id FROM customers WHERE {customers.where([zone], None)} ORDER BY 1"
            ids.append([row for rows in customers.fetch(query, 1) for (row,) in rows])
        assert ids == [["ann"], ["bob", "cat"]]
        assert customers.where(None, None) == "TRUE"
        assert customers.where(["Asia/Tokyo"], None) == "(FALSE)"


def test_a_file_that_is_replaced_meanwhile_is_a_fault(shop: Shop) -> None:
    with opened(shop) as customers:
        query = "SELECT id FROM customers ORDER BY 1"
        assert next(customers.fetch(query, 9)) == [("ann",), ("bob",)]
        fresh = shop.root / "data/corner/fresh.csv"
        fresh.write_text("id,first_name,email,consent,orders\nzoe,Zoe,zoe@shop.example,,1\n")
        fresh.replace(shop.root / "data/corner/customers.csv")
        with pytest.raises(DataFault) as caught:
            next(customers.fetch(query, 9))
        assert caught.value.code == "HB943"


def test_a_file_that_is_gone_meanwhile_is_a_fault(shop: Shop) -> None:
    def ask() -> None:
        with opened(shop) as customers:
            (shop.root / "data/corner/customers.csv").unlink()
            next(customers.fetch("SELECT id FROM customers", 9))

    with pytest.raises(DataFault) as caught:
        ask()
    assert caught.value.code == "HB941"


def test_what_does_not_fit_into_memory_goes_into_a_folder_that_is_removed(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.root / "data/corner/customers.parquet"
    duckdb.sql(f"""
        COPY (
            SELECT 'customer ' || i AS id, repeat(md5(i::VARCHAR), 5) || '@shop.example' AS email,
                ['email.promotions'] AS consent, (i % 9)::INTEGER AS orders
            FROM range(1200000) AS numbers(i)
        ) TO '{path}' (FORMAT parquet)
    """)
    with_campaign(shop, "customer.orders > 2")
    shop.campaign("second", unindent(CAMPAIGN))
    spill = tmp_path / "spill"
    spill.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spill))
    root = f"file://{shop.root}/data/{{tenant}}"
    with open_customers(shop.compiled().tenant, root, NOON, memory="240MB") as customers:
        assert customers.total == 1_200_000
        spilt = [file for file in spill.rglob("*") if file.is_file()]
        assert sum(file.stat().st_size for file in spilt) > 10_000_000
        query = "SELECT count(*) FROM customers WHERE orders > 2"
        assert next(customers.fetch(query, 1)) == [(799_998,)]
    assert list(spill.iterdir()) == []


def test_campaigns_that_are_due_together_share_one_table_of_what_they_need(shop: Shop) -> None:
    with_campaign(shop, "customer.orders > 2")
    shop.campaign("second", unindent(CAMPAIGN))
    shop.customers(
        "id,first_name,email,consent,orders\nann,,a@shop.example,,3\nbob,,b@shop.example,,x\n"
    )
    tenant = shop.compiled().tenant
    root = f"file://{shop.root}/data/{{tenant}}"
    with open_customers(tenant, root, NOON, list(tenant.plans.values())) as customers:
        assert "orders" in names(customers)
    with open_customers(tenant, root, NOON, [tenant.plans["second"]]) as customers:
        # nobody is left out by what else is due: `points` needs orders, and bob has none
        assert customers.quarantined == {"orders": 1}
        assert customers.total == 1


def test_a_plan_that_leads_too_far_stops_its_own_campaign_and_no_other(shop: Shop) -> None:
    """The compiler refuses such a path; a plan of another one may have it."""
    stores = FILES["schemas/data/stores.schema.json"].replace(
        '"name": {',
        '"up": {"type": "string", "maxLength": 40, "x-references": "stores"}, "name": {',
    )
    shop.write("schemas/data/stores.schema.json", stores)
    shop.write("tenants/corner/data/stores.csv", "id,name,up\nmain,Main Street,main\n")
    far = "customer.store" + ".up" * (MAX_REFERENCES - 1)
    with_campaign(shop, f"{far} is defined or customer.orders == 0")
    shop.campaign("second", unindent(CAMPAIGN))
    shop.customers("id,store,orders\nann,main,3\nbob,,0\n")
    tenant = shop.compiled().tenant
    with opened(shop, tenant) as customers:
        query = audience_query(shop.plan(), customers, DAY)
        assert len(next(customers.fetch(query, 9))) == 2
    points = tenant.plans["points"].plan
    needs = tuple(
        FieldNeed(path=(*need.path, "up"), type=need.type) if need.path[-1] == "up" else need
        for need in points.fields
    )
    assert needs != points.fields
    farther = compile_plan(msgspec.structs.replace(points, fields=needs), "sha256:farther")
    tenant = replace(tenant, plans={**tenant.plans, "points": farther})
    with opened(shop, tenant) as customers:
        assert customers.total == 2
        second = audience_query(tenant.plans["second"], customers, DAY)
        assert len(next(customers.fetch(second, 9))) == 2
        with pytest.raises(PlanFault, match="further than 4 tables") as caught:
            audience_query(farther, customers, DAY)
        assert caught.value.code == "HB931"


@pytest.mark.parametrize("ids", ["abcd", "dbca", "abca", "aabc", "ab a"])
@pytest.mark.parametrize("campaigns", [1, 2])
def test_ids_are_unique_in_whatever_order_they_come(shop: Shop, ids: str, campaigns: int) -> None:
    rows = "".join(f"{one.strip()},,{one}@shop.example,,1\n" for one in ids)
    shop.customers("id,first_name,email,consent,orders\n" + rows)
    if campaigns == 2:
        shop.campaign("second", unindent(CAMPAIGN))
    twice = ids.count("a") * (ids.count("a") > 1)
    with opened(shop) as customers:
        assert customers.quarantined.get("id: not unique", 0) == twice
        assert customers.total == len(ids.replace(" ", "")) - twice


def test_a_list_that_is_only_searched_is_kept_as_it_is_written(shop: Shop) -> None:
    with_campaign(shop, "'wine' in customer.likes | default([])")
    shop.campaign("second", unindent(CAMPAIGN))
    path = shop.root / "data/corner/customers.parquet"
    duckdb.sql(f"""
        COPY (FROM (VALUES ('ann', ['wine', 'socks'], 1), ('bob', ['socks'], 1), ('cat', NULL, 1))
              AS t(id, likes, orders)) TO '{path}' (FORMAT parquet)
    """)
    with opened(shop) as customers:
        assert "likes as written" in names(customers)
        assert "likes" not in names(customers)
        found = [one for chunk in candidates(shop.plan(), customers, NOON.date()) for one in chunk]
        assert [one.recipient.customer for one in found] == ["ann"]
