"""Made-up customers and rows: typed, personas first, and every mistake at its place."""

from __future__ import annotations

import datetime
from decimal import Decimal

from tested_shop import Shop

from handbill.assertions.cells import Row


def rows(shop: Shop, dataset: str = "customers") -> list[Row]:
    return list(shop.ready().fixtures.rows[dataset])


def test_what_is_written_and_what_is_not(shop: Shop) -> None:
    shop.test("a: {spend_90d: 12.5, last_order_on: 2026-11-02, consent: [email.promotions]}")
    (ann,) = rows(shop)
    assert ann["id"] == "a"
    assert ann["spend_90d"] == Decimal("12.5")
    assert ann["last_order_on"] == datetime.date(2026, 11, 2)
    assert ann["lifetime_orders"] == 0, "required, and so never missing by itself"
    assert ann["first_name"] is None


def test_null_is_really_missing(shop: Shop) -> None:
    shop.test("a: {lifetime_orders: null}")
    (ann,) = rows(shop)
    assert ann["lifetime_orders"] is None


def test_a_persona_comes_first(shop: Shop) -> None:
    shop.write("personas/gold.yaml", "customer: {tier: gold, lifetime_orders: 9, state: NY}")
    shop.test("a: {persona: gold, lifetime_orders: 3, state: null}")
    (ann,) = rows(shop)
    assert (ann["tier"], ann["lifetime_orders"], ann["state"]) == ("gold", 3, None)


def test_rows_take_the_place_of_a_table(shop: Shop) -> None:
    shop.test("a: {store: x}", more="data: {stores: [{id: x, name: Here}]}")
    (store,) = rows(shop, "stores")
    assert (store["id"], store["name"], store["city"]) == ("x", "Here", None)


def test_rows_of_a_relation_belong_to_their_customer(shop: Shop) -> None:
    with_purchases(shop)
    shop.write("personas/fan.yaml", "customer: {tier: gold}\ndata: {purchases: [{total: 2}]}")
    shop.test("a: {persona: fan, purchases: [{total: 5}]}", more="data: {purchases: []}")
    owners = [(row["customer_id"], row["total"]) for row in rows(shop, "purchases")]
    assert sorted(owners) == [("a", 2), ("a", 5)]
    assert "purchases" not in rows(shop)[0]


def test_mistakes_and_their_places(shop: Shop) -> None:
    shop.write("personas/gold.yaml", "customer: {tier: golden}")
    shop.test(
        """
        a: {lifetime_order: 3}
        b: {persona: golf}
        c: {persona: gold}
        d: {id: x}
        """,
        more="data: {shops: [{id: x}], stores: [{nam: x}], customers: [{id: z}]}",
    )
    assert shop.findings() == [
        ("HB475", 4, 7),
        ("HB474", 5, 16),
        ("HB476", 1, 18),
        ("HB476", 7, 7),
        ("HB475", 10, 8),
        ("HB475", 10, 36),
        ("HB475", 10, 46),
    ]
    hints = [each.hint for each in shop.prepared()[1]]
    assert hints[:3] == [
        "did you mean `lifetime_orders`?",
        "did you mean `gold`?",
        "did you mean `gold`?",
    ]


def test_rows_without_a_key_are_numbered(shop: Shop) -> None:
    with_purchases(shop)
    shop.write("personas/fan.yaml", "customer: {tier: gold}\ndata: {purchases: [{total: 2}]}")
    shop.test(
        """
        a: {persona: fan, purchases: [{total: 5}, {total: 5}, {total: 7, line: 2}]}
        b: {persona: fan}
        """,
        more="data: {purchases: [{customer_id: a, total: 9}], stores: [{name: x}, {name: y}]}",
    )
    found = [(row["customer_id"], row["line"], row["total"]) for row in rows(shop, "purchases")]
    ann = [("a", 1, 5), ("a", 2, 7), ("a", 3, 5), ("a", 4, 2), ("a", 5, 9)]
    assert sorted(found) == [*ann, ("b", 1, 2)]
    assert [row["id"] for row in rows(shop, "stores")] == ["000001", "000002"]


def test_rows_that_cannot_be_told_apart_are_mistakes(shop: Shop) -> None:
    with_purchases(shop)
    shop.test(
        "a: {purchases: [{total: 5, line: 1}, {total: 6, line: 1}]}",
        more="data: {purchases: [{line: 1, total: 3}, {customer_id: null, line: 2}]}",
    )
    assert shop.findings() == [("HB476", 7, 20), ("HB476", 4, 40)]
    nobody, twice = shop.prepared()[1]
    assert nobody.message == "this row of `purchases` belongs to no customer"
    assert nobody.hint == "customer_id: …"
    assert twice.message == "two rows of `purchases` have the same key: a, 1"
    assert twice.hint == "leave `line` out, and the rows are numbered"


def test_a_key_that_is_no_number_is_asked_for(shop: Shop) -> None:
    with_purchases(shop, key="[customer_id, day]")
    shop.test("a: {purchases: [{total: 5}, {total: 6, day: 2026-11-02}]}")
    assert shop.findings() == [("HB476", 4, 19)]
    (lacking,) = shop.prepared()[1]
    assert lacking.message == "a row of `purchases` needs its `day`"


def test_a_relation_is_a_list_of_rows(shop: Shop) -> None:
    with_purchases(shop)
    shop.test("a: {purchases: [5]}")
    assert shop.findings() == [("HB476", 4, 18)]


def with_purchases(shop: Shop, key: str = "[customer_id, line]") -> None:
    customer = shop.folder / "schemas/customer.schema.json"
    relation = (
        '"purchases": {"type": "array", "maxItems": 100, '
        '"x-relation": {"dataset": "purchases", "key": "customer_id"}},\n    "state"'
    )
    customer.write_text(customer.read_text().replace('"state"', relation, 1))
    shop.write(
        "schemas/data/purchases.schema.json",
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "purchases", "type": "object", "required": ["customer_id", "total"],
          "properties": {
            "customer_id": {"type": "string", "maxLength": 40},
            "line": {"type": "integer", "minimum": 1, "maximum": 1000},
            "day": {"type": "string", "format": "date"},
            "total": {"type": "integer", "minimum": 0, "maximum": 1000}
          }
        }
        """.strip(),
    )
    tenant = shop.folder / "tenants/fresh-fields/tenant.yaml"
    text = tenant.read_text().replace("data:\n", f"data:\n  purchases: {{key: {key}}}\n", 1)
    tenant.write_text(text)
