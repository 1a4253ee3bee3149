"""Rows of the relation `purchases` and of the list `cart`, as the row back end holds them."""

from __future__ import annotations

import datetime
from typing import Any

NOON = datetime.datetime(2026, 11, 24, 12)


def bought(**given: Any) -> tuple[Any, ...]:
    """A row of purchases, its members by name in the order of the whole type."""
    row = {
        "bought_at": NOON, "coupon": None, "customer_id": "c", "department": "dairy", "id": "1",
        "online": False, "product": None, "quantity": 1, "total": 100,
    } | given  # fmt: skip
    names = (
        "bought_at", "coupon", "customer_id", "department", "id", "online", "product",
        "product.department", "product.id", "product.name", "product.store", "product.store.group",
        "product.store.id", "product.store.name", "quantity", "total",
    )  # fmt: skip
    return tuple(row.get(name.replace(".", "_"), row.get(name)) for name in names)


def line(
    name: str, price: int, note: str | None = None, tags: tuple[str, ...] = ()
) -> tuple[Any, ...]:
    return (name, note, price, tags)


ROWS = (
    bought(id="1", total=500, coupon="x", product="p", product_name="Milk"),
    bought(id="2", total=5000, online=True, quantity=2, department="bakery"),
    bought(id="3", total=7000, coupon="y", quantity=4, bought_at=NOON - datetime.timedelta(90)),
)
