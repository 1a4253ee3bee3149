"""The deal of households: deterministic, complete, and with the flaws that real exports have."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import duckdb
import pytest

from handbill.cli.demo import households
from handbill.cli.demo.households import HouseholdDataMissing, deal_households, household_data
from handbill.cli.demo.retailers import SAMPLE_RETAILERS

TODAY = datetime.date(2026, 11, 29)


@pytest.fixture(scope="module")
def dealt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("dealt")
    deal_households(root, today=TODAY)
    return root


def ask(root: Path, question: str) -> list[tuple[object, ...]]:
    """Rows of a question about `customers`, all retailers together, `tenant` among the columns."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE VIEW customers AS SELECT *, parse_path(filename)[-2] AS tenant"
            f" FROM read_parquet('{root}/*/customers.parquet', filename = true)"
        )
        return connection.execute(question).fetchall()


def digests(root: Path) -> dict[str, str]:
    return {
        file.parent.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in root.glob("*/customers.parquet")
    }


def test_every_household_goes_to_exactly_one_retailer(dealt: Path) -> None:
    assert ask(dealt, "SELECT count(*), count(DISTINCT id) FROM customers") == [(2469, 2469)]
    tenants = ask(dealt, "SELECT DISTINCT tenant FROM customers ORDER BY tenant")
    assert [tenant for (tenant,) in tenants] == sorted(r.name for r in SAMPLE_RETAILERS)


def test_the_same_inputs_give_the_same_bytes(dealt: Path, tmp_path: Path) -> None:
    counts = deal_households(tmp_path, today=TODAY)
    assert digests(tmp_path) == digests(dealt)
    assert sum(counts.values()) == 2469


def test_another_day_gives_other_dates(dealt: Path, tmp_path: Path) -> None:
    deal_households(tmp_path, today=TODAY + datetime.timedelta(days=1))
    assert digests(tmp_path) != digests(dealt)
    question = "SELECT max(last_order_on), min(days_since_last_order) FROM customers"
    assert ask(dealt, question)[0][0] == TODAY
    assert ask(tmp_path, question)[0] == (TODAY + datetime.timedelta(days=1), 0)


def test_the_figures_are_those_of_the_baskets(dealt: Path) -> None:
    lines = household_data() / "transactions.parquet"
    wrong = ask(
        dealt,
        f"""SELECT id FROM customers JOIN (
            SELECT 'h' || lpad(household_id::VARCHAR, 4, '0') AS id,
                count(DISTINCT basket_id) AS orders, round(sum(sales_value), 2) AS spend
            FROM '{lines}' GROUP BY household_id
        ) USING (id)
        WHERE lifetime_orders <> 0 AND (lifetime_orders <> orders
            OR abs(lifetime_spend - spend) > 0.005)""",
    )
    assert wrong == []


def test_orders_of_the_last_quarter_agree_with_the_last_order(dealt: Path) -> None:
    wrong = ask(
        dealt,
        "SELECT id FROM customers WHERE (orders_90d > 0) <> "
        "(coalesce(days_since_last_order, 9999) < 90)",
    )
    assert wrong == []


def test_every_address_is_reserved_for_examples(dealt: Path) -> None:
    question = "SELECT email FROM customers WHERE email IS NOT NULL AND email NOT LIKE '%.example'"
    assert ask(dealt, question) == []
    odd = r"SELECT email FROM customers WHERE NOT regexp_full_match(email, '[a-z0-9.]+@[a-z.-]+')"
    assert ask(dealt, odd) == []


def test_some_values_are_missing_as_in_life(dealt: Path) -> None:
    for column in ("first_name", "email", "phone", "store", "locale", "timezone", "last_order_on"):
        (row,) = ask(dealt, f"SELECT count(*) FILTER ({column} IS NULL) FROM customers")
        assert 0 < int(str(row[0])) < 1500, column


