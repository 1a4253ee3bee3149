"""Customers in a Parquet file, by DuckDB: every column of the sample vocabulary that counts.

A third of the optional values is missing, spend is a double and baskets are decimals, favourites
are lists, names are not ASCII, and one row in a few thousand holds what no plan may use.
"""

from __future__ import annotations

from pathlib import Path


def write_customers(path: Path, count: int) -> None:
    """Writes `count` customers. The same count gives the same file contents."""
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as database:
        database.execute(_RANDOM)
        database.execute(f"COPY ({_CUSTOMERS.format(count=count)}) TO '{path}' (FORMAT parquet)")


_RANDOM = """
CREATE TEMP MACRO r(i, n) AS CAST(hash(i, n) % 1000000007 AS BIGINT)
"""
"""The n-th random number of row i."""

_CUSTOMERS = """
SELECT
    'c' || lpad(i::VARCHAR, 9, '0') AS id,
    CASE WHEN r(i, 1) % 10 < 1 THEN NULL
         ELSE ['Ann', 'José', 'Zoë', 'Mei', 'Renée', 'Bob', 'Łukasz'][1 + r(i, 1) % 7] END AS first_name,
    ['O''Brien', 'Núñez', 'Smith', 'Tremblay', 'Wong'][1 + r(i, 2) % 5] AS last_name,
    'customer' || i || '@mail.example' AS email,
    CASE WHEN r(i, 3) % 3 = 0 THEN NULL ELSE '+1518' || lpad((i % 10000000)::VARCHAR, 7, '0') END AS phone,
    CASE WHEN r(i, 4) % 4 = 0 THEN NULL
         ELSE ['America/New_York', 'America/Chicago', 'America/Denver'][1 + r(i, 4) % 3] END AS timezone,
    CASE WHEN r(i, 5) % 3 = 0 THEN NULL ELSE 'en-US' END AS locale,
    CASE WHEN r(i, 6) % 5 = 0 THEN []::VARCHAR[]
         ELSE ['email.promotions', 'email.service', 'sms.promotions'][:1 + r(i, 6) % 3] END AS consent,
    CASE WHEN r(i, 7) % 20 = 0 THEN ['email.weekly-ad'] ELSE []::VARCHAR[] END AS declined,
    ['NY', 'VT', 'MA', 'CT', 'NH', 'ME', 'PA', 'NJ'][1 + r(i, 8) % 8] AS state,
    DATE '2026-12-01' - (r(i, 9) % 3000)::INTEGER AS joined_on,
    (r(i, 10) % 80)::INTEGER AS lifetime_orders,
    (r(i, 11) % 20)::INTEGER AS orders_90d,
    CASE WHEN r(i, 12) % 3 = 0 THEN NULL
         ELSE DATE '2026-12-01' - (r(i, 12) % 400)::INTEGER END AS last_order_on,
    CASE WHEN r(i, 12) % 3 = 0 THEN NULL ELSE (4 + r(i, 12) % 400)::INTEGER END AS days_since_last_order,
    CASE WHEN r(i, 13) % 5000 = 0 THEN 'NaN'::DOUBLE
         WHEN r(i, 13) % 5001 = 0 THEN -1.0
         ELSE (r(i, 13) % 60000) / 100.0 END AS spend_90d,
    ((r(i, 14) % 3000000) / 100.0)::DECIMAL(12, 2) AS lifetime_spend,
    ((r(i, 15) % 15000) / 100.0)::DECIMAL(10, 2) AS average_basket,
    list_transform(range((r(i, 16) % 6)::BIGINT), lambda n:
        ['bakery', 'dairy', 'deli', 'meat', 'produce', 'wine', 'snacks'][1 + (r(i, 16) + n) % 7]
    ) AS favorite_departments,
    CASE WHEN r(i, 17) % 4001 = 0 THEN 'platinum'
         ELSE ['basic', 'silver', 'gold'][1 + r(i, 17) % 3] END AS loyalty_tier,
    (r(i, 18) % 5000)::BIGINT AS points,
    r(i, 19) % 50 = 0 AS is_employee,
    CASE WHEN r(i, 20) % 3 = 0 THEN NULL ELSE (1 + r(i, 20) % 5)::INTEGER END AS household_size,
    ['s1', 's2', 's3'][:1 + r(i, 21) % 3] AS near_stores,
    (r(i, 22) % 90)::INTEGER AS coupons_redeemed
FROM range({count}) AS numbers(i)
"""
