"""The corner shop with a relation: what its customers bought."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
from corner_shop import FILES, NOON, Shop, unindent

from handbill_runtime.stages.audience import Candidate, candidates
from handbill_runtime.stages.customers import Customers, open_customers

DAY = date(2026, 12, 5)
DRAFT = "https://json-schema.org/draft/2020-12/schema"
PURCHASES = {
    "title": "purchases",
    "description": "test",
    "type": "object",
    "required": ["customer_id", "line", "bought_at", "total"],
    "properties": {
        "customer_id": {"type": "string", "maxLength": 40},
        "line": {"type": "integer", "minimum": 1, "maximum": 1000},
        "bought_at": {"type": "string", "format": "date-time"},
        "total": {"type": "number", "multipleOf": 0.01, "minimum": 0, "maximum": 1000},
        "store": {"type": "string", "maxLength": 40, "x-references": "stores"},
        "zone": {"type": "string", "maxLength": 40},
    },
}
RELATION = {
    "type": "array",
    "maxItems": 3,
    "x-relation": {"dataset": "purchases", "key": "customer_id", "time": "bought_at"},
}
ROWS = """
    ('ann', 2, TIMESTAMP '2026-12-04 09:00', 12.5, 'main', 'Asia/Tokyo'),
    ('ann', 1, TIMESTAMP '2026-12-01 09:00', 30.0, NULL, NULL),
    ('bob', 1, TIMESTAMP '2026-01-01 09:00', 99.99, 'main', NULL)
"""


def with_purchases(shop: Shop) -> Shop:
    """The corner shop, and what its customers bought."""
    customer = json.loads(FILES["schemas/customer.schema.json"])
    customer["properties"]["purchases"] = RELATION
    shop.write("schemas/customer.schema.json", json.dumps(customer))
    shop.write("schemas/data/purchases.schema.json", json.dumps({"$schema": DRAFT, **PURCHASES}))
    tenant = unindent(FILES["tenants/corner/tenant.yaml"])
    shop.write(
        "tenants/corner/tenant.yaml",
        tenant.replace(
            "  stores:", "  purchases: {key: [customer_id, line], fresh: 2 days}\n  stores:"
        ),
    )
    bought(shop, ROWS)
    return shop


def bought(shop: Shop, rows: str) -> Path:
    path = shop.root / "data/corner/purchases.parquet"
    names = "customer_id, line, bought_at, total, store, zone"
    duckdb.connect().sql(f"COPY (FROM (VALUES {rows}) AS t({names})) TO '{path}' (FORMAT parquet)")
    moment = NOON.timestamp()
    os.utime(path, (moment, moment))
    return path


def campaign(
    shop: Shop, audience: str, subject: str = "Double points", name: str = "points"
) -> None:
    shop.campaign(
        name,
        f"""
        category: promotions
        status: active
        trigger: {{at: 2026-12-05T12:00, timezone: tenant}}
        audience: "{audience}"
        message:
          email: {{subject: "{subject}", template: mail.html}}
        """,
    )


@contextmanager
def opened(shop: Shop) -> Iterator[Customers]:
    root = f"file://{shop.root}/data/{{tenant}}"
    with open_customers(shop.compiled().tenant, root, NOON) as customers:
        yield customers


def found(shop: Shop, name: str = "points") -> dict[str, Candidate]:
    with opened(shop) as customers:
        chunks = list(candidates(shop.plan(name), customers, DAY))
    return {one.recipient.customer: one for chunk in chunks for one in chunk}