def test_each_retailer_has_a_few_flawed_rows(dealt: Path) -> None:
    flawed = ask(
        dealt,
        """SELECT tenant, count(*) FILTER (isnan(average_basket)), count(*) FILTER (points < 0),
            count(*) FILTER (length(last_name) > 60), count(*) FILTER (state IS NULL),
            count(*) FILTER (length(first_name) > 40), count(*) FILTER (store = 'closed-store')
        FROM customers GROUP BY tenant""",
    )
    assert len(flawed) == 8
    assert all(counts == (1, 1, 1, 1, 1, 1) for _, *rest in flawed for counts in [tuple(rest)])


def test_each_retailer_has_lapsed_customers(dealt: Path) -> None:
    lapsed = ask(
        dealt,
        "SELECT tenant, count(*) FROM customers"
        " WHERE lifetime_orders >= 3 AND days_since_last_order > 35 GROUP BY tenant",
    )
    assert len(lapsed) == 8
    assert all(int(str(count)) >= 10 for _, count in lapsed)


def test_favorites_are_few_and_declared(dealt: Path) -> None:
    (row,) = ask(dealt, "SELECT max(len(favorite_departments)) FROM customers")
    assert row == (5,)
    outside = ask(
        dealt,
        "SELECT DISTINCT tenant FROM customers WHERE list_contains(favorite_departments, 'fuel')",
    )
    assert outside == [("prairie-pantry",)]


def test_without_the_data_set_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(households, "PACKAGE", "no_such_package")
    with pytest.raises(HouseholdDataMissing, match="demo"):
        deal_households(tmp_path, today=TODAY)


def of_baskets(root: Path, question: str) -> list[tuple[object, ...]]:
    """Rows of a question about `purchases`, `products`, `recommendations` and `customers`."""
    with duckdb.connect() as connection:
        for table in households.TABLES:
            connection.execute(
                f"CREATE VIEW {table} AS SELECT *, parse_path(filename)[-2] AS tenant"
                f" FROM read_parquet('{root}/*/{table}.parquet', filename = true)"
            )
        return connection.execute(question).fetchall()


def test_every_purchase_belongs_to_a_customer_and_has_a_line_number_of_its_own(
    dealt: Path,
) -> None:
    wrong = "SELECT count(*) FROM purchases ANTI JOIN customers ON customer_id = id"
    assert of_baskets(dealt, wrong) == [(0,)]
    twice = "SELECT 1 FROM purchases GROUP BY customer_id, line HAVING count(*) > 1"
    assert of_baskets(dealt, twice) == []
    assert of_baskets(dealt, "SELECT count(*) > 1400000, max(bought_at)::DATE FROM purchases") == [
        (True, TODAY)
    ]


def test_named_products_are_on_the_retailers_own_shelf_in_its_language(dealt: Path) -> None:
    missing = (
        "SELECT DISTINCT product FROM purchases WHERE product IS NOT NULL"
        " AND (tenant, product) NOT IN (SELECT (tenant, id) FROM products)"
    )
    assert of_baskets(dealt, missing) == []
    milk = "SELECT tenant, name FROM products WHERE name_es = 'Leche' ORDER BY tenant"
    names = dict(of_baskets(dealt, milk))
    assert names["fresh-fields"] == "Milk" and names["marche-boreal"] == "Lait"


def test_recommendations_are_what_was_bought_on_the_most_days(dealt: Path) -> None:
    wrong = """
        WITH days AS (
            SELECT customer_id, product, count(DISTINCT bought_at::DATE) AS days FROM purchases
            WHERE bought_at::DATE > DATE '2026-11-29' - 180 GROUP BY ALL
        )
        SELECT r.customer_id FROM recommendations AS r
        JOIN recommendations AS s ON s.customer_id = r.customer_id AND s.rank = r.rank + 1
        JOIN days AS a ON a.customer_id = r.customer_id AND a.product = r.product
        JOIN days AS b ON b.customer_id = s.customer_id AND b.product = s.product
        WHERE a.days < b.days OR b.days < 2"""
    assert of_baskets(dealt, wrong) == []
    assert of_baskets(dealt, "SELECT max(rank), min(rank) FROM recommendations") == [(8, 1)]
